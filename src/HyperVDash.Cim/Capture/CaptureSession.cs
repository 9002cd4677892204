using System.Runtime.CompilerServices;
using HyperVDash.Cim.Wql;

namespace HyperVDash.Cim.Capture;

/// <summary>Answers from a capture file. What the file does not hold is <see cref="CimErrorKind.NotRecorded"/>, never an empty answer.</summary>
public sealed class CaptureSession(CaptureFile file) : ICimSession
{
    /// <summary>Where the host was read, if the file says so; otherwise the host's name.</summary>
    public string Target => file.Header.Target ?? file.Header.Host;

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        var condition = Condition(query);
        var entry = Find(query, condition);
        if (entry.Error is { } error)
        {
            throw new CimException(error.Kind, error.Message, error.Code);
        }

        if (entry.At is { } at)
        {
            file.Clock.MoveTo(at);
        }

        // An entry that was filtered holds only what the filter let through.
        var filter = entry.Where is null ? condition : null;
        foreach (var row in file.Rows(entry))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filter is null || filter.IsTrue(name => Value(row, name)) == true)
            {
                yield return row;
            }
        }
    }

    public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return file.FindCall(call) switch
        {
            null => Task.FromException<CimReply>(new CimException(CimErrorKind.NotRecorded, $"The call {call.Class}.{call.Method} is not in this capture.")),
            { Error: { } error } => Task.FromException<CimReply>(new CimException(error.Kind, error.Message, error.Code)),
            var recorded => Task.FromResult(recorded.Reply),
        };
    }

    private static WqlCondition? Condition(CimQuery query)
    {
        try
        {
            return query.Where is null ? null : WqlQuery.ParseCondition(query.Where);
        }
        catch (WqlException mistake)
        {
            throw new CimException(CimErrorKind.Protocol, $"The query {query.Wql} cannot be read: {mistake.Message}.", 0x80041017, mistake);
        }
    }

    private CaptureEntry Find(CimQuery query, WqlCondition? condition)
    {
        var entries = file.Entries
            .Where(e => e.Namespace.Equals(query.Namespace, StringComparison.OrdinalIgnoreCase) && e.Class.Equals(query.Class, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var columns = condition?.Columns().ToList() ?? [];
        return entries.Where(e => e.Answers(query, columns)).OrderBy(e => e.Error is null ? 0 : 1).FirstOrDefault()
            ?? throw new CimException(CimErrorKind.NotRecorded, entries.Count == 0
                ? $"{query.Class} is not in this capture."
                : $"{query.Class} is in this capture, but not with the columns or the filter asked for here.");
    }

    private object? Value(CimRow row, string name) => name.ToUpperInvariant() switch
    {
        "__CLASS" => row.ClassName,
        "__SERVER" => file.Header.Host,
        _ => row[name],
    };

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
