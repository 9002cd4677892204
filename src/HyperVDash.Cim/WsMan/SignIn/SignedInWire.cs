using System.Collections.Concurrent;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>Kerberos and NTLM: as many signed-in connections as questions run at a time.</summary>
internal sealed class SignedInWire(WsManTarget target, SignInMemory memory, TimeProvider time) : IWsManWire
{
    private readonly SignInDesk _desk = new(target, memory, time);
    private readonly SemaphoreSlim _room = new(4);
    private readonly ConcurrentStack<SignedInLine> _free = [];

    public async Task<WsManBytes> PostAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_free.TryPop(out var line))
        {
            line = new SignedInLine(target, _desk);
        }

        try
        {
            return await line.PostAsync(envelope, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Push(line);
            _room.Release();
        }
    }

    public void Dispose()
    {
        while (_free.TryPop(out var line))
        {
            line.Dispose();
        }

        _desk.Dispose();
        _room.Dispose();
    }
}
