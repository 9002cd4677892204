namespace HyperVDash.Rules.Engine;

/// <summary>A rule whose finding explains another's, if the two are related so.</summary>
/// <param name="RuleId">The cause, e.g. <c>HVD301</c>.</param>
public sealed record Explanation(string RuleId, Relation By);

/// <summary>How cause and effect belong together.</summary>
public enum Relation
{
    /// <summary>Cause and effect are about the same object.</summary>
    SameObject,

    /// <summary>The cause is about the host of the effect, or about a host that the effect names as its cause.</summary>
    SameHost,

    /// <summary>The cause names the effect's host, or the effect's own object, as impacted.</summary>
    ImpactedHost,
}
