using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Devices;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Capacity;

/// <summary>Something a VM has a number of, and what a release allows.</summary>
/// <param name="Key">Name of the limit, as a profile's list of unverified ones calls it.</param>
/// <param name="ValueOf">How many a VM has; null: the host did not say.</param>
/// <param name="LimitOf">What a release allows such a VM; null: the release has no such thing, or no limit is known.</param>
internal sealed record VmQuantity(string Key, string Name, string Section, Func<VirtualMachineSubject, long?> ValueOf, Func<VirtualMachine, ReleaseProfile, long?> LimitOf)
{
    private const long GiB = 1L << 30;

    public static ImmutableArray<VmQuantity> All { get; } =
    [
        new("processors", "virtual processors", "virtualMachines", v => v.Vm.Generation is null ? null : v.Vm.Processors,
            (vm, p) => vm.Generation == 1 ? p.VirtualMachine.ProcessorsGenerationOne : p.VirtualMachine.Processors),
        new("memory", "of memory", "virtualMachines", v => v.Vm.Generation is null ? null : (v.Vm.IsDynamicMemory == true ? v.Vm.MaximumMemory : v.Vm.StartupMemory)?.Bytes,
            (vm, p) => (vm.Generation == 1 ? p.VirtualMachine.MemoryGiBGenerationOne : p.VirtualMachine.MemoryGiB) * GiB),
        new("networkAdapters", "network adapters", "devices", v => Adapters(v, NetworkAdapterKind.Synthetic), (_, p) => p.VirtualMachine.NetworkAdapters),
        new("legacyAdapters", "legacy network adapters", "devices", v => Adapters(v, NetworkAdapterKind.Legacy), (_, p) => p.VirtualMachine.LegacyAdapters),
        new("scsiControllers", "SCSI controllers", "devices", ScsiControllers, (_, p) => p.ScsiControllers),
        new("fibreChannelAdapters", "Fibre Channel adapters", "devices", FibreChannelAdapters, (_, p) => p.VirtualMachine.FibreChannelAdapters is > 0 and var most ? most : null),
        new("checkpoints", "checkpoints", "checkpoints", Checkpoints, (_, p) => p.VirtualMachine.Checkpoints),
    ];

    public string Words(long value) => Key == "memory" ? string.Create(CultureInfo.InvariantCulture, $"{value / (double)GiB:0.#} GiB") : value.ToString(CultureInfo.InvariantCulture);

    private static long? Adapters(VirtualMachineSubject subject, NetworkAdapterKind kind)
    {
        if (subject.Host.Reading.Devices.Content?.NetworkAdapters is null)
        {
            return null;
        }

        int count = 0;
        foreach (var adapter in subject.Host.AdaptersOf[subject.Vm.Id])
        {
            // It may be of this kind.
            if (adapter.Kind == NetworkAdapterKind.Unknown)
            {
                return null;
            }

            count += adapter.Kind == kind ? 1 : 0;
        }

        return count;
    }

    private static long? ScsiControllers(VirtualMachineSubject subject)
    {
        if (subject.Host.Reading.Devices.Content?.Controllers is null)
        {
            return null;
        }

        int count = 0;
        foreach (var controller in subject.Host.ControllersOf[subject.Vm.Id])
        {
            count += controller.Kind == ControllerKind.Scsi ? 1 : 0;
        }

        return count;
    }

    private static long? FibreChannelAdapters(VirtualMachineSubject subject)
    {
        if (OtherDevices.Of(subject) is not { } devices)
        {
            return null;
        }

        int count = 0;
        foreach (var device in devices)
        {
            count += device.Kind == VirtualDeviceKind.FibreChannelPort ? 1 : 0;
        }

        return count;
    }

    private static long? Checkpoints(VirtualMachineSubject subject)
    {
        if (subject.Host.Reading.Checkpoints.Content is null)
        {
            return null;
        }

        int count = 0;
        foreach (var checkpoint in subject.Host.CheckpointsOf[subject.Vm.Id])
        {
            count += checkpoint.Kind is CheckpointKind.Planned or CheckpointKind.Missing ? 0 : 1;
        }

        return count;
    }
}
