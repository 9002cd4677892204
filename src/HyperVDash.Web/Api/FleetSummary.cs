using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Api;

/// <summary>Answer of <c>GET /api/fleet</c>.</summary>
/// <param name="IsReading">The first reading is under way. When it is over, hosts may still be unknown: see <paramref name="IsFullyKnown"/>.</param>
/// <param name="IsFullyKnown">Every host was read whole and lately, every check was made and every agent answers: only then do no findings mean health.</param>
/// <param name="Origin"><c>lab</c>, <c>capture</c> or <c>host</c>.</param>
internal sealed record FleetSummary(
    DateTimeOffset At, bool IsReading, bool IsFullyKnown, int ExpectedHosts, int Hosts, int VirtualMachines, int Clusters, int Findings, int UnknownChecks, string Origin)
{
    /// <summary>Findings that somebody answers for until a day; they are not among <see cref="Findings"/>.</summary>
    public int AcceptedFindings { get; init; }

    public IReadOnlyList<AgentLink> Agents { get; init; } = [];

    public static FleetSummary Of(FleetView fleet) => new(
        fleet.At, fleet.IsFirstReading, fleet.IsFullyKnown, fleet.ExpectedHosts, fleet.Hosts.Length, fleet.VirtualMachines.Length, fleet.Clusters.Length, fleet.Findings.Length,
        fleet.UnknownChecks, fleet.OriginWord)
    {
        AcceptedFindings = fleet.Accepted.Length,
        Agents = [.. fleet.Agents],
    };
}
