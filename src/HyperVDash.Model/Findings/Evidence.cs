namespace HyperVDash.Model.Findings;

/// <summary>A fact a verdict rests on. An instant, not an age: an age would change with every look.</summary>
/// <param name="Fact">What was read, in the admin's words, e.g. <c>System locale</c>.</param>
/// <param name="Value">The value found, with its unit; "not said" where the host sent none.</param>
public sealed record Evidence(string Fact, string Value)
{
    /// <summary>The value a healthy object has; null where the fact is only context.</summary>
    public string? Expected { get; init; }

    /// <summary>CIM source, e.g. <c>Win32_OperatingSystem.OSLanguage</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The host it was read from, and the section; null for facts of the engine.</summary>
    public string? HostId { get; init; }

    /// <summary>JSON name of the section it was read in.</summary>
    public string? Section { get; init; }

    /// <summary>When that section was read.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}
