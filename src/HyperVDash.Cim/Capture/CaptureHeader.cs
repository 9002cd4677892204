namespace HyperVDash.Cim.Capture;

/// <summary>What a capture says of itself, before the answers.</summary>
/// <param name="Host">The host's name.</param>
public sealed record CaptureHeader(string Host)
{
    /// <summary>The format this program writes, and the newest it reads.</summary>
    public const string Format = "hyperv-capture/1";

    public DateTimeOffset? CapturedAt { get; init; }

    public string? CapturedBy { get; init; }

    /// <summary>True if names were replaced before the file was passed on.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>The door the host was read through; null in files of other writers.</summary>
    public string? Door { get; init; }

    /// <summary>Where that door led; never a credential.</summary>
    public string? Target { get; init; }

    /// <summary><c>lab</c> if a lab server answered, so that a demo is never taken for a host.</summary>
    public string? Origin { get; init; }
}
