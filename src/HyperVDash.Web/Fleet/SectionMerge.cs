using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>Puts what an agent's event carries into the reading known so far. A section of a newer agent is passed over.</summary>
internal static class SectionMerge
{
    public static HostReading Take(HostReading to, HostReading from, string name) =>
        SectionLens.Find(name) is { } lens ? lens.Set(to, Newest(lens.Get(to), lens.Get(from))) : to;

    /// <summary>
    /// A whole reading. From an agent that just started it is empty; what was known of the same host stays, old, until it is read again.
    /// </summary>
    public static HostReading Renew(HostReading? known, HostReading fresh)
    {
        if (known is null || (fresh.Id is not null && !fresh.Id.Equals(known.Id, StringComparison.OrdinalIgnoreCase)))
        {
            return fresh;
        }

        var renewed = fresh.Id is null ? fresh with { Id = known.Id, Name = known.Name } : fresh;
        return SectionLens.All.Aggregate(renewed, (reading, lens) => lens.Set(reading, Newest(lens.Get(known), lens.Get(fresh))));
    }

    /// <summary>"Read again, unchanged": only times move.</summary>
    public static HostReading Pulse(HostReading reading, SectionPulse pulse)
    {
        if (SectionLens.Find(pulse.Name) is not { } lens || lens.Get(reading) is not { } section || section.Attempt.State != pulse.State)
        {
            return reading;
        }

        return lens.Set(reading, section with { ReadAt = pulse.ReadAt ?? section.ReadAt, Attempt = section.Attempt with { At = pulse.At ?? section.Attempt.At } });
    }

    // An agent that started while the host is down has nothing to tell; that is no reason to forget what its predecessor read.
    // A host that says it has no such feature, or a section that is no longer asked for, does clear it.
    private static Section Newest(Section known, Section fresh)
    {
        bool saysNothing = fresh.Attempt.State is SectionState.Pending or SectionState.Denied or SectionState.Failed or SectionState.Unknown;
        // What was never read has nothing to keep; of a feature that was not there, that much was read.
        if (fresh.HasContent() || !saysNothing || !(known.HasContent() || known.ReadAt is not null))
        {
            return fresh;
        }

        string? reason = fresh.Attempt.Reason ?? (fresh.Attempt.State == SectionState.Pending ? "The agent started anew and has not read it yet." : null);
        return known with { Attempt = fresh.Attempt with { Reason = reason }, Revision = fresh.Revision };
    }
}
