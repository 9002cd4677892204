using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Devices;

/// <summary>What several drive rules ask, and the records their examples are made of.</summary>
internal static class DriveFacts
{
    public static bool IsFilledDisk(Drive drive) => drive is { Kind: DriveKind.Disk, Content: DriveContent.Image or DriveContent.PassThrough };

    public static string Map(IEnumerable<Drive> drives) => string.Join("; ", drives.OrderBy(d => d.ControllerKind).ThenBy(d => d.ControllerNumber).ThenBy(d => d.Location)
        .Select(d => $"{Slot.Of(d)} {(d.Kind == DriveKind.Disk ? "disk" : d.Kind == DriveKind.Dvd ? "DVD" : $"{d.Kind}")} {(d.Content == DriveContent.Empty ? "empty" : d.Path ?? $"{d.Content}")}"));

    /// <summary>An example: a VM with these drives on a host of this build.</summary>
    public static VirtualMachineSubject Vm(int build, VirtualMachine vm, params Drive[] drives) => new(vm, Host(build, vm, drives));

    public static HostSubject Host(int build, VirtualMachine vm, params Drive[] drives) => new(Sample.Host with
    {
        OperatingSystem = Sample.Read(new Model.Hosts.HostOperatingSystem { Build = build, BuildLab = build == 6001 ? "6001.17051.x" : null, Hotfixes = [], ProductType = Model.Hosts.ProductType.Server }),
        VirtualMachines = Sample.Read(new VirtualMachineList { Items = [vm] }),
        Devices = Sample.Read(new DeviceList { Controllers = [.. drives.Select(Controller).DistinctBy(c => c.Id)], Drives = [.. drives], NetworkAdapters = [Sample.Nic] }),
    });

    public static VirtualMachine GenerationOne { get; } = Sample.Vm with { Generation = 1, ConfigurationVersion = "5.0" };

    public static Drive Disk(ControllerKind kind, int controller, int location, string? path = @"D:\VMs\disk.vhd") => Drive(DriveKind.Disk, kind, controller, location, path);

    public static Drive Dvd(int controller, int location, string? path = null) => Drive(DriveKind.Dvd, ControllerKind.Ide, controller, location, path);

    private static Drive Drive(DriveKind kind, ControllerKind controllerKind, int controller, int location, string? path) =>
        new($@"{ControllerId(controllerKind, controller)}\{location}\D", Sample.VmId, ControllerId(controllerKind, controller), kind, location)
        {
            ControllerKind = controllerKind, ControllerNumber = controller, Content = path is null ? DriveContent.Empty : DriveContent.Image, Path = path,
        };

    private static DriveController Controller(Drive drive) => new(drive.ControllerId!, drive.VirtualMachineId, drive.ControllerKind, drive.ControllerNumber!.Value);

    private static string ControllerId(ControllerKind kind, int number) => $@"Microsoft:{Sample.VmId}\{kind}\{number}";
}
