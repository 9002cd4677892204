using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Devices;

/// <summary>What several drive rules ask.</summary>
internal static class DriveFacts
{
    public static bool IsFilledDisk(Drive drive) => drive is { Kind: DriveKind.Disk, Content: DriveContent.Image or DriveContent.PassThrough };

    /// <summary>A drive whose controller was not found may sit anywhere: a count without it proves nothing.</summary>
    public static bool HasDriveOnUnknownController(ImmutableArray<Drive> drives) => drives.Any(d => d.ControllerKind == ControllerKind.Unknown);

    public static string Map(IEnumerable<Drive> drives) => string.Join("; ", InOrder(drives).Select(d => $"{Slot.Of(d)} {Word(d.Kind)} {(d.Content == DriveContent.Empty ? "empty" : d.Path ?? $"{d.Content}")}"));

    /// <summary>By controller and location, as the firmware looks at them.</summary>
    public static IEnumerable<Drive> InOrder(IEnumerable<Drive> drives) => drives.OrderBy(d => d.ControllerKind).ThenBy(d => d.ControllerNumber).ThenBy(d => d.Location);

    private static string Word(DriveKind kind) => kind switch { DriveKind.Disk => "disk", DriveKind.Dvd => "DVD", _ => $"{kind}" };
}
