using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>Says which sections are due. Topology is due early when a VM's change token moved, or VMs came or went.</summary>
public sealed class LaneSchedule(CollectorOptions options, TimeProvider time)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);

    private const string Disks = "virtualDisks";

    private readonly Lock _gate = new();
    private readonly Dictionary<Lane, DateTimeOffset> _due = [];
    private DateTimeOffset? _disksDue;
    private string? _tokens;
    private DateTimeOffset _blockedUntil;
    private int _unreachable;

    /// <summary>Names of the sections to read now; empty if none is due.</summary>
    public IReadOnlyList<string> Due(HostReading reading)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return now < _blockedUntil ? [] : [.. reading.Sections().Where(s => now >= _due.GetValueOrDefault(s.Lane) || (s.Name == Disks && now >= _disksDue)).Select(s => s.Name)];
        }
    }

    /// <summary>Those of the slow lanes alone, or those of the others.</summary>
    public IReadOnlyList<string> Due(HostReading reading, bool isSlow) => SlowLanes.Part(Due(reading), isSlow);

    /// <summary>When something will be due, given nothing changes.</summary>
    public DateTimeOffset NextDue
    {
        get
        {
            lock (_gate)
            {
                return Unblocked(_due.Count == 0 ? time.GetUtcNow() : Earlier(_due.Values.Min(), _disksDue));
            }
        }
    }

    /// <summary>The same of the slow lanes alone, or of the others.</summary>
    public DateTimeOffset NextDueOf(bool isSlow)
    {
        lock (_gate)
        {
            var lanes = SectionLens.All.Select(l => l.Lane).Distinct().Where(l => SlowLanes.Has(l) == isSlow).Min(l => _due.GetValueOrDefault(l));
            return Unblocked(isSlow ? Earlier(lanes, _disksDue) : lanes);
        }
    }

    private DateTimeOffset Unblocked(DateTimeOffset next) => next > _blockedUntil ? next : _blockedUntil;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;

    /// <summary>Notes what was read. A lane that was read whole is due again after its interval, counted from the start of the read.</summary>
    /// <param name="isSignInRefused">Leaves the account alone for a while.</param>
    /// <param name="isUnreachable">Nothing could be reached: 15 s until the next try, then twice as long each time.</param>
    public void Read(HostReading reading, IReadOnlyCollection<string> sections, DateTimeOffset startedAt, bool isSignInRefused, bool isUnreachable = false)
    {
        lock (_gate)
        {
            Note(reading, sections, startedAt, isSignInRefused, isUnreachable);
        }
    }

    private void Note(HostReading reading, IReadOnlyCollection<string> sections, DateTimeOffset startedAt, bool isSignInRefused, bool isUnreachable)
    {
        if (sections.Contains(Disks, StringComparer.OrdinalIgnoreCase))
        {
            // Files that wait are read at once; in trouble, a little later.
            _disksDue = reading.VirtualDisks is not { Content.Waiting: > 0 } disks ? null
                : disks.Attempt.State == SectionState.Complete ? time.GetUtcNow() : time.GetUtcNow() + Retry;
        }

        // A section that somebody had read out of turn must not put off its neighbours.
        foreach (var lane in reading.Sections().GroupBy(s => s.Lane).Where(g => g.All(s => sections.Contains(s.Name, StringComparer.OrdinalIgnoreCase))))
        {
            var interval = options.IntervalOf(lane.Key);
            bool hasFailed = lane.Any(s => s.Section.Attempt.State == SectionState.Failed);
            // A host that was away for a minute must not stay unknown for a day. Whoever was refused at the door has read nothing.
            _due[lane.Key] = startedAt + (isSignInRefused ? TimeSpan.Zero : hasFailed && interval > Retry ? Retry : interval);
        }

        string tokens = string.Join('|', (reading.VirtualMachines.Content?.Items ?? []).Select(v => $"{v.Id}{v.ConfigurationChangedAt?.UtcTicks}"));
        if (_tokens is not null && tokens != _tokens && !sections.Contains("devices", StringComparer.OrdinalIgnoreCase))
        {
            _due[Lane.Topology] = time.GetUtcNow();
        }

        _tokens = tokens;
        var now = time.GetUtcNow();
        if (isUnreachable && now < _blockedUntil)
        {
            // The other lanes were on the way, or somebody asked in between: one silence.
            return;
        }

        _unreachable = isUnreachable ? _unreachable + 1 : 0;
        _blockedUntil = isSignInRefused ? startedAt + options.SignInPause
            : isUnreachable ? now + Shorter(FirstPause * Math.Pow(2, Math.Min(_unreachable - 1, 16)), options.UnreachablePause)
            : default;
    }
}
