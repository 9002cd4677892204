using System.Runtime.CompilerServices;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect;

/// <summary>One read's way to a host: each question waits until there is room for it. The session itself belongs to the collector.</summary>
internal sealed class RoomSession(ICimSession session, HostRoom room, bool isSlow) : ICimSession
{
    public string Target => session.Target;

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = await room.EnterAsync(isSlow, cancellationToken).ConfigureAwait(false);
        await foreach (var row in session.QueryAsync(query, cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        using var place = await room.EnterAsync(isSlow, cancellationToken).ConfigureAwait(false);
        return await session.InvokeAsync(call, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
