namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>The activation of a host's Windows.</summary>
public sealed record LabLicence
{
    /// <summary>LicenseStatus: 1 is licensed.</summary>
    public uint Status { get; init; } = 1;

    public uint GraceMinutes { get; init; }

    /// <summary>Null: no evaluation.</summary>
    public DateTimeOffset? EvaluationEndsAt { get; init; }

    /// <summary>OperatingSystemSKU; null: the edition of the release.</summary>
    public int? Sku { get; init; }

    public string PartialKey { get; init; } = "8XDDG";
}
