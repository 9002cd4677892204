using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Api;

/// <summary>Answer of <c>GET /api/fleet</c>.</summary>
/// <param name="IsReading">Some host was not tried yet; nothing may be called healthy.</param>
/// <param name="Origin"><c>lab</c>, <c>capture</c> or <c>host</c>.</param>
internal sealed record FleetSummary(
    DateTimeOffset At, bool IsReading, int ExpectedHosts, int Hosts, int VirtualMachines, int Clusters, int Findings, int UnknownChecks, string Origin)
{
    public IReadOnlyList<AgentLink> Agents { get; init; } = [];

    public static FleetSummary Of(FleetView fleet) => new(
        fleet.At, fleet.IsFirstReading, fleet.ExpectedHosts, fleet.Hosts.Length, fleet.VirtualMachines.Length, fleet.Clusters.Length, fleet.Findings.Length,
        fleet.UnknownChecks, fleet.OriginWord)
    {
        Agents = [.. fleet.Agents],
    };
}
