using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Performance;

/// <summary>
/// Summary information of all VMs: a query from 2016 on; a method before, unless a 2012 or 2012 R2 host lists it all the same. The method's answer is one envelope that cannot be pulled in parts,
/// so where all VMs do not fit it is asked for halves, and halves of those.
/// </summary>
internal sealed class SummaryQuestion(TableReader reader, CollectorOptions options, TimeProvider time)
{
    // Name, EnabledState, ProcessorLoad, MemoryUsage, Heartbeat, UpTime, MemoryAvailable.
    private static readonly long[] Codes = [0, 100, 101, 103, 104, 105, 112];

    // AvailableMemoryBuffer; and of the newer namespace SwapFilesInUse and MemorySpansPhysicalNumaNodes.
    private static readonly long[] CodesV1 = [.. Codes, 113];
    private static readonly long[] CodesV2 = [.. Codes, 113, 120, 123];

    private const int QueryableFrom = 14393;

    /// <summary>Until when a host that lists none for its VMs is not asked for the list again.</summary>
    private DateTimeOffset _listsNoneUntil = DateTimeOffset.MinValue;

    public async Task<Table> AskAsync(ICimSession session, TableSet tables, HostFacts host, CancellationToken cancellationToken)
    {
        if (!host.IsV1)
        {
            bool isSure = host.Build is null or >= QueryableFrom;
            var queried = isSure || time.GetUtcNow() >= _listsNoneUntil ? await reader.ReadAsync(session, Plan.Summaries, cancellationToken).ConfigureAwait(false) : null;
            if (queried is not null && (isSure ? !queried.IsAbsent : (queried.IsRead && queried.Rows.Any(IsTold)) || queried.Error is { Kind: CimErrorKind.Unreachable }))
            {
                return queried;
            }

            // One that lists nothing of use, or thinks it over until the time is up, is asked by the method for a while.
            if (queried is { Error.Kind: CimErrorKind.Timeout } || (queried is { IsRead: true } && Contradictions.HasVirtualMachines(tables, host)))
            {
                _listsNoneUntil = time.GetUtcNow() + options.AbsentMemory;
            }
        }

        var service = await reader.ReadAsync(session, Plan.ManagementService(host), cancellationToken).ConfigureAwait(false);
        if (service.Rows.FirstOrDefault() is not { } row)
        {
            return service.IsRead
                ? new Table([], new CimException(CimErrorKind.AccessDenied, $"{session.Target} shows no management service to this account. {HyperVRights.Local}"))
                : service;
        }

        var call = new CimCall(host.HyperV, "Msvm_VirtualSystemManagementService", "GetSummaryInformation")
        {
            Keys = System.Collections.Immutable.ImmutableDictionary.CreateRange(
                new[] { "CreationClassName", "Name", "SystemCreationClassName", "SystemName" }.Select(k => KeyValuePair.Create(k, row.String(k) ?? ""))),
            Timeout = options.TableTimeout,
        };
        var rows = new List<CimRow>();
        try
        {
            await CallAsync(session, call, null, tables, host, rows, cancellationToken).ConfigureAwait(false);
            return new Table(rows, null);
        }
        catch (CimException error)
        {
            return new Table([], error);
        }
    }

    /// <summary>Something is in it beside the VM's name.</summary>
    private static bool IsTold(CimRow row) => row.Int64("ProcessorLoad") is not null || row.Int64("MemoryUsage") is not null || row.Int64("Heartbeat") is not null;

    private static async Task CallAsync(
        ICimSession session, CimCall call, IReadOnlyList<CimPath>? some, TableSet tables, HostFacts host, List<CimRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await session.InvokeAsync(call with
            {
                Arguments =
                [
                    new("SettingData", CimType.ReferenceArray, some),
                    new("RequestedInformation", CimType.UInt32Array, host.IsBeforeRelease ? Codes : host.IsV1 ? CodesV1 : CodesV2),
                ],
            }, cancellationToken).ConfigureAwait(false);
            if (reply.ReturnValue is not (0 or null))
            {
                throw new CimException(reply.ReturnValue == 32769 ? CimErrorKind.AccessDenied : CimErrorKind.Protocol,
                    $"GetSummaryInformation of {session.Target} answered {reply.ReturnValue}.");
            }

            rows.AddRange(reply.Out.EmbeddedList("SummaryInformation") ?? []);
        }
        catch (CimException tooLarge) when (tooLarge.Code is 0x80338026 or 0x80338035 or 0x80338047 or 0x80338048 or 0x80338049)
        {
            var all = some ?? SettingPaths(tables, host);
            if (all.Count < 2)
            {
                throw;
            }

            await CallAsync(session, call, [.. all.Take(all.Count / 2)], tables, host, rows, cancellationToken).ConfigureAwait(false);
            await CallAsync(session, call, [.. all.Skip(all.Count / 2)], tables, host, rows, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<CimPath> SettingPaths(TableSet tables, HostFacts host) =>
    [
        .. SettingsRows.Active(tables[Plan.Settings(host)].Rows, host.IsV1).Values
            .Select(r => new CimPath("Msvm_VirtualSystemSettingData") { Keys = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("InstanceID", r.String("InstanceID")!) }),
    ];
}
