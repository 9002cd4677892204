namespace HyperVDash.Cim.Capture;

/// <summary>The time at which a capture was taken.</summary>
public sealed class CaptureClock : TimeProvider
{
    private DateTimeOffset _now;

    public override DateTimeOffset GetUtcNow() => _now;

    internal void MoveTo(DateTimeOffset at) => _now = at;
}
