using System.Runtime.CompilerServices;
using HyperVDash.Cim;

namespace HyperVDash.Fuzz.Seeds;

/// <summary>Keeps the texts of all rows and replies that pass.</summary>
internal sealed class ListeningSession(ICimSession inner, HashSet<string> texts) : ICimSession
{
    private readonly Lock _gate = new();

    public string Target => inner.Target;

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in inner.QueryAsync(query, cancellationToken).ConfigureAwait(false))
        {
            Keep(row);
            yield return row;
        }
    }

    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var reply = await inner.InvokeAsync(call, cancellationToken).ConfigureAwait(false);
        Keep(reply.Out);
        return reply;
    }

    private void Keep(CimRow row)
    {
        lock (_gate)
        {
            foreach (string name in row.Names)
            {
                texts.UnionWith(row.Strings(name) ?? []);
                // A reference came as elements; this is how a property would hold it.
                texts.UnionWith((row.Paths(name) ?? []).Select(p => $@"\\HOST\root\virtualization\v2:{p}"));
            }
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
