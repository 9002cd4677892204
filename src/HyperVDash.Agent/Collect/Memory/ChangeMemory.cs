namespace HyperVDash.Agent.Collect.Memory;

/// <summary>When a value was seen to change. Other than "since when", the first look at it is no change.</summary>
internal static class ChangeMemory
{
    /// <summary>Notes the value as it is now.</summary>
    public static SeenChange Of(HostMemory memory, string key, string value, DateTimeOffset now)
    {
        var known = memory.Recall<Look>(key);
        var look = known is null ? new Look(value, now, null, null)
            : known.Value == value ? known with { At = now }
            : new Look(value, now, now, known.At);
        memory.Keep(key, look, now);
        return new SeenChange(look.SeenAt, look.OtherUntil);
    }

    private sealed record Look(string Value, DateTimeOffset At, DateTimeOffset? SeenAt, DateTimeOffset? OtherUntil);
}

/// <param name="SeenAt">First look at the present value; null before it was seen to change.</param>
/// <param name="OtherUntil">Last look at the value before; what started earlier has read that one.</param>
internal sealed record SeenChange(DateTimeOffset? SeenAt, DateTimeOffset? OtherUntil);
