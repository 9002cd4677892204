using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Everything built into the VMs' active configuration.</summary>
internal static class DeviceReader
{
    public static SectionResult<DeviceList> Read(TableSet tables, HostFacts host)
    {
        var systems = tables[Plan.Systems(host)];
        var resources = tables[Plan.Resources(host)];
        var storage = tables[Plan.Storage];
        var synthetic = tables[Plan.SyntheticNics(host)];
        var legacy = tables[Plan.LegacyNics(host)];
        if (!systems.IsRead || (!resources.IsRead && !synthetic.IsRead))
        {
            return SectionResult<DeviceList>.Failed((systems.Error ?? resources.Error)!);
        }

        var vms = systems.Rows.Select(r => r.Guid("Name")).OfType<Guid>().ToHashSet();
        bool hasDrives = resources.IsRead && (host.IsV1 || storage.IsRead);
        bool hasNics = synthetic.IsRead && legacy.IsRead;
        var disks = tables[Plan.DiskDrives(host)];
        var (controllers, drives) = hasDrives ? new ControllerReader(host, vms, disks.Rows).Read(resources.Rows, storage.Rows) : default;
        return SectionResult<DeviceList>.Read(
            new()
            {
                Controllers = hasDrives ? controllers : null,
                Drives = hasDrives ? drives : null,
                NetworkAdapters = hasNics ? NetworkAdapterReader.Read(tables, host, vms) : null,
            },
            [
                hasDrives ? null : $"drives: {(resources.Error ?? storage.Error)!.Message}",
                hasNics ? null : $"network adapters: {(synthetic.Error ?? legacy.Error)!.Message}",
                Outcome.Gap("pass-through disk numbers", disks),
                host.IsV1 ? Outcome.Gap("switch names", tables[Plan.SwitchesV1]) : Needed("connections", tables[Plan.Connections]),
                host.IsV1 ? Outcome.Gap("VLANs", tables[Plan.VlanEndpoints]) : Outcome.Gap("VLANs", tables[Plan.Vlans]),
                host.IsV1 ? null : Outcome.Gap("port security", tables[Plan.PortSecurity]),
                host.IsV1 ? null : Outcome.Gap("switch names", tables[Plan.SwitchesV2]),
            ]);
    }

    private static string? Needed(string what, Table table) => table.IsRead ? null : $"{what}: {table.Error!.Message}";
}
