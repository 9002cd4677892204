using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>Puts what an agent's event carries into the reading known so far. A section of a newer agent is passed over.</summary>
internal static class SectionMerge
{
    public static HostReading Take(HostReading to, HostReading from, string name) =>
        SectionLens.Find(name) is { } lens ? lens.Set(to, lens.Get(from)) : to;

    /// <summary>"Read again, unchanged": only times move.</summary>
    public static HostReading Pulse(HostReading reading, SectionPulse pulse)
    {
        if (SectionLens.Find(pulse.Name) is not { } lens || lens.Get(reading) is not { } section || section.Attempt.State != pulse.State)
        {
            return reading;
        }

        return lens.Set(reading, section with { ReadAt = pulse.ReadAt ?? section.ReadAt, Attempt = section.Attempt with { At = pulse.At ?? section.Attempt.At } });
    }
}
