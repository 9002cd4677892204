using System.Collections.Immutable;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>Marks findings that another one explains; they stay counted and shown as "because of …".</summary>
internal static class Inhibition
{
    // Cause → effects on the same host; null means every other rule there.
    private static readonly (string Cause, string[]? Effects)[] SameHost =
    [
        ("HVD110", null),
        ("HVD103", ["HVD111", "HVD203", "HVD204", "HVD301", "HVD401", "HVD402", "HVD403", "HVD404", "HVD405", "HVD406", "HVD407", "HVD501", "HVD504", "HVD803"]),
        ("HVD801", ["HVD803"]),
    ];

    // Cause → effects on the same VM.
    private static readonly (string Cause, string[] Effects)[] SameVm = [("HVD301", ["HVD501", "HVD504"]), ("HVD504", ["HVD501"])];

    public static ImmutableArray<Finding> Mark(ImmutableArray<Finding> findings)
    {
        var byRule = findings.ToLookup(f => f.RuleId);
        return [.. findings.Select(f => f with { InhibitedBy = [.. CausesOf(f, byRule).Select(c => c.Id).Distinct().Order(StringComparer.Ordinal)] })];
    }

    private static IEnumerable<Finding> CausesOf(Finding finding, ILookup<string, Finding> byRule)
    {
        foreach (var (cause, effects) in SameHost)
        {
            if (cause != finding.RuleId && (effects is null || effects.Contains(finding.RuleId)))
            {
                foreach (var other in byRule[cause].Where(o => o.Subject.HostId is not null && o.Subject.HostId == finding.Subject.HostId
                    && (cause != "HVD103" || o.Severity == Severity.Critical)))
                {
                    yield return other;
                }
            }
        }

        foreach (var (cause, effects) in SameVm.Where(c => c.Effects.Contains(finding.RuleId)))
        {
            foreach (var other in byRule[cause].Where(o => o.Subject.Id == finding.Subject.Id))
            {
                yield return other;
            }
        }
    }
}
