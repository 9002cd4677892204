using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>What a rule looks at, one at a time.</summary>
public enum RuleScope { Host, VirtualMachine, Drive, NetworkAdapter, Switch, Cluster, Farm }

/// <summary>How many samples a rule waits for.</summary>
public enum RuleKind
{
    /// <summary>One sample opens and one clears.</summary>
    Configuration,

    /// <summary>Two samples at least 20 s apart open, two clear: states come and go.</summary>
    State,
}

/// <summary>What a rule says about itself; rule page, dashboard and docs all print this.</summary>
/// <param name="Id">The catalogue's id, never reused.</param>
/// <param name="Name">Kebab-case name of the catalogue.</param>
public sealed record RuleCard(string Id, string Name, RuleScope Scope, RuleKind Kind)
{
    public required string Title { get; init; }

    /// <summary>What it breaks, in two sentences.</summary>
    public required string Why { get; init; }

    /// <summary>How to mend it, in general; a finding fills in the names.</summary>
    public required string Fix { get; init; }

    /// <summary>When it does not fire although it looks like it should.</summary>
    public required string Quiet { get; init; }

    /// <summary>
    /// JSON names of the sections its verdicts rest on. Each read of the first one is a sample: two of them open a <see cref="RuleKind.State"/> rule.
    /// </summary>
    public required ImmutableArray<string> Sections { get; init; }

    /// <summary>Sections it looks at only to word a finding, to grade it or to stay quiet: without them it still tells right from wrong.</summary>
    public ImmutableArray<string> Mentions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Rules whose findings explain this one's: it is then shown as "because of …", and still counted.</summary>
    public ImmutableArray<Explanation> ExplainedBy { get; init => field = value.IsDefault ? [] : value; } = [];

    public required ImmutableArray<Severity> Severities { get; init; }

    /// <summary>How sure the check itself is, 0 to 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Where the rule comes from.</summary>
    public required string Origin { get; init; }
}
