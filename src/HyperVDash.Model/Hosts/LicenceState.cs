namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section licence: the activation of Windows (the SoftwareLicensingProduct with a partial key), read daily.</summary>
public sealed record LicenceState
{
    public LicenceStatus Status { get; init; }

    /// <summary>GracePeriodRemaining; null: the host did not say.</summary>
    public TimeSpan? GraceRemaining { get; init; }

    /// <summary>EvaluationEndDate; null if it is 1601, that is, no evaluation.</summary>
    public DateTimeOffset? EvaluationEndsAt { get; init; }

    /// <summary>An evaluation edition, by SKU or by an end date.</summary>
    public bool? IsEvaluation { get; init; }

    /// <summary>PartialProductKey: its last five characters.</summary>
    public string? PartialKey { get; init; }

    /// <summary>Localised; for people.</summary>
    public string? ProductName { get; init; }
}

/// <summary>SoftwareLicensingProduct.LicenseStatus.</summary>
public enum LicenceStatus { Unknown, Unlicensed, Licensed, InitialGrace, AdditionalGrace, NonGenuineGrace, Notification, ExtendedGrace }
