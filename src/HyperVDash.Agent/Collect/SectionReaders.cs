using System.Collections.Immutable;

namespace HyperVDash.Agent.Collect;

/// <summary>Every section reader. Add a section by adding its line.</summary>
internal static class SectionReaders
{
    public static ImmutableArray<ISectionReader> All { get; } =
    [
        new Disks.DiskReader(),
        new Jobs.JobReader(),
    ];

    public static IEnumerable<ISectionReader> Of(IReadOnlySet<string> wanted) => All.Where(r => wanted.Contains(r.Section));
}
