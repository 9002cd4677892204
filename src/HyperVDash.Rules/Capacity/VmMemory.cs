using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Capacity;

/// <summary>What memory VMs take from a host, and what the host keeps for itself.</summary>
internal static class VmMemory
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    // What the hypervisor takes for a VM: 32 MiB for the first GiB and 8 MiB for each further one.
    private const long FirstOverhead = 32 * MiB;
    private const long FurtherOverhead = 8 * MiB;

    private const long LeastReserve = 2 * GiB;
    private const int ReservePercent = 5;

    /// <summary>It holds memory. States without an agreed name do, e.g. that of a VM which stands still because its disk is full; of one that did not say its state nobody knows.</summary>
    public static bool IsHeld(VirtualMachine vm) => vm.State is not (VirtualMachineState.Off or VirtualMachineState.Saved or VirtualMachineState.Unknown);

    /// <summary>What it has now; null: the host did not say. Static memory is all of it from the start. Reads <c>performance</c> and <c>operatingSystem</c>.</summary>
    public static ByteSize? Assigned(HostSubject host, VirtualMachine vm) => host.PerformanceOf.GetValueOrDefault(vm.Id)?.AssignedMemory
        ?? (vm.IsDynamicMemory == false || (vm.IsDynamicMemory is null && host.Profile?.IsFrom("2012") == false) ? vm.StartupMemory : null);

    public static long WithOverhead(long bytes) => bytes + FirstOverhead + (Math.Max(0, ((bytes + GiB - 1) / GiB) - 1) * FurtherOverhead);

    /// <summary>Bytes that a host with so many keeps.</summary>
    public static long Reserve(RuleContext context, long total) => context.Settings.HostReserveMiB * MiB ?? Math.Max(LeastReserve, total * ReservePercent / 100);

    public static string Words(long bytes) => new ByteSize(bytes).ToString();
}
