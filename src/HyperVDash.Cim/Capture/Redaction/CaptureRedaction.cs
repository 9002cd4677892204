namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>
/// Replaces names, addresses, serial numbers and paths in captures, the same ones by the same everywhere and in all captures that were learnt together.
/// First every file is learnt, then, after <see cref="Close"/>, each can be written.
/// </summary>
public sealed class CaptureRedaction
{
    private readonly TextRedactor _texts = new();
    private readonly RowRedactor _rows;

    public CaptureRedaction() => _rows = new RowRedactor(_texts);

    /// <summary>Walks over everything that the capture holds.</summary>
    public void Learn(CaptureFile file)
    {
        _texts.Text(TextKind.Host, file.Header.Host);
        _texts.Message(file.Header.Target ?? "");
        foreach (var entry in file.Entries)
        {
            Where(entry);
            if (entry.Error is { } error)
            {
                _rows.Error(error);
            }

            foreach (var row in file.Rows(entry))
            {
                _rows.Row(row, entry.Class);
            }
        }

        foreach (var call in file.Calls)
        {
            _rows.Call(call);
            _rows.Reply(call);
        }
    }

    /// <summary>Everything is learnt: pseudonyms are given out.</summary>
    public void Close() => _texts.Close();

    /// <summary>What is replaced: each kind with its number of different texts and one of the pseudonyms.</summary>
    public IReadOnlyList<RedactedKind> Summary =>
    [
        .. _texts.Names.Summary.Select(k => new RedactedKind(Word(k.Kind), k.Count, k.Example)),
        .. _texts.Addresses.MacCount > 0 ? new[] { new RedactedKind("MAC addresses", _texts.Addresses.MacCount, _texts.Addresses.Example(isMac: true)) } : [],
        .. _texts.Addresses.IpCount > 0 ? new[] { new RedactedKind("IP networks", _texts.Addresses.IpCount, _texts.Addresses.Example(isMac: false)) } : [],
    ];

    /// <summary>The host of a capture as it is called from now on.</summary>
    public string HostOf(CaptureFile file) => _texts.Text(TextKind.Host, file.Header.Host);

    /// <summary>Writes the capture without what was learnt.</summary>
    /// <exception cref="IOException">There is such a file. It stays: pseudonyms are given anew each time, so it may be of another host.</exception>
    public async Task WriteAsync(CaptureFile file, string path, IProgress<CaptureProgress>? progress, CancellationToken cancellationToken)
    {
        var header = file.Header;
        await using var writer = new CaptureWriter(path, header with
        {
            Host = HostOf(file),
            Target = header.Target is null ? null : _texts.Message(header.Target),
            IsRedacted = true,
        }, progress, isNew: true);
        foreach (var entry in file.Entries)
        {
            var query = new CimQuery(entry.Namespace, entry.Class) { Columns = [.. (entry.Columns ?? []).Order(StringComparer.OrdinalIgnoreCase)], Where = Where(entry) };
            var at = entry.At ?? header.CapturedAt ?? file.Clock.GetUtcNow();
            using var answer = writer.Begin(query);
            if (entry.Error is { } error)
            {
                await answer.FailAsync(_rows.Error(error), at, cancellationToken).ConfigureAwait(false);
                continue;
            }

            foreach (var row in file.Rows(entry))
            {
                cancellationToken.ThrowIfCancellationRequested();
                answer.Add(_rows.Row(row, entry.Class));
            }

            await answer.CompleteAsync(at, cancellationToken).ConfigureAwait(false);
        }

        foreach (var call in file.Calls)
        {
            var error = call.Error is null ? null : _rows.Error(call.Error);
            if (error is not null || _rows.Reply(call) is { } reply)
            {
                await writer.AddAsync(_rows.Call(call), error is null ? _rows.Reply(call) : null, error, cancellationToken).ConfigureAwait(false);
            }
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A text as the captures hold it now: a name they have, or one with known names and addresses in it.</summary>
    public string Apply(string text) => StandardNames.IsAny(text) ? text : _texts.Names.Find(text) ?? _texts.Text(TextKind.Built, text);

    private string? Where(CaptureEntry entry) => entry.Where is null ? null : _texts.Where(entry.Where, column => KnownTexts.Of(entry.Class, column) is var kind and not TextKind.Text ? kind : TextKind.Kept);

    private static string Word(TextKind kind) => kind switch
    {
        TextKind.Host => "computers",
        TextKind.Cluster => "clusters",
        TextKind.Domain => "domains",
        TextKind.VirtualMachine => "virtual machines",
        TextKind.Switch => "switches",
        TextKind.Checkpoint => "checkpoints",
        TextKind.Adapter => "connections and adapters",
        TextKind.Group => "cluster groups and resources",
        TextKind.Network => "cluster networks and teams",
        TextKind.Volume => "volume labels",
        TextKind.Printer => "print queues",
        TextKind.Port => "printer ports",
        TextKind.Share => "shares",
        TextKind.User => "accounts",
        TextKind.Serial => "serial numbers and hardware ids",
        TextKind.PathPart => "folders and files",
        _ => "notes, messages and other texts",
    };
}

/// <summary>One kind of what is replaced.</summary>
/// <param name="Count">Different texts of the kind.</param>
/// <param name="Example">A pseudonym, never an original.</param>
public sealed record RedactedKind(string Kind, int Count, string Example);
