using System.Collections.Immutable;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Hosts;

/// <summary>How much of a host is known: its sections by what is known of them.</summary>
public sealed record SectionCoverage(int Complete, int Partial, int Old, int Denied, int Failed, int Absent, int Pending)
{
    public int Total => Complete + Partial + Old + Denied + Failed + Absent + Pending;

    /// <summary>Sections of which something is not known.</summary>
    public int Unknown => Total - Complete - Absent;

    /// <inheritdoc cref="HostLine.IsFullyKnown"/>
    public bool IsWhole { get; private init; }

    /// <summary>Count, word and style class of every kind that occurs, in a fixed order.</summary>
    public ImmutableArray<(int Count, string Word, string Class)> Parts =>
        [.. new[] { (Complete, "complete", ""), (Partial, "partial", "p"), (Old, "old", "s"), (Denied, "denied", "d"), (Failed, "failed", "f"), (Pending, "not read yet", "u"), (Absent, "not there", "u") }.Where(p => p.Item1 > 0)];

    public static SectionCoverage Of(HostLine host)
    {
        var known = host.Reading.Sections().CountBy(s => host.KnowledgeOf(s.Name)).ToDictionary(c => c.Key, c => c.Value);
        int Count(SectionKnowledge knowledge) => known.GetValueOrDefault(knowledge);
        return new(Count(SectionKnowledge.Whole), Count(SectionKnowledge.Partial), Count(SectionKnowledge.Old), Count(SectionKnowledge.Denied),
            Count(SectionKnowledge.Failed), Count(SectionKnowledge.NotThere), Count(SectionKnowledge.Pending)) { IsWhole = host.IsFullyKnown };
    }
}
