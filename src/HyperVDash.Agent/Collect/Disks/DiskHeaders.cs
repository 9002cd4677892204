using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Disks;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>Asks the image service for the headers of files, one after the other: it opens each file, and a storage that is in trouble is slow to say so.</summary>
internal sealed class DiskHeaders(FollowUp follow)
{
    private const string Service = "Msvm_ImageManagementService";
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan[] Polls = [TimeSpan.Zero, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private ImmutableDictionary<string, string>? _keys;
    private int _silent;

    /// <summary>Method calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Those of them that the service answered, whatever it said.</summary>
    public int Answers { get; private set; }

    /// <summary>Why it makes no sense to ask for more files now; null while it does.</summary>
    public CimException? Lost { get; private set; }

    /// <summary>The first answer that could not be used, though others can; null: every one could.</summary>
    public CimException? Trouble { get; private set; }

    private bool IsV1 => follow.Host.IsV1;

    /// <summary>The note with the header as it is now, or with the reason why it could not be read.</summary>
    public async Task<DiskNote> ReadAsync(string path, DiskNote note, CancellationToken cancellationToken)
    {
        var now = follow.Time.GetUtcNow();
        var answer = await AskAsync(IsV1 ? "GetVirtualHardDiskInfo" : "GetVirtualHardDiskSettingData", path, again: true, cancellationToken).ConfigureAwait(false);
        note = note with { TriedAt = now, ErrorCode = answer.Code, Error = answer.Error };
        if (answer.Reply is { } reply)
        {
            note = reply.Out.Embedded(IsV1 ? "Info" : "SettingData") is { } header
                ? DiskHeader.Read(note, header, IsV1) with { HeaderAt = now, SizeThen = note.ListedSize, ModifiedThen = note.ModifiedAt }
                : note with { Error = "The image service answered without a header that can be read." };
        }

        if (note.ListedSize is null && note.Error is null)
        {
            note = await WithSizeAsync(path, note, cancellationToken).ConfigureAwait(false);
        }

        // Opens the whole chain for reading; a file without a parent was opened just now.
        if (note is { Error: null, Type: VirtualDiskType.Differencing })
        {
            var chain = await AskAsync("ValidateVirtualHardDisk", path, again: false, cancellationToken).ConfigureAwait(false);
            note = note with { ValidationCode = chain.Reply is not null ? 0 : chain.Code };
        }
        else
        {
            note = note with { ValidationCode = null };
        }

        return note;
    }

    /// <summary>The size of a file that cannot be listed.</summary>
    public async Task<DiskNote> WithSizeAsync(string path, DiskNote note, CancellationToken cancellationToken)
    {
        if (IsV1)
        {
            return note;
        }

        var state = await AskAsync("GetVirtualHardDiskState", path, again: true, cancellationToken).ConfigureAwait(false);
        return state.Reply?.Out.Embedded("State") is { } row ? note with { ToldSize = DiskHeader.Size(row, "FileSize") }
            : state.Code is { } code ? note with { ErrorCode = code, Error = state.Error } : note;
    }

    /// <param name="again">The answer is in the call's own reply, so that it is called once more when its job has ended.</param>
    private async Task<(CimReply? Reply, long? Code, string? Error)> AskAsync(string method, string path, bool again, CancellationToken cancellationToken)
    {
        var (reply, error) = await CallAsync(method, path, cancellationToken).ConfigureAwait(false);
        if (reply is { ReturnValue: DiskErrors.JobStarted })
        {
            long? code = await EndOfJobAsync(reply.Out.Path("Job")?["InstanceID"], cancellationToken).ConfigureAwait(false);
            if (code is not 0)
            {
                return (null, code ?? DiskErrors.JobStarted, DiskErrors.Sentence(method, code ?? DiskErrors.JobStarted));
            }

            if (again)
            {
                (reply, error) = await CallAsync(method, path, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                return (reply, null, null);
            }
        }

        return error is not null ? (null, error.Code, error.Message)
            : reply!.ReturnValue is null or 0 ? (reply, null, null)
            : (null, reply.ReturnValue, DiskErrors.Sentence(method, reply.ReturnValue.Value));
    }

    private async Task<(CimReply? Reply, CimException? Error)> CallAsync(string method, string path, CancellationToken cancellationToken)
    {
        if (await KeysAsync(cancellationToken).ConfigureAwait(false) is not { } keys)
        {
            return (null, Lost);
        }

        Calls++;
        var (reply, error) = await follow.CallAsync(new CimCall(follow.Host.HyperV, Service, method)
        {
            Keys = keys, Arguments = [new("Path", CimType.String, path)], Timeout = CallTimeout < follow.Options.TableTimeout ? CallTimeout : follow.Options.TableTimeout,
        }, cancellationToken).ConfigureAwait(false);
        Answers += error is null ? 1 : 0;
        Trouble ??= error;
        _silent = error?.Kind == CimErrorKind.Timeout ? _silent + 1 : 0;
        if (error is { Kind: CimErrorKind.AccessDenied or CimErrorKind.Unreachable or CimErrorKind.NotRecorded or CimErrorKind.NoSuchClassOrProperty or CimErrorKind.NoSuchNamespace } || _silent > 1)
        {
            Lost = error;
        }

        return (reply, error);
    }

    private async Task<ImmutableDictionary<string, string>?> KeysAsync(CancellationToken cancellationToken)
    {
        if (_keys is not null || Lost is not null)
        {
            return _keys;
        }

        var query = Plan.ImageService(follow.Host);
        var service = follow.Tables[query] is { IsRead: true, Rows.Count: > 0 } known ? known : await follow.AskAsync(query, cancellationToken).ConfigureAwait(false);
        if (service.Rows.FirstOrDefault() is { } row)
        {
            _keys = ImmutableDictionary.CreateRange(query.Columns.Select(k => KeyValuePair.Create(k, row.String(k) ?? "")));
        }
        else
        {
            Lost = service.Error ?? new CimException(CimErrorKind.AccessDenied, $"{follow.Target} shows no image management service to this account. {HyperVRights.Local}");
        }

        return _keys;
    }

    /// <returns>0 if it ended well, why it did not, or null if it did not end while it was watched.</returns>
    private async Task<long?> EndOfJobAsync(string? id, CancellationToken cancellationToken)
    {
        foreach (var pause in id is null ? [] : Polls)
        {
            await Task.Delay(pause, follow.Time, cancellationToken).ConfigureAwait(false);
            var table = await follow.ReadAsync(Plan.Job(follow.Host, id!), cancellationToken).ConfigureAwait(false);
            if (table.Rows.FirstOrDefault() is not { } job)
            {
                return null;
            }

            switch (job.Int32("JobState"))
            {
                case 7:
                    return 0;
                case 8 or 9 or 10:
                    return DiskErrors.OfJob(job);
                default:
                    break;
            }
        }

        return null;
    }
}
