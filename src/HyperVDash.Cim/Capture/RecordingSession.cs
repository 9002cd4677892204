using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using HyperVDash.Cim.Wql;

namespace HyperVDash.Cim.Capture;

/// <summary>
/// Passes questions on to a host and writes down what it answered. Classes are read whole, so that a later version finds
/// columns in the file that this one does not ask for; only classes with rows without end, or with columns that cost the host much, stay cut.
/// </summary>
public sealed class RecordingSession(ICimSession inner, CaptureWriter writer, TimeProvider time) : ICimSession
{
    private static readonly FrozenSet<string> Filtered = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Win32_NTLogEvent", "SoftwareLicensingProduct", "Win32_Processor", "CIM_DataFile", "Win32_Process", "Win32_Service");

    private readonly ConcurrentDictionary<string, bool> _written = new(StringComparer.OrdinalIgnoreCase);

    public string Target => inner.Target;

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isFiltered = Filtered.Contains(query.Class) || query.Class.StartsWith("Win32_PerfFormattedData_", StringComparison.OrdinalIgnoreCase);
        var asked = isFiltered ? query : query with { Columns = [], Where = null };
        var rows = new List<CimRow>();
        try
        {
            await foreach (var row in inner.QueryAsync(asked, cancellationToken).ConfigureAwait(false))
            {
                rows.Add(row);
            }
        }
        catch (CimException error)
        {
            await WriteAsync(asked, [], error, cancellationToken).ConfigureAwait(false);
            throw;
        }

        await WriteAsync(asked, rows, null, cancellationToken).ConfigureAwait(false);
        var filter = isFiltered || query.Where is null ? null : WqlQuery.ParseCondition(query.Where);
        foreach (var row in rows)
        {
            if (filter is null || filter.IsTrue(name => name.Equals("__CLASS", StringComparison.OrdinalIgnoreCase) ? row.ClassName : row[name]) == true)
            {
                yield return row;
            }
        }
    }

    // The first answer counts: it is the one the caller joins the others with.
    private async Task WriteAsync(CimQuery asked, IReadOnlyList<CimRow> rows, CimException? error, CancellationToken cancellationToken)
    {
        if (_written.TryAdd($"{asked.Namespace}:{asked.Wql}", true))
        {
            await writer.AddAsync(asked, rows, error, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await inner.InvokeAsync(call, cancellationToken).ConfigureAwait(false);
            await writer.AddAsync(call, reply, null, cancellationToken).ConfigureAwait(false);
            return reply;
        }
        catch (CimException error)
        {
            await writer.AddAsync(call, null, error, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
