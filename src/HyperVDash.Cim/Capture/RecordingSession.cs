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
        // A job begins and ends after its class was read whole, and is asked for until it ended: each answer is written down, and the last one counts.
        bool isJob = query.Class.Equals("Msvm_ConcreteJob", StringComparison.OrdinalIgnoreCase) && WqlNames.Of(query.Where is null ? null : WqlQuery.ParseCondition(query.Where)) is not null;
        bool isFiltered = isJob || Filtered.Contains(query.Class) || query.Class.StartsWith("Win32_PerfFormattedData_", StringComparison.OrdinalIgnoreCase);
        var asked = isFiltered ? query : query with { Columns = [], Where = null };
        var filter = isFiltered || query.Where is null ? null : WqlQuery.ParseCondition(query.Where);
        var layouts = new CaptureLayouts();
        string question = $"{asked.Namespace}:{asked.Wql}";
        // The first answer counts: it is the one the caller joins the others with.
        using var answer = _written.TryAdd(question, false) || isJob ? writer.Begin(asked) : null;
        try
        {
            await using var rows = inner.QueryAsync(asked, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(rows, answer, question, cancellationToken).ConfigureAwait(false))
            {
                answer?.Add(rows.Current);
                if (filter is null || filter.IsTrue(name => name.Equals("__CLASS", StringComparison.OrdinalIgnoreCase) ? rows.Current.ClassName : rows.Current[name]) == true)
                {
                    yield return query.Columns.IsEmpty ? rows.Current : Cut(rows.Current, query.Columns, layouts);
                }
            }

            if (answer is not null)
            {
                _written[question] = true;
                await answer.CompleteAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // Who stops in the middle has no answer; the next one who asks may get it.
            if (answer is not null && !_written[question])
            {
                _written.TryRemove(question, out _);
            }
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<CimRow> rows, CaptureAnswer? answer, string question, CancellationToken cancellationToken)
    {
        try
        {
            return await rows.MoveNextAsync().ConfigureAwait(false);
        }
        catch (CimException error) when (answer is not null)
        {
            _written[question] = true;
            await answer.FailAsync(error, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The caller keeps what it asked for, and no column that is only written down.</summary>
    private static CimRow Cut(CimRow row, IEnumerable<string> columns, CaptureLayouts layouts) =>
        layouts.Row(row.ClassName, [.. columns.Distinct(StringComparer.OrdinalIgnoreCase).Where(row.Has).Select(c => (c, row[c]))])!;

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
