using HyperVDash.Model.VirtualMachines;
using HyperVDash.Web.Components.Parts;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.VirtualMachines;

/// <summary>One page of the list of VMs, filtered, sorted and cut as the URL says.</summary>
/// <param name="Matching">VMs the text and host filters let through; the chips count these.</param>
/// <param name="Shown">Of them, those in the state asked for.</param>
public sealed record VmTable(IReadOnlyList<VirtualMachineLine> Matching, IReadOnlyList<VirtualMachineLine> Shown, IReadOnlyList<VirtualMachineLine> Page)
{
    public static VmTable Read(FleetView fleet, ListQuery query)
    {
        string? state = query.Filters.GetValueOrDefault("state"), host = query.Filters.GetValueOrDefault("host");
        List<VirtualMachineLine> matching = [.. fleet.VirtualMachines.Where(v => (host is null || v.Host.Id.Equals(host, StringComparison.OrdinalIgnoreCase)) && Matches(query, v))];
        List<VirtualMachineLine> shown =
        [
            .. query.Sorted(matching.Where(v => IsIn(v, state)).OrderBy(v => v.Vm.Name, StringComparer.OrdinalIgnoreCase),
                ("standing", v => Standing.Rank(v.Standing)), ("name", v => v.Vm.Name), ("findings", v => v.Findings.Length), ("state", v => v.Vm.State.ToString()), ("host", v => v.Host.Name),
                ("vcpu", v => v.Vm.Processors), ("cpu", v => v.Performance?.ProcessorPercent), ("memory", v => (v.Performance?.AssignedMemory ?? v.Vm.StartupMemory)?.Bytes),
                ("address", v => v.Guest?.Addresses.FirstOrDefault()), ("guest", v => v.Guest?.OsName), ("heartbeat", v => v.Guest?.Heartbeat.ToString())),
        ];
        return new(matching, shown, query.Cut(shown));
    }

    private static bool Matches(ListQuery query, VirtualMachineLine v) => query.Matches(
        v.Vm.Name, v.Vm.Id.ToString(), v.Host.Name, v.Guest?.DnsName, v.Guest?.OsName, v.Guest is { } guest ? string.Join(' ', guest.Addresses) : null);

    private static bool IsIn(VirtualMachineLine line, string? state) => state switch
    {
        null => true,
        "stale" => !line.IsCurrent,
        "findings" => !line.Findings.IsEmpty,
        _ => line.Vm.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Share of its memory that the VM uses now, in percent of what it may have; null if not known.</summary>
    public static double? MemoryPercent(VirtualMachineLine line) =>
        line.Performance?.AssignedMemory is { } used && MemoryLimit(line.Vm) is { Bytes: > 0 } limit ? 100.0 * used.Bytes / limit.Bytes : null;

    private static Model.Units.ByteSize? MemoryLimit(VirtualMachine vm) => vm.IsDynamicMemory == true ? vm.MaximumMemory : vm.StartupMemory;
}
