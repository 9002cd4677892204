using HyperVDash.Rules;

namespace HyperVDash.Web.Fleet;

/// <summary>What the first reading waits for, for every place that has nothing to show yet.</summary>
/// <param name="Title">In a sentence.</param>
/// <param name="Text">The next step, or why nothing can be said.</param>
/// <param name="Brief">In a few words, for the bar at the top.</param>
public sealed record FirstReading(string Title, string Text, string Brief)
{
    private const string Patience = "Until the first reading is here, nothing can be said.";

    public static FirstReading Of(FleetView fleet)
    {
        if (fleet.AwaitedHosts > 0)
        {
            int hosts = fleet.TriedHosts + fleet.AwaitedHosts;
            string reading = $"Reading {hosts} host{(hosts == 1 ? "" : "s")}…";
            return new(reading, Patience, reading);
        }

        string[] idle = Names(fleet.Agents.Where(a => a is { IsConnected: true, Listed: 0 }));
        string[] silent = Names(fleet.SilentAgents);
        string[] unasked = Names(fleet.Agents.Where(a => a is { IsConnected: false, IsSilent: false }));
        return (idle, silent, unasked) switch
        {
            ([], [], _) => new("Waiting for the first agent…", Patience, "Waiting for the first agent"),
            (_, _, [var first, ..]) => new($"Waiting for agent {first}…", Patience, "Waiting for an agent"),
            ([], _, _) => new($"No agent answers yet: {string.Join(", ", silent)}.", "Look whether it runs, and whether Web:Agents has its address and its token. It is asked again every few seconds.", "No agent answers"),
            _ => new(
                $"{Agents(idle)} {(idle.Length == 1 ? "is" : "are")} set to read no host.{(silent.Length == 0 ? "" : $" {Agents(silent)} {(silent.Length == 1 ? "does" : "do")} not answer.")}",
                "Name the hosts under Agent:Targets in the agent's own settings, then start the agent again.", "No host to read"),
        };
    }

    private static string[] Names(IEnumerable<AgentLink> agents) => [.. agents.Select(a => VisibleText.Of(a.Name))];

    private static string Agents(string[] names) => names is [var only] ? $"Agent {only}" : $"Agents {string.Join(", ", names[..^1])} and {names[^1]}";
}
