using System.Globalization;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Capacity;

/// <summary>Something a VM has a number of, and what a release allows.</summary>
/// <param name="Key">Name of the limit, as a profile's list of unverified ones calls it.</param>
/// <param name="Value">Null: the host did not say.</param>
/// <param name="LimitOf">Null: the release has no such thing, or no limit is known.</param>
internal sealed record VmQuantity(string Key, string Name, string Section, long? Value, Func<ReleaseProfile, long?> LimitOf)
{
    private const long GiB = 1L << 30;

    public string Words(long value) => Key == "memory" ? string.Create(CultureInfo.InvariantCulture, $"{value / (double)GiB:0.#} GiB") : value.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<VmQuantity> Of(VirtualMachineSubject subject)
    {
        var vm = subject.Vm;
        bool isFirst = vm.Generation == 1;
        yield return new("processors", "virtual processors", "virtualMachines", vm.Generation is null ? null : vm.Processors,
            p => isFirst ? p.VirtualMachine.ProcessorsGenerationOne : p.VirtualMachine.Processors);
        yield return new("memory", "of memory", "virtualMachines", vm.Generation is null ? null : (vm.IsDynamicMemory == true ? vm.MaximumMemory : vm.StartupMemory)?.Bytes,
            p => (isFirst ? p.VirtualMachine.MemoryGiBGenerationOne : p.VirtualMachine.MemoryGiB) * GiB);
        var devices = subject.Host.Reading.Devices.Content;
        bool knowsAdapters = devices?.NetworkAdapters is not null && subject.Host.AdaptersOf[vm.Id].All(a => a.Kind != NetworkAdapterKind.Unknown);
        yield return new("networkAdapters", "network adapters", "devices", knowsAdapters ? subject.Host.AdaptersOf[vm.Id].Count(a => a.Kind == NetworkAdapterKind.Synthetic) : null, p => p.VirtualMachine.NetworkAdapters);
        yield return new("legacyAdapters", "legacy network adapters", "devices", knowsAdapters ? subject.Host.AdaptersOf[vm.Id].Count(a => a.Kind == NetworkAdapterKind.Legacy) : null, p => p.VirtualMachine.LegacyAdapters);
        yield return new("scsiControllers", "SCSI controllers", "devices", devices?.Controllers is null ? null : subject.Host.ControllersOf[vm.Id].Count(c => c.Kind == ControllerKind.Scsi), p => p.ScsiControllers);
        yield return new("fibreChannelAdapters", "Fibre Channel adapters", "devices", devices?.Others?.Count(d => d.VirtualMachineId == vm.Id && d.Kind == VirtualDeviceKind.FibreChannelPort), p => p.VirtualMachine.FibreChannelAdapters is > 0 and var most ? most : null);
        yield return new("checkpoints", "checkpoints", "checkpoints", subject.Host.Reading.Checkpoints.Content is null ? null : subject.Host.CheckpointsOf[vm.Id].Count(c => c.Kind is not (CheckpointKind.Planned or CheckpointKind.Missing)), p => p.VirtualMachine.Checkpoints);
    }
}
