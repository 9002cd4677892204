using System.Globalization;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules;

namespace HyperVDash.Web.Features.VirtualMachines;

/// <summary>Facts of a VM in the words a page uses.</summary>
internal static class VmWords
{
    public static string Of(BootDevice device) => device switch
    {
        BootDevice.Floppy => "floppy", BootDevice.Cd => "CD", BootDevice.IdeDisk => "IDE disk", BootDevice.ScsiDisk => "SCSI disk", BootDevice.Network => "network", _ => "something unknown",
    };

    public static string? Of(AutomaticStartAction? action) => action switch
    {
        null => null, AutomaticStartAction.Nothing => "stays off", AutomaticStartAction.RestartIfRunning => "starts if it ran before", AutomaticStartAction.Always => "always starts", _ => "unknown",
    };

    public static string? Of(AutomaticStopAction? action) => action switch
    {
        null => null, AutomaticStopAction.TurnOff => "is turned off", AutomaticStopAction.Save => "is saved", AutomaticStopAction.ShutDown => "is shut down", _ => "unknown",
    };

    public static string Of(IntegrationState state) => state switch
    {
        IntegrationState.Ok => "OK", IntegrationState.Degraded => "other version", IntegrationState.Incompatible => "no common version", IntegrationState.NoContact => "no contact", IntegrationState.Lost => "contact lost", IntegrationState.Paused => "paused",
        IntegrationState.Unknown => "not said", _ => state.ToString(),
    };

    public static string Of(ConnectionState connection) => connection switch
    {
        ConnectionState.Connected => "connected", ConnectionState.Disconnected => "no switch named", ConnectionState.Unplugged => "cable out",
        ConnectionState.SwitchMissing => "its switch does not exist", ConnectionState.Pooled => "from a resource pool", _ => "not said",
    };

    public static string Vlan(NetworkAdapter adapter) => adapter.Vlan switch
    {
        VlanMode.Untagged => "untagged",
        VlanMode.Access => $"access {Id(adapter.VlanId)}",
        VlanMode.Trunk => $"trunk {string.Join(", ", adapter.TrunkVlanIds)}, native {Id(adapter.VlanId)}",
        VlanMode.Private => "private",
        _ => "not said",
    };

    public static string Content(Drive drive) => drive.Content switch
    {
        DriveContent.Image => drive.Path is { } path ? VisibleText.Of(path[(path.LastIndexOfAny(['\\', '/']) + 1)..]) : "image, path not said",
        DriveContent.PassThrough => drive.HostDiskNumber is { } number ? $"host disk {number.ToString(CultureInfo.InvariantCulture)}" : "pass-through, host disk not found",
        DriveContent.Empty => "empty",
        _ => "not said",
    };

    private static string Id(int? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "?";

    /// <summary>What to say of a VM that no cluster is known to hold: only a host that told of its cluster, or that there is none, settles it.</summary>
    public static string NotClustered(HostReading host) => host.Cluster switch
    {
        { Attempt.State: SectionState.Absent } => "not clustered",
        { Content.VirtualMachines: not null } read when read.IsReadable() => "not clustered",
        _ => "whether it is clustered is not known",
    };
}
