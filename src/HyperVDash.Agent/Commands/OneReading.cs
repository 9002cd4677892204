using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Commands;

/// <summary>Reads every section of every target once.</summary>
internal static class OneReading
{
    public static async Task<IReadOnlyList<HostReading>> OfAsync(IReadOnlyList<TargetOptions> targets, TimeProvider time, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(targets.Select(t => ReadAsync(t, time, cancellationToken))).ConfigureAwait(false)).OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase)];

    /// <summary>A host whose VM list could not be read.</summary>
    public static bool IsUnread(HostReading reading) => reading.VirtualMachines.Attempt.State is SectionState.Denied or SectionState.Failed or SectionState.Pending;

    /// <summary>Sections that a better right, way or moment would tell.</summary>
    public static IEnumerable<NamedSection> Gaps(HostReading reading) =>
        reading.Sections().Where(s => s.Section.Attempt.State is not (SectionState.Complete or SectionState.Absent or SectionState.Off or SectionState.Unsupported));

    /// <summary>Sections that the release of the host has no words for.</summary>
    public static IEnumerable<NamedSection> Unsaid(HostReading reading) => reading.Sections().Where(s => s.Section.Attempt.State == SectionState.Unsupported);

    private static async Task<HostReading> ReadAsync(TargetOptions target, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var collector = TargetSessions.Collector(target, "once", time);
        return await collector.ReadAllAsync(cancellationToken).ConfigureAwait(false);
    }
}
