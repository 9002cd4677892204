namespace HyperVDash.Agent.Collect;

/// <summary>
/// How many questions one host is asked at a time, by all reads together. Slow lanes always leave a place to the fast ones, so that a class that hangs among them
/// delays no state; and old hosts are asked less at a time.
/// </summary>
internal sealed class HostRoom(int parallel) : IDisposable
{
    private readonly (SemaphoreSlim All, SemaphoreSlim Slow) _new = (new(parallel), new(Math.Max(1, parallel - 1)));
    private readonly (SemaphoreSlim All, SemaphoreSlim Slow) _old = (new(Math.Min(2, parallel)), new(1));

    /// <summary>The older Hyper-V namespace answers.</summary>
    public bool IsOld { get; set; }

    /// <summary>Waits for a place; leave it by disposing.</summary>
    public async Task<IDisposable> EnterAsync(bool isSlow, CancellationToken cancellationToken)
    {
        var (all, slow) = IsOld ? _old : _new;
        if (!isSlow)
        {
            await all.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Place(all, null);
        }

        await slow.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await all.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Place(all, slow);
        }
        catch (OperationCanceledException)
        {
            slow.Release();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var gate in (SemaphoreSlim[])[_new.All, _new.Slow, _old.All, _old.Slow])
        {
            gate.Dispose();
        }
    }

    private sealed class Place(SemaphoreSlim all, SemaphoreSlim? slow) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            slow?.Release();
        }
    }
}
