using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Clusters;

namespace HyperVDash.Agent.Collect.Clusters;

/// <summary>Networks between the nodes, and the nodes' interfaces on them.</summary>
internal static class ClusterNetworkReader
{
    public static ImmutableArray<ClusterNetwork>? Networks(TableSet tables) => tables[Plan.ClusterNetworks] is { IsKnown: true } table
        ?
        [
            .. from row in table.Rows
               let name = Text.Cut(row.String("Name"))
               where name is not null
               orderby name.ToUpperInvariant()
               let address = row.String("Address") ?? row.Strings("IPv4Addresses")?.FirstOrDefault()
               select new ClusterNetwork(name, ClusterWords.Network(row.Int64("State")))
               {
                   Role = row.Int32("Role"),
                   Subnet = address is not { Length: > 0 } ? null : row.String("AddressMask") is { Length: > 0 } mask ? $"{address} {mask}" : address,
                   Metric = row.Int32("Metric"),
               },
        ]
        : null;

    public static ImmutableArray<ClusterInterface>? Interfaces(TableSet tables) => tables[Plan.ClusterInterfaces] is { IsKnown: true } table
        ?
        [
            .. from row in table.Rows
               let name = Text.Cut(row.String("Name") ?? row.String("DeviceID"))
               where name is not null
               orderby row.String("Network"), name.ToUpperInvariant()
               select new ClusterInterface(name, ClusterWords.Interface(row.Int64("State")))
               {
                   Node = Text.Cut(row.String("SystemName")),
                   Network = Text.Cut(row.String("Network")),
                   Adapter = Text.Cut(row.String("Adapter")),
                   AdapterId = row.Guid("AdapterId"),
                   Address = Text.Cut(row.String("Address")) is { Length: > 0 } address ? address : null,
               },
        ]
        : null;
}
