using System.Globalization;
using System.Text;
using HyperVDash.Model.Findings;
using HyperVDash.Rules;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Api;

/// <summary>
/// Answer of <c>GET /metrics</c>. A number that nobody can know yet is left out: an alarm on 0 findings must not rest on hosts that were never read, and one on a missing
/// number sees it. What is open is told at once: other hosts do not make it less.
/// </summary>
internal static class FleetMetrics
{
    public static string Of(FleetView fleet)
    {
        var text = new StringBuilder();
        void Gauge(string name, string help, IEnumerable<(string Labels, double Value)> values)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(" gauge\n");
            foreach (var (labels, value) in values)
            {
                text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        string origin = $"origin=\"{fleet.OriginWord}\"";
        Gauge("hypervdash_agent_connected", "1 if the agent answers.", fleet.Agents.Select(a => ($"agent=\"{Escape(a.Name)}\"", a.IsConnected ? 1.0 : 0)));
        Gauge("hypervdash_hosts_expected", "Hosts that agents are set to read, as far as the agents have told.", [("", fleet.ExpectedHosts)]);
        Gauge("hypervdash_hosts_tried", "Hosts whose VM list was tried at least once.", [("", fleet.TriedHosts)]);
        if (!fleet.IsFirstReading || !fleet.Findings.IsEmpty)
        {
            Gauge("hypervdash_findings", "Open findings; a severity of which none is open is left out until every host was tried that an agent speaks of.", Enum.GetValues<Severity>()
                .Select(s => (Severity: s, Count: fleet.Findings.Count(f => f.Severity == s))).Where(s => !fleet.IsFirstReading || s.Count > 0)
                .Select(s => ($"severity=\"{s.Severity.ToString().ToLowerInvariant()}\",{origin}", (double)s.Count)));
        }

        if (!fleet.IsFirstReading || !fleet.Accepted.IsEmpty)
        {
            Gauge("hypervdash_findings_accepted", "Findings that somebody answers for until a day, which are not among the open ones.", [(origin, fleet.Accepted.Length)]);
        }

        if (!fleet.IsFirstReading || fleet.UnknownChecks > 0)
        {
            Gauge("hypervdash_unknown_checks", "Checks that could not be made.", [(origin, fleet.UnknownChecks)]);
        }

        Gauge("hypervdash_host_current", "1 if the VM list was read by the newest attempt and lately.", fleet.Hosts.Select(h => ($"host=\"{Escape(h.Name)}\",{OriginOf(h)}", h.IsCurrent ? 1.0 : 0)));
        Gauge("hypervdash_section_complete", "1 if the section was read whole by the newest attempt and lately.", fleet.Hosts.SelectMany(h => h.Reading.Sections().Select(s =>
            ($"host=\"{Escape(h.Name)}\",section=\"{s.Name}\",{OriginOf(h)}", h.KnowledgeOf(s.Name) == SectionKnowledge.Whole ? 1.0 : 0))));
        return text.ToString();
    }

    private static string OriginOf(HostLine host) => $"origin=\"{host.Reading.Origin.ToString().ToLowerInvariant()}\"";

    private static string Escape(string label) => VisibleText.Of(label).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
