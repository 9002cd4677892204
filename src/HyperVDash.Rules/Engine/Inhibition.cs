using System.Collections.Frozen;
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

    private static readonly Lazy<FrozenDictionary<string, RuleCard>> Cards = new(() => RuleCatalogue.All.Select(r => r.Card).ToFrozenDictionary(c => c.Id, StringComparer.Ordinal));

    // Rules whose findings can explain others.
    private static readonly Lazy<FrozenSet<string>> Explaining = new(() => RuleCatalogue.All.SelectMany(r => r.Card.ExplainedBy).Select(e => e.RuleId).Concat([NotRead, ServiceStopped]).ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Over all findings that are shown together, since a cluster's can be explained by a host's.</summary>
    public static ImmutableArray<Finding> Mark(ImmutableArray<Finding> findings)
    {
        var causes = new Dictionary<string, InhibitingFindings>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            // A service that runs but starts by hand explains nothing.
            if (Explaining.Value.Contains(finding.RuleId) && (finding.RuleId != ServiceStopped || (finding.OriginalSeverity ?? finding.Severity) == Severity.Critical))
            {
                if (!causes.TryGetValue(finding.RuleId, out var ofRule))
                {
                    causes[finding.RuleId] = ofRule = new();
                }

                ofRule.Add(finding);
            }
        }

        var marked = findings.ToBuilder();
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < marked.Count; i++)
        {
            ids.Clear();
            if (causes.Count > 0)
            {
                AddCauses(marked[i], causes, ids);
            }

            if (ids.Count > 0 || !marked[i].InhibitedBy.IsEmpty)
            {
                marked[i] = marked[i] with { InhibitedBy = [.. ids] };
            }
        }

        return marked.DrainToImmutable();
    }

    private static void AddCauses(Finding effect, Dictionary<string, InhibitingFindings> causes, SortedSet<string> ids)
    {
        if (effect.RuleId == NotRead)
        {
            return;
        }

        if (causes.TryGetValue(NotRead, out var notRead))
        {
            notRead.AddOnHostOf(effect, isItselfToo: true, ids);
        }

        if (!Cards.Value.TryGetValue(effect.RuleId, out var card))
        {
            return;
        }

        if (causes.TryGetValue(ServiceStopped, out var stopped) && OfTheService.Contains(card.Sections[0], StringComparer.Ordinal))
        {
            stopped.AddOnHostOf(effect, isItselfToo: true, ids);
        }

        foreach (var explanation in card.ExplainedBy)
        {
            if (causes.TryGetValue(explanation.RuleId, out var ofRule))
            {
                ofRule.AddRelated(effect, explanation.By, ids);
            }
        }
    }
}
