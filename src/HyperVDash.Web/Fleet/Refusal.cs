using System.Collections.Immutable;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>Why a host could not be read when somebody asked for it.</summary>
/// <param name="Asked">What was asked for, with the time of the newest attempt at each. Equal or not is all that is compared: clocks differ.</param>
internal sealed record Refusal(string Reason, ImmutableArray<(SectionLens Section, DateTimeOffset? TriedAt)> Asked)
{
    /// <param name="sections">JSON names, comma-separated; a name that no section has is passed over. None: the VM list stands for all.</param>
    public static Refusal Of(string reason, HostReading host, string sections)
    {
        var asked = sections.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(SectionLens.Find).OfType<SectionLens>().Distinct().ToList();
        return new(reason, [.. (asked.Count > 0 ? asked : [SectionLens.Find("virtualMachines")!]).Select(s => (s, s.Get(host).Attempt.At))]);
    }

    /// <summary>Each section that was asked for was tried since.</summary>
    public bool IsOver(HostReading newer) => Asked.All(a => a.Section.Get(newer).Attempt.At is { } at && at != a.TriedAt);
}
