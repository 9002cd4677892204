using System.Collections.Immutable;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>What is not as it was when a host was examined before, said in what a <see cref="SectionReads"/> names.</summary>
internal sealed class HostDifference
{
    private HostDifference()
    {
    }

    /// <summary>Nothing of before holds: another host, other settings, a clock that was set back.</summary>
    public bool IsEverything { get; private init; }

    /// <summary>Sections that are as readable, or as unreadable, as before are not in here.</summary>
    public ulong Gates { get; private set; }

    public ulong Content { get; private set; }

    public ulong Times { get; private set; }

    /// <summary>Sections with changed rows by VM; null: none.</summary>
    public Dictionary<Guid, ulong>? Rows { get; private set; }

    public static HostDifference Everything { get; } = new() { IsEverything = true };

    private static HostDifference Nothing { get; } = new();

    public static HostDifference Between(HostSubject before, DateTimeOffset then, HostSubject host, DateTimeOffset now)
    {
        if (now < then || !IsSameHost(before.Whole, host.Whole))
        {
            return Everything;
        }

        if (ReferenceEquals(before, host) && !host.IsAnyStaleBetween(then, now))
        {
            return Nothing;
        }

        var difference = new HostDifference();
        for (int i = 0; i < SectionLens.All.Length; i++)
        {
            difference.Compare(i, before.Gate(i), then, host.Gate(i), now);
        }

        if (difference.Content != 0 && !ReferenceEquals(before, host))
        {
            var old = before.Joins;
            foreach (var (i, join) in host.Joins.Index())
            {
                if ((difference.Content & (1UL << join.Section)) != 0)
                {
                    join.Compare(old[i], vm => difference.AddRow(vm, join.Section));
                }
            }
        }

        return difference;
    }

    /// <summary>For rules that look at several hosts: what changed on any of them.</summary>
    public static HostDifference Of(IEnumerable<HostDifference> hosts)
    {
        var all = new HostDifference();
        foreach (var host in hosts)
        {
            if (host.IsEverything)
            {
                return Everything;
            }

            all.Gates |= host.Gates;
            all.Content |= host.Content;
            all.Times |= host.Times;
        }

        return all;
    }

    /// <summary>True if a verdict that rests on this may be another now, whatever its VM is.</summary>
    public bool Touches(SectionReads reads) => IsEverything || ((Gates & reads.Gates) | (Content & reads.Content) | (Times & reads.Times)) != 0;

    /// <summary>True if the content of one of these sections is another.</summary>
    public bool TouchesAny(ImmutableArray<int> sections)
    {
        foreach (int section in sections)
        {
            if (IsEverything || (Content & (1UL << section)) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameHost(HostReading a, HostReading b) =>
        a.Key == b.Key && a.Id == b.Id && a.Name == b.Name && a.Target == b.Target && a.CapturedAt == b.CapturedAt && SameFactsOf.List(a.Intervals, b.Intervals);

    private void Compare(int section, SectionGate before, DateTimeOffset then, SectionGate gate, DateTimeOffset now)
    {
        ulong bit = 1UL << section;
        if (!gate.Answers(now, before, then))
        {
            Gates |= bit;
        }

        if (ReferenceEquals(before.Section, gate.Section))
        {
            return;
        }

        if (before.Section.ReadAt != gate.Section.ReadAt || !SameFacts<Attempt>.Are(before.Section.Attempt, gate.Section.Attempt))
        {
            Times |= bit;
        }

        object? was = before.Section.AnyContent();
        object? content = gate.Section.AnyContent();
        if (!ReferenceEquals(was, content) && !SameFactsOf.Content(was, content))
        {
            Content |= bit;
        }
    }

    private void AddRow(Guid vm, int section)
    {
        Rows ??= [];
        Rows[vm] = Rows.GetValueOrDefault(vm) | (1UL << section);
    }
}
