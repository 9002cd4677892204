using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Serial ports, graphics and what is passed through beside disks: told apart by numbers, well-known ids and classes.</summary>
internal static class OtherDeviceReader
{
    private const string EmulatedVideo = "7D80D3DB-61EE-4879-8879-5609F1100AD0";
    private const string SyntheticVideo = "F3CF6965-E8D3-44A9-9B7D-A04245EA7525";

    public static ImmutableArray<VirtualDevice> Read(TableSet tables, HostFacts host, IReadOnlySet<Guid> virtualMachines)
    {
        var resources = tables[Plan.Resources(host)].Rows.Select(r => (Row: r, Kind: KindOf(r, host)));
        var others = host.IsV1
            ? []
            : tables[Plan.AssignedDevices].Rows.Select(r => (Row: r, Kind: (VirtualDeviceKind?)VirtualDeviceKind.AssignedDevice))
                .Concat(tables[Plan.GpuPartitions].Rows.Select(r => (Row: r, Kind: (VirtualDeviceKind?)VirtualDeviceKind.GpuPartition)));
        return
        [
            .. from pair in resources.Concat(others)
               where pair.Kind is not null
               let id = pair.Row.String("InstanceID")
               let vm = InstanceId.Owner(id)
               where vm is { } owner && virtualMachines.Contains(owner)
               group (pair.Row, Kind: pair.Kind!.Value, Vm: vm!.Value) by id.ToUpperInvariant() into same
               let device = same.First()
               orderby device.Vm, device.Kind, same.Key
               select new VirtualDevice(device.Row.String("InstanceID")!, device.Vm, device.Kind)
               {
                   Number = device.Kind == VirtualDeviceKind.ComPort ? NumberOf(device.Row, same.Key) : null,
                   Connection = Text.Cut(ImageRows.First(device.Row, "Connection") ?? (device.Kind == VirtualDeviceKind.ComPort ? null : ImageRows.First(device.Row, "HostResource"))),
               },
        ];
    }

    private static VirtualDeviceKind? KindOf(CimRow row, HostFacts host) => (row.Int32("ResourceType"), host.IsV1) switch
    {
        (17, true) or (21, false) => VirtualDeviceKind.ComPort,
        (20, true) or (24, false) => Video(row),
        (7, false) => VirtualDeviceKind.FibreChannelPort,
        (32769, false) => VirtualDeviceKind.AssignedDevice,
        (32770, false) => VirtualDeviceKind.GpuPartition,
        _ => null,
    };

    // Ids first; the 3D adapter has no id of its own, and its sub-type is never translated.
    private static VirtualDeviceKind Video(CimRow row) => row.String("InstanceID") switch
    {
        { } id when id.Contains(EmulatedVideo, StringComparison.OrdinalIgnoreCase) => VirtualDeviceKind.EmulatedVideo,
        { } id when id.Contains(SyntheticVideo, StringComparison.OrdinalIgnoreCase) => VirtualDeviceKind.SyntheticVideo,
        _ => row.String("ResourceSubType") switch
        {
            { } type when type.Contains("3D Display", StringComparison.OrdinalIgnoreCase) => VirtualDeviceKind.RemoteFxVideo,
            { } type when type.Contains("S3 Display", StringComparison.OrdinalIgnoreCase) || type.Contains("Emulated Display", StringComparison.OrdinalIgnoreCase) => VirtualDeviceKind.EmulatedVideo,
            { } type when type.Contains("Synthetic Display", StringComparison.OrdinalIgnoreCase) => VirtualDeviceKind.SyntheticVideo,
            _ => VirtualDeviceKind.Unknown,
        },
    };

    /// <summary>The host counts ports from 0, people from 1.</summary>
    private static int? NumberOf(CimRow row, string id) =>
        int.TryParse(row.String("AddressOnParent") is { Length: > 0 } slot ? slot : InstanceId.LastSegment(id), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number + 1 : null;
}
