using System.Collections.Immutable;

namespace HyperVDash.Model.Findings;

/// <summary>One fault that a rule saw in one object.</summary>
/// <param name="Id">Fingerprint: SHA-256 over rule, scope, sorted stable ids and discriminator, in hexadecimal; the id in links.</param>
/// <param name="RuleId">E.g. <c>HVD201</c>.</param>
/// <param name="Variant">Which of the rule's faults it is; one object can have several at once.</param>
public sealed record Finding(string Id, string RuleId, string Variant, Severity Severity, ObjectRef Subject)
{
    /// <summary>Separates parallel faults of one object: variant, node, switch name.</summary>
    public string Discriminator { get; init => field = value ?? ""; } = "";

    /// <summary>The rule's name in the catalogue, e.g. <c>switch-missing-on-node</c>.</summary>
    public string RuleName { get; init => field = value ?? ""; } = "";

    /// <summary>What is wrong, in one sentence with the measured value.</summary>
    public string Title { get; init => field = value ?? ""; } = "";

    /// <summary>What it breaks, e.g. "3 clustered VMs cannot fail over to HV2"; null if the rule has none.</summary>
    public string? Impact { get; init; }

    /// <summary>How to mend it on this host's release.</summary>
    public Remedy? Remedy { get; init; }

    public ImmutableArray<Evidence> Evidence { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<AffectedObject> Affected { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>0 to 1; below 0.6 it is shown as suspected.</summary>
    public double Confidence { get; init; }

    public FindingState State { get; init; }

    /// <summary>When the first sample that fired was read.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>When the newest sample that fired was read.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>The rule can no longer tell: its input is missing or old. The finding stays open.</summary>
    public bool IsStale { get; init; }

    /// <summary>Why it cannot tell; null unless stale.</summary>
    public string? StaleReason { get; init; }

    /// <summary>What the rule itself says, where the settings give another severity; null: <see cref="Severity"/> is the rule's own.</summary>
    public Severity? OriginalSeverity { get; init; }

    /// <summary>Somebody answers for it: it is no open finding that counts; null: nobody does.</summary>
    public Acceptance? Accepted { get; init; }

    /// <summary>Ids of the findings that explain this one.</summary>
    public ImmutableArray<string> InhibitedBy { get; init => field = value.IsDefault ? [] : value; } = [];
}

public enum FindingState { Unknown, Open, Resolved }

/// <summary>How to mend a fault: read, never run.</summary>
/// <param name="Text">What to do, in a sentence or two.</param>
public sealed record Remedy(string Text)
{
    /// <summary>Commands with the real names filled in; empty if there is none for this release.</summary>
    public ImmutableArray<string> Commands { get; init => field = value.IsDefault ? [] : value; } = [];

    public RemedyRisk Risk { get; init; }
}

public enum RemedyRisk { Unknown, ReadOnly, Online, NeedsVirtualMachineOff, NeedsHostRestart }
