namespace HyperVDash.Model.Fleet;

/// <summary>Where a reading's answers came from; a demo is never mistaken for reality.</summary>
public enum Origin
{
    Unknown,

    /// <summary>A real host.</summary>
    Host,

    /// <summary>The lab server that answers like a host.</summary>
    Lab,

    /// <summary>A capture file.</summary>
    Capture,
}
