using System.Globalization;
using HyperVDash.Model.Devices;

namespace HyperVDash.Rules.Engine;

/// <summary>A drive's place in the words of an admin.</summary>
public static class Slot
{
    public static string Of(Drive drive) => $"{Kind(drive.ControllerKind)} {drive.ControllerNumber?.ToString(CultureInfo.InvariantCulture) ?? "?"}:{drive.Location?.ToString(CultureInfo.InvariantCulture) ?? "?"}";

    private static string Kind(ControllerKind kind) => kind switch
    {
        ControllerKind.Ide => "IDE", ControllerKind.Scsi => "SCSI", ControllerKind.FibreChannel => "FC", ControllerKind.Floppy => "Floppy",
        ControllerKind.PersistentMemory => "PMEM", _ => "Controller",
    };
}
