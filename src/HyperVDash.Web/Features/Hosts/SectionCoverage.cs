using System.Collections.Immutable;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Hosts;

/// <summary>How much of a host is known: its sections by how their newest attempt went.</summary>
public sealed record SectionCoverage(int Complete, int Partial, int Old, int Denied, int Failed, int Absent, int Pending)
{
    public int Total => Complete + Partial + Old + Denied + Failed + Absent + Pending;

    /// <summary>Everything that could be there was read whole.</summary>
    public bool IsWhole => Total == Complete + Absent;

    /// <summary>Count, word and style class of every kind that occurs, in a fixed order.</summary>
    public ImmutableArray<(int Count, string Word, string Class)> Parts =>
        [.. new[] { (Complete, "complete", ""), (Partial, "partial", "p"), (Old, "old", "s"), (Denied, "denied", "d"), (Failed, "failed", "f"), (Pending, "not read yet", "u"), (Absent, "not there", "u") }.Where(p => p.Item1 > 0)];

    public static SectionCoverage Of(HostLine host)
    {
        var states = host.Reading.Sections().Select(s => s.Section.Attempt.State).ToList();
        int Count(params ReadOnlySpan<SectionState> wanted)
        {
            int count = 0;
            foreach (var state in wanted)
            {
                count += states.Count(s => s == state);
            }

            return count;
        }

        // While its agent is silent even what was complete is only the last word.
        int complete = Count(SectionState.Complete);
        return new(host.IsCurrent ? complete : 0, Count(SectionState.Partial), host.IsCurrent ? 0 : complete, Count(SectionState.Denied),
            Count(SectionState.Failed, SectionState.Unknown), Count(SectionState.Absent, SectionState.Off, SectionState.Unsupported), Count(SectionState.Pending));
    }
}
