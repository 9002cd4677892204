using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>Puts what an agent's event carries into the reading known so far. A section of a newer agent is passed over.</summary>
internal static class SectionMerge
{
    public static HostReading Take(HostReading to, HostReading from, string name) =>
        SectionLens.Find(name) is { } lens ? lens.Set(to, lens.Get(from)) : to;

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
        foreach (var lens in SectionLens.All)
        {
            if (lens.Get(fresh) is { Attempt.State: SectionState.Pending } empty && !empty.HasContent() && lens.Get(known) is var old && old.HasContent())
            {
                renewed = lens.Set(renewed, old with { Attempt = empty.Attempt with { Reason = empty.Attempt.Reason ?? "The agent started anew and has not read it yet." } });
            }
        }

        return renewed;
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
}
