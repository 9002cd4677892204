using System.Collections.Immutable;
using HyperVDash.Rules;

namespace HyperVDash.Web.Fleet;

/// <summary>A host to which several targets lead: all are read, and it is shown once.</summary>
/// <param name="HostId">Id of the host that they all told.</param>
/// <param name="Targets">Who reads it under which key, in the order of the agents; at least two.</param>
public sealed record DoubleTarget(string HostId, ImmutableArray<(string Agent, string Key)> Targets)
{
    /// <summary>One agent has it twice, which nobody means; two agents may share a host on purpose, so that one can fail.</summary>
    public bool IsOfOneAgent => Targets.GroupBy(t => t.Agent, StringComparer.OrdinalIgnoreCase).Any(a => a.Count() > 1);

    /// <summary>What leads where, and what to do, in sentences.</summary>
    /// <param name="host">Name of the host.</param>
    public string Words(string host)
    {
        var agents = Targets.GroupBy(t => t.Agent, StringComparer.OrdinalIgnoreCase).ToList();
        string all = string.Join(", and ", agents.Select(a => $"{(a.Count() == 1 ? "target" : "targets")} {And(a.Select(t => t.Key))} of agent {VisibleText.Of(a.Key)}"));
        string next = IsOfOneAgent
            ? $"Remove {(Targets.Length == 2 ? "one of the two" : "all but one")} from Agent:Targets in the settings of {(agents.Count == 1 ? "that agent" : "those agents")}"
            : $"If one agent is enough, remove {(Targets.Length == 2 ? "one of the two" : "all but one")} from Agent:Targets in that agent's settings";
        return $"{char.ToUpperInvariant(all[0])}{all[1..]} lead to one host, {VisibleText.Of(host)}, which is shown once. {next}; if they are different machines, they tell the same machine UUID and name.";
    }

    private static string And(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(n => VisibleText.Of(n))];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
