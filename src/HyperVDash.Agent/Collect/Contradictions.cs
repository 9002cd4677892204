using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect;

/// <summary>
/// Empty answers that others contradict. A host that hides a class from an account answers with an empty set and no error,
/// and "nothing there" must not be believed while something else says that it is there.
/// </summary>
internal static class Contradictions
{
    public static void Mark(TableSet tables, HostFacts host, string target)
    {
        if (HasVirtualMachines(tables, host))
        {
            Mark(tables, Plan.Settings(host), target, "VMs");
            Mark(tables, Plan.Memory(host), target, "VMs");
            Mark(tables, Plan.Processors(host), target, "VMs");

            // Every VM has controllers, and a display at the least.
            Mark(tables, Plan.Resources(host), target, "VMs");
        }

        if (host.IsV1 && tables[Plan.SwitchPorts] is { IsRead: true } ports && ports.Rows.Any(r => r.String("SystemName") is not null))
        {
            Mark(tables, Plan.SwitchesV1, target, "switch ports");
        }

        if (!host.IsV1 && tables[Plan.SwitchSettings] is { IsRead: true } settings && settings.Rows.Any(r => r.String("VirtualSystemIdentifier") is not null))
        {
            Mark(tables, Plan.SwitchesV2, target, "switch settings");
        }

        if (!host.IsV1 && tables[Plan.Storage(host)] is { IsRead: true, Rows.Count: > 0 })
        {
            Mark(tables, Plan.Resources(host), target, "virtual disks");
        }

        if (!host.IsV1 && HasBayForAnImage(tables[Plan.Resources(host)]))
        {
            Mark(tables, Plan.Storage(host), target, "disk drives");
        }

        if (!host.IsV1 && HasConnectionWithoutAdapter(tables, host))
        {
            Mark(tables, Plan.SyntheticNics(host), target, "connections of network adapters");
        }

        if (tables[Plan.Component(host, "Heartbeat")] is { IsRead: true, Rows.Count: > 0 })
        {
            Mark(tables, Plan.KeyValues(host), target, "heartbeats");
        }
    }

    /// <summary>A disk drive without a disk of the host: something else must say what is in it, if only that it is empty.</summary>
    private static bool HasBayForAnImage(Table resources) => resources.IsRead && resources.Rows.Any(r =>
        r.Int32("ResourceType") == 17 && InstanceId.Owner(r.String("InstanceID")) is not null && r.Strings("HostResource") is not [{ Length: > 0 }, ..]);

    private static bool HasConnectionWithoutAdapter(TableSet tables, HostFacts host)
    {
        if (tables[Plan.Connections] is not { IsRead: true } connections || tables[Plan.LegacyNics(host)] is not { IsRead: true } legacy || tables[Plan.Systems(host)] is not { IsRead: true } systems)
        {
            return false;
        }

        var vms = systems.Rows.Select(r => r.Guid("Name")).OfType<Guid>().ToHashSet();
        var known = legacy.Rows.Select(r => r.String("InstanceID")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return connections.Rows.Select(r => r.String("InstanceID")).OfType<string>()
            .Any(id => InstanceId.Owner(id) is { } owner && vms.Contains(owner) && (InstanceId.Cut(id, 1) is not { } adapter || !known.Contains(adapter)));
    }

    public static void MarkSummaries(TableSet tables, HostFacts host, string target)
    {
        if (HasVirtualMachines(tables, host))
        {
            Mark(tables, SummaryRows.Table, target, "VMs");
        }
    }

    internal static bool HasVirtualMachines(TableSet tables, HostFacts host) =>
        tables[Plan.Systems(host)] is { IsRead: true } systems && systems.Rows.Any(r => r.Guid("Name") is not null);

    private static void Mark(TableSet tables, TableQuery query, string target, string others)
    {
        if (tables[query] is { IsRead: true, Rows.Count: 0 })
        {
            tables.Reject(query, new CimException(CimErrorKind.AccessDenied, $"{target} lists {others} but no {query.Class}; the account may lack the right to see them."));
        }
    }
}
