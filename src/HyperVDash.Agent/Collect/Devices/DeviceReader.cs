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
        var storage = tables[Plan.Storage(host)];
        var synthetic = tables[Plan.SyntheticNics(host)];
        var legacy = tables[Plan.LegacyNics(host)];
        if (!systems.IsKnown || (!resources.IsKnown && !synthetic.IsKnown))
        {
            return SectionResult<DeviceList>.Failed((systems.IsKnown ? resources.Error : systems.Error)!);
        }

        var vms = systems.Rows.Select(r => r.Guid("Name")).OfType<Guid>().ToHashSet();
        bool hasDrives = resources.IsKnown && (host.IsV1 || storage.IsKnown);
        bool hasNics = synthetic.IsKnown && legacy.IsKnown;
        var disks = tables[Plan.DiskDrives(host)];
        var (controllers, drives) = hasDrives ? new ControllerReader(host, vms, disks.IsKnown ? disks.Rows : null).Read(resources.Rows, storage.Rows) : default;
        return SectionResult<DeviceList>.Read(
            new()
            {
                Controllers = hasDrives ? controllers : null,
                Drives = hasDrives ? drives : null,
                Others = resources.IsKnown ? OtherDeviceReader.Read(tables, host, vms) : null,
                NetworkAdapters = hasNics ? NetworkAdapterReader.Read(tables, host, vms) : null,
            },
            [
                Needed("drives", resources) ?? (host.IsV1 ? null : Needed("drives", storage)),
                Needed("network adapters", synthetic) ?? Needed("network adapters", legacy),
                Outcome.Gap("pass-through disk numbers", disks),
                .. Plan.OtherDevices(host).Select(q => tables.Has(q) ? Outcome.Gap("assigned devices", tables[q]) : null),
                host.IsV1 ? Outcome.Gap("switch names", tables[Plan.SwitchesV1]) : Needed("connections", tables[Plan.Connections]),
                host.IsV1 ? Outcome.Gap("VLANs", tables[Plan.VlanEndpoints]) : Outcome.Gap("VLANs", tables[Plan.Vlans]),
                .. host.IsV1 ? new[]
                {
                    Outcome.Gap("VLANs", tables[Plan.BindsTo]) ?? Outcome.Gap("VLANs", tables[Plan.ElementSettings]) ?? Outcome.Gap("VLANs", tables[Plan.VlanModes]), Outcome.Gap("switch ports", tables[Plan.SwitchPorts]),
                }
                : [
                    Outcome.Gap("port security", tables[Plan.PortSecurity]), Outcome.Gap("port bandwidth", tables[Plan.PortBandwidth]), Outcome.Gap("port offload", tables[Plan.PortOffload]),
                ],
                host.IsV1 ? null : Outcome.Gap("switch names", tables[Plan.SwitchesV2]),
            ]);
    }

    private static string? Needed(string what, Table table) => table.IsRead ? null : $"{what}: {table.Error!.Message}";
}
