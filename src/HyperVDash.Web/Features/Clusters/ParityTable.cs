using System.Collections.Immutable;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Switches;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Clusters;

/// <summary>Switch names × nodes of one cluster, near-misses named.</summary>
public sealed record ParityTable(ImmutableArray<ParityRow> Rows)
{
    public static ParityTable Of(ClusterSubject cluster)
    {
        var names = cluster.Members.Where(m => m.Host is not null).SelectMany(m => SwitchNames.Of(m.Host!)).Select(s => s.Name).Distinct(StringComparer.Ordinal).ToList();
        // A table shows what is known last; that it is old, its page says.
        var used = SwitchNames.Used(cluster, _ => true);
        return new(
        [
            .. names.Concat(used.Select(u => u.Key)).Distinct(StringComparer.Ordinal).Where(n => used[n].Any() || !IsNearMiss(n, used)).OrderByDescending(n => used[n].Count()).ThenBy(n => n, StringComparer.Ordinal)
                .Select(n => Row(n, used[n].Count(), cluster)),
        ]);
    }

    private static ParityRow Row(string name, int users, ClusterSubject cluster)
    {
        ImmutableArray<ParityCell> cells = [.. cluster.Members.Select(m => Cell(name, m))];
        if (cells.Where(c => c.Type is not null and not SwitchType.Unknown).GroupBy(c => c.Type).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).ToList() is [var most, _, ..])
        {
            // One name for different things: a VM finds it and is somewhere else.
            cells = [.. cells.Select(c => c.Type is { } type && type != SwitchType.Unknown && type != most.Key ? c with { State = ParityState.OtherType, Words = $"{c.Words}, elsewhere {most.Key.ToString()!.ToLowerInvariant()}" } : c)];
        }

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
            return new(member.Node.Name, ParityState.NotRead, null, "read by no agent");
        }

        if (!member.Host.Reading.Switches.IsReadable())
        {
            return new(member.Node.Name, ParityState.NotRead, null, member.Host.Reading.Switches.Attempt.Reason ?? "not read yet");
        }

        var here = SwitchNames.Of(member.Host).ToList();
        if (here.Find(s => s.Name.Equals(name, StringComparison.Ordinal)) is { } found)
        {
            return new(member.Node.Name, ParityState.Same, name, Describe(found)) { Type = found.Type };
        }

        return SwitchNames.NearMatch(name, here.Select(s => s.Name)) is { } near
            ? new(member.Node.Name, ParityState.Near, near, $"differs by {SwitchNames.Difference(name, near)}")
            : new(member.Node.Name, ParityState.Missing, null, "no switch of this name");
    }

    private static string Describe(VirtualSwitch item) => (item.Type, item.Uplinks) switch
    {
        (SwitchType.Unknown, _) => "type not said",
        (SwitchType.External, { IsEmpty: false } uplinks) => $"external, {(item.IsEmbeddedTeaming == true ? "SET " : "")}{uplinks.Length} uplink{(uplinks.Length == 1 ? "" : "s")}",
        (var type, _) => type.ToString().ToLowerInvariant(),
    };
}

/// <param name="Users">Clustered VMs that use the name.</param>
public sealed record ParityRow(string Name, int Users, ImmutableArray<ParityCell> Cells)
{
    public int Equal => Cells.Count(c => c.State == ParityState.Same);

    /// <summary>Every node has it, bound to a network.</summary>
    public bool IsEqual => Equal == Cells.Length;

    /// <summary>Shape of a cell: what nobody uses breaks nothing, and letter case alone still resolves.</summary>
    public string KindOf(ParityCell cell) => cell.State switch
    {
        ParityState.Same => Standing.Ok,
        ParityState.NotRead => Standing.Unknown,
        ParityState.OtherType => "error",
        _ when Users == 0 => "info",
        ParityState.Near when cell.Found!.Equals(Name, StringComparison.OrdinalIgnoreCase) => "warning",
        _ => "error",
    };
}

/// <param name="Found">The name that stands there; null if none does.</param>
/// <param name="Words">What it is, or what is wrong with it.</param>
public sealed record ParityCell(string Node, ParityState State, string? Found, string Words)
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

    /// <summary>The name is there, but as a switch of another type than on most nodes.</summary>
    OtherType,
}
