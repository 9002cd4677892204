using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>Lanes that are read beside the fast ones, because a file on a storage in trouble or a slow class must not delay what people watch.</summary>
internal static class SlowLanes
{
    public static bool Has(Lane lane) => lane is Lane.Host or Lane.Disks or Lane.Daily or Lane.Counters;

    /// <summary>The sections of the slow lanes, or those of the others.</summary>
    public static IReadOnlyList<string> Part(IEnumerable<string> sections, bool isSlow) =>
        [.. sections.Where(s => SectionLens.Find(s) is { } lens && Has(lens.Lane) == isSlow)];
}
