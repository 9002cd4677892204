using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>A section's second round with the host, when the first answers say what to ask next.</summary>
internal sealed class FollowUp(ICimSession session, TableReader reader, TableSet tables, HostFacts host, HostMemory memory, HostReading before, CollectorOptions options, TimeProvider time)
{
    public TableSet Tables => tables;

    public HostFacts Host => host;

    /// <summary>A section that does a bounded part of its work a read does all of it in this one.</summary>
    public bool IsWhole { get; init; }

    public HostMemory Memory => memory;

    /// <summary>The reading so far.</summary>
    public HostReading Before => before;

    public CollectorOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>Names the host in sentences.</summary>
    public string Target => session.Target;

    /// <summary>Asks for a table and puts it into the set.</summary>
    public async Task<Table> AskAsync(TableQuery query, CancellationToken cancellationToken)
    {
        tables[query] = await reader.ReadAsync(session, query, cancellationToken).ConfigureAwait(false);
        return tables[query];
    }

    /// <summary>Asks for rows that nothing else needs.</summary>
    public Task<Table> ReadAsync(TableQuery query, CancellationToken cancellationToken) => reader.ReadAsync(session, query, cancellationToken);

    /// <summary>Calls a method; an error is a value.</summary>
    public async Task<(CimReply? Reply, CimException? Error)> CallAsync(CimCall call, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.InvokeAsync(call, cancellationToken).ConfigureAwait(false), null);
        }
        catch (CimException error)
        {
            return (null, error);
        }
    }
}
