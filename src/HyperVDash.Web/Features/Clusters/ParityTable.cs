using System.Collections.Immutable;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Switches;

namespace HyperVDash.Web.Features.Clusters;

/// <summary>Switch names × nodes of one cluster, near-misses named.</summary>
public sealed record ParityTable(ImmutableArray<ParityRow> Rows)
{
    public static ParityTable Of(ClusterSubject cluster)
    {
        var names = cluster.Members.Where(m => m.Host is not null).SelectMany(m => SwitchNames.Of(m.Host!)).Select(s => s.Name).Distinct(StringComparer.Ordinal).ToList();
        var used = SwitchNames.Used(cluster);
        return new(
        [
            .. names.Concat(used.Select(u => u.Key)).Distinct(StringComparer.Ordinal).Where(n => used[n].Any() || !IsNearMiss(n, used)).OrderByDescending(n => used[n].Count()).ThenBy(n => n, StringComparer.Ordinal)
                .Select(n => Row(n, used[n].Count(), cluster)),
        ]);
    }

    private static ParityRow Row(string name, int users, ClusterSubject cluster)
    {
        ImmutableArray<ParityCell> cells = [.. cluster.Members.Select(m => Cell(name, m))];
        // Everywhere the same and nowhere bound: a VM that moves finds the name and loses its network.
        return new(name, users, users > 0 && !cells.Any(c => c.Type == SwitchType.External)
            ? [.. cells.Select(c => c.Type is SwitchType.Internal or SwitchType.Private ? c with { State = ParityState.Unbound, Words = $"{c.Words}, ends at this node" } : c)]
            : cells);
    }

    // A misspelt name that nobody uses stands in the row of the name it was meant to be.
    private static bool IsNearMiss(string name, ILookup<string, UsedSwitch> used) => SwitchNames.NearMatch(name, used.Select(u => u.Key)) is not null;

    private static ParityCell Cell(string name, HyperVDash.Rules.Engine.ClusterMember member)
    {
        if (member.Host is null)
        {
            return new(member.Node.Name, ParityState.NotRead, "read by no agent");
        }

        if (!member.Host.Reading.Switches.IsReadable())
        {
            return new(member.Node.Name, ParityState.NotRead, member.Host.Reading.Switches.Attempt.Reason ?? "not read yet");
        }

        var here = SwitchNames.Of(member.Host).ToList();
        if (here.Find(s => s.Name.Equals(name, StringComparison.Ordinal)) is { } found)
        {
            return new(member.Node.Name, ParityState.Same, found.Type == SwitchType.Unknown ? "type not said" : found.Type.ToString().ToLowerInvariant()) { Type = found.Type };
        }

        return SwitchNames.NearMatch(name, here.Select(s => s.Name)) is { } near
            ? new(member.Node.Name, ParityState.Near, $"'{HyperVDash.Rules.VisibleText.Of(near)}': {SwitchNames.Difference(name, near)}")
            : new(member.Node.Name, ParityState.Missing, "no such switch");
    }
}

/// <param name="Users">Clustered VMs that use the name.</param>
public sealed record ParityRow(string Name, int Users, ImmutableArray<ParityCell> Cells);

public sealed record ParityCell(string Node, ParityState State, string Words)
{
    /// <summary>Of the switch that has the name; null if none has.</summary>
    public SwitchType? Type { get; init; }
}

public enum ParityState
{
    Same,
    Near,
    Missing,
    NotRead,

    /// <summary>The name is there, but as a switch that ends at this node.</summary>
    Unbound,
}
