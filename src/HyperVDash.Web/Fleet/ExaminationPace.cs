namespace HyperVDash.Web.Fleet;

/// <summary>Makes one examination of many changes: the first is due at once, the next a pause after it.</summary>
internal sealed class ExaminationPace(TimeSpan pause, TimeProvider time)
{
    private long? _lookedAt;
    private bool _isDue;

    /// <summary>Something changed.</summary>
    /// <returns>How long to wait before looking; null if a look is due already.</returns>
    public TimeSpan? Change()
    {
        if (_isDue)
        {
            return null;
        }

        _isDue = true;
        var rest = _lookedAt is { } at ? pause - time.GetElapsedTime(at) : TimeSpan.Zero;
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <summary>It was looked at, with everything that changed until now.</summary>
    public void Looked() => (_isDue, _lookedAt) = (false, time.GetTimestamp());
}
