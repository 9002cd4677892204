using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Marks findings that another one explains; they stay counted and shown as "because of …". What a rule's card names, and two that hold for
/// everything: a host that is not read (HVD110) explains all of it, a stopped management service (HVD103) whatever Hyper-V's classes tell.
/// </summary>
public static class Inhibition
{
    private const string NotRead = "HVD110";
    private const string ServiceStopped = "HVD103";

    // What the management service answers.
    private static readonly string[] OfTheService = ["virtualMachines", "devices", "guests", "checkpoints", "switches", "performance", "hyperVSettings", "numa", "virtualDisks", "jobs", "liveMigration", "replicaServer"];

    private static readonly Lazy<Dictionary<string, RuleCard>> Cards = new(() => RuleCatalogue.All.Select(r => r.Card).ToDictionary(c => c.Id, StringComparer.Ordinal));

    /// <summary>Over all findings that are shown together, since a cluster's can be explained by a host's.</summary>
    public static ImmutableArray<Finding> Mark(ImmutableArray<Finding> findings)
    {
        var byRule = findings.ToLookup(f => f.RuleId, StringComparer.Ordinal);
        return [.. findings.Select(f => f with { InhibitedBy = [.. CausesOf(f, byRule).Select(c => c.Id).Distinct().Order(StringComparer.Ordinal)] })];
    }

    private static IEnumerable<Finding> CausesOf(Finding effect, ILookup<string, Finding> byRule)
    {
        if (effect.RuleId == NotRead)
        {
            return [];
        }

        var card = Cards.Value.GetValueOrDefault(effect.RuleId);
        // A service that runs but starts by hand explains nothing.
        var stopped = byRule[ServiceStopped].Where(c => (c.OriginalSeverity ?? c.Severity) == Severity.Critical);
        bool isOfTheService = card is not null && OfTheService.Contains(card.Sections[0], StringComparer.Ordinal);
        return byRule[NotRead].Where(c => IsOnHost(effect, c))
            .Concat(isOfTheService ? stopped.Where(c => IsOnHost(effect, c)) : [])
            .Concat((card?.ExplainedBy ?? []).SelectMany(e => (e.RuleId == ServiceStopped ? stopped : byRule[e.RuleId]).Where(c => c.Id != effect.Id && IsRelated(effect, c, e.By))));
    }

    private static bool IsRelated(Finding effect, Finding cause, Relation relation) => relation switch
    {
        Relation.SameHost => IsOnHost(effect, cause),
        Relation.ImpactedHost => cause.Affected.Any(a => a.Role == AffectedRole.Impacted && (a.Object.Id == effect.Subject.Id || (a.Object.Kind == ObjectKind.Host && a.Object.Id == effect.Subject.HostId))),
        _ => cause.Subject.Kind == effect.Subject.Kind && cause.Subject.Id == effect.Subject.Id,
    };

    private static bool IsOnHost(Finding effect, Finding cause) =>
        cause.Subject.HostId is { } host
        && (host == effect.Subject.HostId || effect.Affected.Any(a => a is { Role: AffectedRole.Cause, Object.Kind: ObjectKind.Host } && a.Object.Id == host));
}
