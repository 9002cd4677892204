using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>What is built into the VMs.</summary>
internal static class ExpectedDevices
{
    // Device ids that are the same in every VM.
    private const string Ide = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
    private const string Floppy = "8F0D2762-0B00-4E04-AF4F-19010527CB93";

    public static DeviceList Of(DescribedHost h) => new()
    {
        Controllers =
        [
            .. from vm in h.Host.Vms
               from one in vm.Controllers
               let kind = KindOf(one)
               orderby vm.Id, kind, one.Number
               select new DriveController(IdOf(vm, one), vm.Id, kind, one.Number) { Name = one.Kind == LabControllerKind.Ide ? $"{h.Words.IdeController} {one.Number}" : h.Words.ScsiController },
        ],
        Drives = [.. h.Host.Vms.OrderBy(v => v.Id).SelectMany(v => Drives(h, v))],
        Others = [.. h.Host.Vms.OrderBy(v => v.Id).SelectMany(v => Others(h, v))],
        NetworkAdapters =
        [
            .. from vm in h.Host.Vms
               from nic in vm.Nics
               let one = ExpectedAdapters.Of(h, vm, nic)
               orderby vm.Id, one.Id.ToUpperInvariant()
               select one,
        ],
    };

    private static ControllerKind KindOf(LabController one) => one.Kind == LabControllerKind.Ide ? ControllerKind.Ide : ControllerKind.Scsi;

    private static string IdOf(LabVm vm, LabController one) => $@"Microsoft:{vm.Id.Upper()}\{(one.Kind == LabControllerKind.Ide ? $@"{Ide}\{one.Number}" : $@"{one.Id.Upper()}\0")}";

    private static IEnumerable<Drive> Drives(DescribedHost h, LabVm vm)
    {
        var drives = from controller in vm.Controllers
                     from drive in controller.Drives
                     orderby KindOf(controller), controller.Number, drive.Slot
                     select Drive(h, vm, controller, drive);
        foreach (var drive in drives)
        {
            yield return drive;
        }

        if (vm.Generation == 1)
        {
            string controller = $@"Microsoft:{vm.Id.Upper()}\{Floppy}\0";
            yield return new($@"{controller}\0\D", vm.Id, controller, DriveKind.Floppy, 0)
            {
                ControllerKind = ControllerKind.Floppy, Content = vm.FloppyImage is null ? DriveContent.Empty : DriveContent.Image, Path = vm.FloppyImage,
            };
        }
    }

    private static Drive Drive(DescribedHost h, LabVm vm, LabController controller, LabDrive drive)
    {
        string? image = vm.ImageOf(drive);
        bool hasRights = image is not null && h.Since("2012R2");
        bool isThere = drive.HostDisk is { } disk && h.Host.Vms.SelectMany(v => v.Controllers).SelectMany(c => c.Drives).Any(d => d.HostDisk == disk && !d.IsHostDiskGone);
        return new($@"{IdOf(vm, controller)}\{drive.Slot}\D", vm.Id, IdOf(vm, controller), drive.Kind == LabDriveKind.Disk ? DriveKind.Disk : DriveKind.Dvd, drive.Slot)
        {
            ControllerKind = KindOf(controller),
            ControllerNumber = controller.Number,
            Content = image is not null ? DriveContent.Image : drive.HostDisk is not null ? DriveContent.PassThrough : DriveContent.Empty,
            Path = image,
            HostDiskNumber = isThere ? drive.HostDisk : null,
            IsDangling = drive.HostDisk is not null && !isThere,
            IsShared = hasRights ? drive.IsShared : null,
            MaximumIops = hasRights ? (long)drive.MaximumIops : null,
            MinimumIops = hasRights ? (long)drive.MinimumIops : null,
        };
    }

    /// <summary>Their ids are not described; in the order of the kinds.</summary>
    private static IEnumerable<VirtualDevice> Others(DescribedHost h, LabVm vm)
    {
        for (int port = 0; port < 2 && (vm.Generation == 1 || !vm.Pipes.IsEmpty); port++)
        {
            yield return new("", vm.Id, VirtualDeviceKind.ComPort) { Number = port + 1, Connection = port < vm.Pipes.Length ? vm.Pipes[port] : null };
        }

        if (vm.Generation == 1)
        {
            yield return new("", vm.Id, VirtualDeviceKind.EmulatedVideo);
        }

        yield return new("", vm.Id, VirtualDeviceKind.SyntheticVideo);
        if (vm.HasRemoteFx && !h.IsOld)
        {
            yield return new("", vm.Id, VirtualDeviceKind.RemoteFxVideo);
        }

        foreach (string path in h.Since("2016") ? vm.AssignedDevices : [])
        {
            yield return new("", vm.Id, VirtualDeviceKind.AssignedDevice) { Connection = path };
        }

        for (int i = 0; i < vm.GpuPartitions && h.Since("2022"); i++)
        {
            yield return new("", vm.Id, VirtualDeviceKind.GpuPartition);
        }
    }
}
