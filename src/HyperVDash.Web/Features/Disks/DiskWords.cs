using HyperVDash.Model.Disks;
using HyperVDash.Rules;

namespace HyperVDash.Web.Features.Disks;

/// <summary>Facts of a disk in the words a page uses.</summary>
internal static class DiskWords
{
    public static string Format(VirtualDisk disk) => disk.Format switch
    {
        VirtualDiskFormat.Vhd => "VHD", VirtualDiskFormat.Vhdx => "VHDX", VirtualDiskFormat.VhdSet => "VHD set", VirtualDiskFormat.Iso => "ISO", VirtualDiskFormat.Floppy => "floppy", _ => "not said",
    };

    public static string Type(VirtualDisk disk) => disk.Type switch
    {
        VirtualDiskType.Fixed => "fixed", VirtualDiskType.Dynamic => "dynamic", VirtualDiskType.Differencing => "differencing",
        _ => disk.Format is VirtualDiskFormat.Iso or VirtualDiskFormat.Floppy ? "–" : "not said",
    };

    /// <summary>What is wrong or not known; null if nothing.</summary>
    public static string? Trouble(VirtualDisk disk) =>
        disk.Exists == false ? "The file is not there."
        : disk.IsChainLooping ? "Its parents come back to it, or go deeper than 64."
        : disk.ValidationCode is > 0 and var code ? $"Its chain of parents is broken (0x{code:X8})."
        : disk.Error is { } error ? VisibleText.Of(error)
        : disk.ReadAt is null ? "Not read yet." : null;

    /// <summary>The name without its folder.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('\\') + 1)..];
}
