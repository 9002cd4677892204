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
        }

        if (!host.IsV1 && tables[Plan.SwitchSettings] is { IsRead: true } settings && settings.Rows.Any(r => r.String("VirtualSystemIdentifier") is not null))
        {
            Mark(tables, Plan.SwitchesV2, target, "switch settings");
        }

        if (!host.IsV1 && tables[Plan.Storage] is { IsRead: true, Rows.Count: > 0 })
        {
            Mark(tables, Plan.Resources(host), target, "virtual disks");
        }
    }

    public static void MarkSummaries(TableSet tables, HostFacts host, string target)
    {
        if (HasVirtualMachines(tables, host))
        {
            Mark(tables, SummaryRows.Table, target, "VMs");
        }
    }

    private static bool HasVirtualMachines(TableSet tables, HostFacts host) =>
        tables[Plan.Systems(host)] is { IsRead: true } systems && systems.Rows.Any(r => r.Guid("Name") is not null);

    private static void Mark(TableSet tables, TableQuery query, string target, string others)
    {
        if (tables[query] is { IsRead: true, Rows.Count: 0 })
        {
            tables.Reject(query, new CimException(CimErrorKind.AccessDenied, $"{target} lists {others} but no {query.Class}; the account may lack the right to see them."));
        }
    }
}
