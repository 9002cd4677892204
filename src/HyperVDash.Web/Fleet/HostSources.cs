using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>
/// The agents that read one host, and whose readings count. That is one until it reads no more: two of unequal rights would else take each other's sections
/// at every reading. How old a reading is tells its agent's clock, which may be wrong; when it came tells the dashboard's.
/// </summary>
internal sealed class HostSources(TimeProvider time)
{
    private static readonly TimeSpan ShortestQuiet = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Source> _sources = new(StringComparer.OrdinalIgnoreCase);
    private string? _chosen;
    private TimeSpan _quiet = ShortestQuiet;

    public bool IsEmpty => _sources.Count == 0;

    /// <summary>Notes a reading and says whether it counts.</summary>
    public bool Takes(string name, HostReading reading)
    {
        long now = time.GetTimestamp();
        // That there is no Hyper-V is read again and again like a list.
        var list = reading.VirtualMachines;
        var readAt = list.Attempt.State == SectionState.Absent ? list.Attempt.At : list.ReadAt;
        var known = _sources.GetValueOrDefault(name);
        _sources[name] = new(readAt, readAt is null ? null : readAt == known?.ReadAt ? known?.NewsAt : now, now);
        if (_chosen is { } other && !other.Equals(name, StringComparison.OrdinalIgnoreCase) && _sources.TryGetValue(other, out var chosen) && !IsBetter(_sources[name], chosen))
        {
            return false;
        }

        _chosen = name;
        var interval = reading.Intervals.FirstOrDefault(i => i.Lane == Lane.State)?.Interval * 3 ?? ShortestQuiet;
        _quiet = interval > ShortestQuiet ? interval : ShortestQuiet;
        return true;
    }

    /// <summary>What another source says next counts, however old.</summary>
    public void Leave(string name)
    {
        _sources.Remove(name);
        _chosen = name.Equals(_chosen, StringComparison.OrdinalIgnoreCase) ? null : _chosen;
    }

    // One that reads goes before one that does not; of two that do not, one that at least says so.
    private bool IsBetter(Source source, Source chosen) => !IsLately(chosen.NewsAt) && (IsLately(source.NewsAt) || !IsLately(chosen.HeardAt));

    private bool IsLately(long? at) => at is { } then && time.GetElapsedTime(then) < _quiet;

    /// <param name="ReadAt">When it read the VM list, by its own clock.</param>
    /// <param name="NewsAt">When a newer list came, by the dashboard's; null if none ever did.</param>
    private sealed record Source(DateTimeOffset? ReadAt, long? NewsAt, long HeardAt);
}
