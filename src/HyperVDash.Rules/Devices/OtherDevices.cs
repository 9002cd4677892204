using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HyperVDash.Model.Devices;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Devices;

/// <summary>A VM's devices that are neither drives nor network adapters, such as COM ports.</summary>
internal static class OtherDevices
{
    // A host has several such devices for each VM: they are sorted once for a content.
    private static readonly ConditionalWeakTable<DeviceList, Dictionary<Guid, ImmutableArray<VirtualDevice>>> OfVm = [];

    /// <summary>Null: the host did not say. Reads <c>devices</c>.</summary>
    public static ImmutableArray<VirtualDevice>? Of(VirtualMachineSubject subject)
    {
        if (subject.Host.Reading.Devices.Content is not { Others: not null } devices)
        {
            return null;
        }

        var known = OfVm.GetValue(devices, d => d.Others!.Value.GroupBy(o => o.VirtualMachineId).ToDictionary(g => g.Key, g => g.ToImmutableArray()));
        return known.TryGetValue(subject.Vm.Id, out var found) ? found : [];
    }
}
