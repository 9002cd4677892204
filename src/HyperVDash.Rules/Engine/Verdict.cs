using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>What a rule says about one object. Only <see cref="Pass"/> is healthy.</summary>
public abstract record Verdict(string Word)
{
    // A sentence that pushes another one out of its place costs an object, and nothing else.
    private static readonly NotApplicable?[] Skipped = new NotApplicable?[512];

    /// <summary>The subject is healthy. One for all: most objects are.</summary>
    public static Pass Passed { get; } = new();

    /// <summary>The rule has nothing to say of the subject. Objects that are skipped for one reason share what is said: they are the most.</summary>
    /// <param name="reason">A sentence that is the same for all such subjects; what differs from one to the other belongs into a verdict of its own.</param>
    public static NotApplicable NotFor(string reason)
    {
        ref var place = ref Skipped[RuntimeHelpers.GetHashCode(reason) & (Skipped.Length - 1)];
        var said = place;
        return said is not null && ReferenceEquals(said.Reason, reason) ? said : place = new(reason);
    }

    /// <summary>What it is about, where that is a part of the rule's subject with an id of its own, e.g. one switch name on one node; null: the subject itself.</summary>
    public ObjectRef? Object { get; init; }

    /// <param name="Variant">Which of the rule's faults it is.</param>
    /// <param name="Title">What is wrong, in one sentence with the measured value.</param>
    public sealed record Fire(string Variant, Severity Severity, string Title) : Verdict($"fires {Severity}")
    {
        /// <summary>Separates parallel faults of one object beyond the variant, e.g. switch and node; stable, no values.</summary>
        public string Discriminator { get; init => field = value ?? ""; } = "";

        public string? Impact { get; init; }

        /// <summary>What the rule said, where the settings give another severity; a rule leaves it alone.</summary>
        public Severity? OriginalSeverity { get; init; }

        /// <summary>Who answers for it by the settings; a rule leaves it alone.</summary>
        public Acceptance? Accepted { get; init; }

        public Remedy? Remedy { get; init; }

        public ImmutableArray<Evidence> Evidence { get; init => field = value.IsDefault ? [] : value; } = [];

        public ImmutableArray<AffectedObject> Affected { get; init => field = value.IsDefault ? [] : value; } = [];
    }

    public sealed record Pass() : Verdict("passes");

    public sealed record NotApplicable(string Reason) : Verdict("does not apply to")
    {
        /// <summary>It would apply, but the settings switch the rule off; a rule leaves it alone.</summary>
        public bool IsSwitchedOff { get; init; }
    }

    /// <summary>A fact the rule needs could not be read.</summary>
    public sealed record Unknown(string Section, string Reason) : Verdict("cannot tell for")
    {
        /// <summary>Set if only this variant cannot be told, because this version does not collect what it needs; the others were examined.</summary>
        public string? Variant { get; init; }
    }
}
