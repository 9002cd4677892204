using System.Collections.Concurrent;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>Kerberos and NTLM: as many signed-in connections as questions run at a time.</summary>
internal sealed class SignedInWire(WsManTarget target, SignInMemory memory, TimeProvider time) : IWsManWire
{
    private readonly SignInDesk _desk = new(target, memory, time);
    // Never disposed: a question that outlives the session gives its place back.
    private readonly SemaphoreSlim _room = new(4);
    private readonly ConcurrentStack<SignedInLine> _free = [];
    private volatile bool _isClosed;

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
            if (_isClosed)
            {
                CloseFree();
            }
        }
    }

    /// <summary>Lines that are in use are closed by their question when it ends: a key that is taken away under it would be the library's memory used after it was freed.</summary>
    public void Dispose()
    {
        _isClosed = true;
        CloseFree();
        _desk.Dispose();
    }

    private void CloseFree()
    {
        while (_free.TryPop(out var line))
        {
            line.Dispose();
        }
    }
}
