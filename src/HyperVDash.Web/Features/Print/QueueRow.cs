using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Print;

namespace HyperVDash.Web.Features.Print;

/// <summary>One shared queue on all nodes of a farm, side by side.</summary>
/// <param name="Differing">Names of what is not the same everywhere.</param>
public sealed record QueueRow(string ShareName, ImmutableArray<QueueCell> Cells, ImmutableArray<string> Differing)
{
    /// <summary>Every node has it, alike.</summary>
    public bool IsEqual => Differing.IsEmpty && Cells.All(c => c.Queue is not null);

    private static readonly (string Name, Func<PrintQueue, string?> Of)[] Compared =
    [
        ("name", q => q.Name), ("driver", q => q.Driver), ("driver model", q => q.DriverVersion), ("driver file", q => q.DriverFileVersion),
        ("printer", q => q.PortAddress ?? q.Port), ("port number", q => q.PortNumber?.ToString(CultureInfo.InvariantCulture)), ("LPR queue", q => q.PortQueue),
        ("processor", q => q.PrintProcessor), ("data type", q => q.DataType), ("location", q => q.Location), ("comment", q => q.Comment),
    ];

    public static ImmutableArray<QueueRow> Of(ImmutableArray<PrintFarmNode> nodes) =>
    [
        .. nodes.SelectMany(n => n.Queues ?? []).Select(q => q.ShareName).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Select(s => Row(s, nodes)),
    ];

    private static QueueRow Row(string share, ImmutableArray<PrintFarmNode> nodes)
    {
        ImmutableArray<QueueCell> cells = [.. nodes.Select(n => new QueueCell(n, n.Queues?.FirstOrDefault(q => q.ShareName.Equals(share, StringComparison.OrdinalIgnoreCase))))];
        var found = cells.Select(c => c.Queue).OfType<PrintQueue>().ToList();
        return new QueueRow(share, cells, [.. Compared.Where(c => found.Select(c.Of).Distinct(StringComparer.Ordinal).Count() > 1).Select(c => c.Name)]);
    }
}

/// <param name="Queue">Null: the node has none of that name, or was not read.</param>
public sealed record QueueCell(PrintFarmNode Node, PrintQueue? Queue)
{
    /// <summary>The node told its queues and this is none of them.</summary>
    public bool IsMissing => Queue is null && Node.Queues is not null;
}
