using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Network adapters of VMs and the switch each hangs on.</summary>
internal static class NetworkAdapterReader
{
    public static ImmutableArray<NetworkAdapter> Read(TableSet tables, HostFacts host, IReadOnlySet<Guid> virtualMachines)
    {
        var nics = Rows(tables[Plan.SyntheticNics(host)], NetworkAdapterKind.Synthetic, virtualMachines)
            .Concat(Rows(tables[Plan.LegacyNics(host)], NetworkAdapterKind.Legacy, virtualMachines))
            .DistinctBy(n => n.Adapter.Id, StringComparer.OrdinalIgnoreCase)
            .ToList();
        Func<CimRow, NetworkAdapter, NetworkAdapter> connect = host.IsV1 ? new V1Ports(tables).Connect : new V2Ports(tables, nics.Select(n => n.Adapter.Id)).Connect;
        return [.. nics.Select(n => connect(n.Row, n.Adapter)).OrderBy(n => n.VirtualMachineId).ThenBy(n => n.Id, StringComparer.OrdinalIgnoreCase)];
    }

    private static IEnumerable<(CimRow Row, NetworkAdapter Adapter)> Rows(Table table, NetworkAdapterKind kind, IReadOnlySet<Guid> virtualMachines)
    {
        foreach (var row in table.Rows)
        {
            if (row.String("InstanceID") is { } id && InstanceId.Owner(id) is { } vm && virtualMachines.Contains(vm))
            {
                yield return (row, new NetworkAdapter(id, vm, kind)
                {
                    Name = Text.Cut(row.String("ElementName")),
                    MacAddress = MacAddress.Normalise(row.String("Address")),
                    IsStaticMac = row.Boolean("StaticMacAddress"),
                    IsClusterMonitored = row.Boolean("ClusterMonitored"),
                });
            }
        }
    }
}
