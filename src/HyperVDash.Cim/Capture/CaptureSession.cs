using System.Collections.Immutable;
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
        var compared = condition?.Columns().ToList() ?? [];
        var columns = query.Columns.IsEmpty ? null : query.Columns.Concat(compared).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (entry, filter) in Find(query, condition, compared))
        {
            if (entry.Error is { } error)
            {
                throw new CimException(error.Kind, error.Message, error.Code);
            }

            if (entry.At is { } at)
            {
                file.Clock.MoveTo(at);
            }

            using var rows = file.Rows(entry, columns).GetEnumerator();
            while (Next(rows))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (filter(rows.Current))
                {
                    yield return rows.Current;
                }
            }
        }
    }

    public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return file.FindCall(call) switch
            {
                null => Task.FromException<CimReply>(new CimException(CimErrorKind.NotRecorded, $"The call {call.Class}.{call.Method} is not in this capture.")),
                { Error: { } error } => Task.FromException<CimReply>(new CimException(error.Kind, error.Message, error.Code)),
                var recorded => Task.FromResult(recorded.Reply),
            };
        }
        catch (CaptureException changed)
        {
            return Task.FromException<CimReply>(Changed(changed));
        }
    }

    /// <summary>The file was whole when it was opened; whoever writes into it now takes that away.</summary>
    private static bool Next(IEnumerator<CimRow> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (CaptureException changed)
        {
            throw Changed(changed);
        }
    }

    private static CimException Changed(CaptureException changed) => new(CimErrorKind.Protocol, changed.Message, null, changed);

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

    private List<(CaptureEntry Entry, Func<CimRow, bool> Filter)> Find(CimQuery query, WqlCondition? condition, List<string> compared)
    {
        var entries = file.Entries
            .Where(e => e.Namespace.Equals(query.Namespace, StringComparison.OrdinalIgnoreCase) && e.Class.Equals(query.Class, StringComparison.OrdinalIgnoreCase))
            .OrderBy(e => e.Error is null ? 0 : 1)
            .ToList();
        // What was asked with just this filter is younger than the class read whole, and the last of its answers the youngest.
        if ((entries.FindLast(e => e is { Where: not null, Error: null } && e.Answers(query, compared)) ?? entries.Find(e => e.Answers(query, compared))) is { } entry)
        {
            // An entry that was filtered holds only what the filter let through.
            return [(entry, entry.Where is not null || condition is null ? _ => true : row => condition.IsTrue(name => Value(row, name)) == true)];
        }

        return ByName(entries, query, condition, compared) ?? throw new CimException(CimErrorKind.NotRecorded, entries.Count == 0
            ? $"{query.Class} is not in this capture."
            : $"{query.Class} is in this capture, but not with the columns or the filter asked for here.");
    }

    /// <summary>The entries that together name every instance that is asked for by name; null if one is missing. Which names went into one question is chance.</summary>
    private static List<(CaptureEntry Entry, Func<CimRow, bool> Filter)>? ByName(List<CaptureEntry> entries, CimQuery query, WqlCondition? condition, List<string> compared)
    {
        if (WqlNames.Of(condition) is not { } asked)
        {
            return null;
        }

        var missing = asked.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new List<(CaptureEntry, Func<CimRow, bool>)>();
        foreach (var entry in entries.Where(e => e.Names is { } names && names.Column.Equals(asked.Column, StringComparison.OrdinalIgnoreCase) && e.Holds(query, compared)))
        {
            var here = missing.Where(entry.Names!.Values.Contains).ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (here.Count > 0)
            {
                missing.ExceptWith(here);
                found.Add((entry, row => row.String(asked.Column) is { } name && here.Contains(name)));
            }
        }

        return missing.Count == 0 ? found : null;
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
