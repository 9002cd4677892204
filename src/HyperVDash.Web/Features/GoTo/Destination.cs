using System.Collections.Immutable;
using HyperVDash.Rules;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.GoTo;

/// <summary>A page that one can go to by typing part of its name.</summary>
/// <param name="Kind">VM, host, cluster, switch, rule or finding.</param>
/// <param name="Standing">Shape of how it stands; null for what has no state.</param>
public sealed record Destination(string Kind, string Text, string Detail, string Href, string? Standing)
{
    public const int Most = 30;

    /// <summary>What the text names, best first: ids and whole names, then beginnings, then parts.</summary>
    public static ImmutableArray<Destination> Find(FleetView fleet, string? text)
    {
        string wanted = text?.Trim() ?? "";
        if (wanted.Length == 0)
        {
            return [];
        }

        return
        [
            .. All(fleet).Select(d => (d.Destination, Rank: d.Texts.Select(t => Rank(t, wanted)).Min()))
                .Where(d => d.Rank is not null)
                .OrderBy(d => d.Rank).ThenBy(d => d.Destination.Text, StringComparer.OrdinalIgnoreCase).Take(Most).Select(d => d.Destination),
        ];
    }

    private static IEnumerable<(Destination Destination, string?[] Texts)> All(FleetView fleet) =>
    [
        .. fleet.Hosts.Select(h => (new Destination("Host", h.Name, h.Facts.Profile?.Profile.Name ?? "release not known", h.Href, fleet.StandingOf(h)), (string?[])[h.Name, h.Id, h.Reading.Target])),
        .. fleet.Clusters.Select(c => (new Destination("Cluster", c.Cluster.Name, string.Join(", ", c.Members.Select(m => m.Node.Name)), $"clusters/{Uri.EscapeDataString(c.Cluster.Id)}", fleet.StandingOf(c)), (string?[])[c.Cluster.Name, c.Cluster.Id, c.Cluster.Fqdn])),
        .. fleet.VirtualMachines.Select(v => (new Destination("VM", v.Vm.Name, $"on {v.Host.Name}", $"vms/{v.Vm.Id}", v.Standing), (string?[])[v.Vm.Name, v.Vm.Id.ToString(), v.Guest?.DnsName, .. v.Guest?.Addresses ?? []])),
        .. fleet.Switches.Select(s => (new Destination("Switch", s.Switch.Name, $"on {s.Host.Name}", $"switches?q={Uri.EscapeDataString(s.Switch.Name)}", null), (string?[])[s.Switch.Name, s.Switch.Id])),
        .. RuleCatalogue.All.Select(r => (new Destination("Rule", $"{r.Card.Id} {r.Card.Title}", r.Card.Name, $"rules/{r.Card.Id}", null), (string?[])[r.Card.Id, r.Card.Title, r.Card.Name])),
        .. fleet.Findings.Concat(fleet.Accepted).Select(f => (new Destination("Finding", f.Title, $"{f.RuleId} on {f.Subject.Name}", $"findings/{f.Id}", Fleet.Standing.Of(f)), (string?[])[f.Id, f.Title])),
    ];

    private static int? Rank(string? text, string wanted) =>
        text is null ? null
        : text.Equals(wanted, StringComparison.OrdinalIgnoreCase) ? 0
        : text.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) ? 1
        : text.Contains(wanted, StringComparison.OrdinalIgnoreCase) ? 2
        : null;
}
