using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version2;

/// <summary>Memory, processors, controllers, drives and media of a VM or of one of its checkpoints.</summary>
internal sealed class DeviceRows(HostTables t)
{
    private const string Ns = HostTables.V2;
    private const string Resource = "Msvm_ResourceAllocationSettingData";

    /// <param name="owner">The VM, or the checkpoint whose settings these are.</param>
    public void Write(LabVm vm, Guid owner, bool isLive)
    {
        string id = $"Microsoft:{owner.Upper()}";
        WriteMemory(vm, id);
        WriteFixed(vm, id);
        foreach (var controller in vm.Controllers)
        {
            WriteController(vm, controller, id, isLive ? null : owner);
        }

        WriteAssigned(vm, id);

        new NicRows(t).Write(vm, id);
    }

    public void WriteHostDisks()
    {
        var numbers = t.Description.Vms.SelectMany(v => v.Controllers).SelectMany(c => c.Drives).Where(d => !d.IsHostDiskGone).Select(d => d.HostDisk).OfType<int>().Distinct().Order();
        foreach (int number in numbers)
        {
            AddDisk($@"Microsoft:{WellKnown.HostDisk}\{number}", t.Description.Name, $"Disk {number} 100.00 GB Bus 0 Lun {number} Target 0", (uint)number);
        }
    }

    private void WriteMemory(LabVm vm, string id)
    {
        ulong memory = (ulong)vm.MemoryMb;
        t.Add(Ns, new("Msvm_MemorySettingData")
        {
            ["InstanceID"] = $@"{id}\{WellKnown.Memory}", ["ElementName"] = t.Words.Memory, ["ResourceType"] = 4, ["ResourceSubType"] = "Microsoft:Hyper-V:Memory",
            ["AllocationUnits"] = "byte * 2^20", ["VirtualQuantityUnits"] = "byte * 2^20", ["VirtualQuantity"] = memory, ["Reservation"] = (ulong?)vm.MinimumMemoryMb ?? (vm.HasDynamicMemory ? memory / 2 : memory),
            ["Limit"] = (ulong?)vm.MaximumMemoryMb ?? (vm.HasDynamicMemory ? memory * 4 : memory), ["Weight"] = 5000, ["DynamicMemoryEnabled"] = vm.HasDynamicMemory, ["TargetMemoryBuffer"] = 20, ["PoolID"] = "",
            ["SwapFilesInUse"] = false, ["ConsumerVisibility"] = 3,
        });
        var processor = t.Add(Ns, new("Msvm_ProcessorSettingData")
        {
            ["InstanceID"] = $@"{id}\{WellKnown.Processor}\0", ["ElementName"] = t.Words.Processor, ["ResourceType"] = 3, ["ResourceSubType"] = "Microsoft:Hyper-V:Processor",
            ["AllocationUnits"] = "percent / 1000", ["VirtualQuantityUnits"] = "count", ["VirtualQuantity"] = (ulong)vm.Processors, ["Reservation"] = (ulong)vm.ProcessorReservePercent * 1000,
            ["Limit"] = (ulong)vm.ProcessorLimitPercent * 1000, ["Weight"] = vm.ProcessorWeight, ["LimitProcessorFeatures"] = vm.LimitsProcessorFeatures, ["LimitCPUID"] = false, ["PoolID"] = "", ["ConsumerVisibility"] = 3,
        });
        if (t.Since("2016"))
        {
            processor["ExposeVirtualizationExtensions"] = vm.ExposesVirtualization;
        }
    }

    /// <summary>What every VM of its generation has besides controllers and drives.</summary>
    private void WriteFixed(LabVm vm, string id)
    {
        Fixed(id, WellKnown.SyntheticVideo, t.Words.Display, 24, "Microsoft:Hyper-V:Synthetic Display Controller");
        Fixed(id, WellKnown.SyntheticMouse, t.Words.Mouse, 13, "Microsoft:Hyper-V:Synthetic Mouse");
        if (vm.HasRemoteFx)
        {
            Fixed(id, Ids.Of($"remotefx/{vm.Id}").Upper(), t.Words.Display, 24, "Microsoft:Hyper-V:Synthetic 3D Display Controller");
        }

        if (vm.Generation == 2)
        {
            if (!vm.Pipes.IsEmpty)
            {
                Fixed(id, WellKnown.Serial + @"\0", "Serial Controller", 13, "Microsoft:Hyper-V:Serial Controller");
                WritePort(vm, id, 0);
                WritePort(vm, id, 1);
            }

            return;
        }

        Fixed(id, WellKnown.Keyboard + @"\Keyboard", t.Words.Keyboard, 13, "Microsoft:Hyper-V:Synthetic Keyboard");
        Fixed(id, WellKnown.Mouse + @"\Mouse", t.Words.Mouse, 13, "Microsoft:Hyper-V:Synthetic Mouse");
        Fixed(id, WellKnown.EmulatedVideo, t.Words.Display, 24, "Microsoft:Hyper-V:S3 Display Controller");
        Fixed(id, WellKnown.Floppy + @"\0", "Floppy Controller", 1, "Microsoft:Hyper-V:Virtual Diskette Controller");
        Fixed(id, WellKnown.Floppy + @"\0\0\D", t.Words.Floppy, 14, "Microsoft:Hyper-V:Synthetic Diskette Drive", parent: WellKnown.Floppy + @"\0", slot: 0);
        Fixed(id, WellKnown.Serial + @"\0", "Serial Controller", 13, "Microsoft:Hyper-V:Serial Controller");
        WritePort(vm, id, 0);
        WritePort(vm, id, 1);
        t.Add(Ns, new("Msvm_StorageAllocationSettingData")
        {
            ["InstanceID"] = $@"{id}\{WellKnown.Floppy}\0\0\L", ["ResourceType"] = 31, ["ResourceSubType"] = "Microsoft:Hyper-V:Virtual Floppy Disk", ["PoolID"] = "",
            ["Parent"] = t.Path(Ns, Resource, ("InstanceID", $@"{id}\{WellKnown.Floppy}\0\0\D")), ["HostResource"] = (string[])[vm.FloppyImage ?? ""],
        });
    }

    private LabInstance Fixed(string id, string device, string name, ushort type, string subType, string? parent = null, int? slot = null, string? address = null)
    {
        var row = t.Add(Ns, new LabInstance(Resource)
        {
            ["InstanceID"] = $@"{id}\{device}", ["ElementName"] = name, ["Caption"] = name, ["ResourceType"] = type, ["ResourceSubType"] = subType, ["PoolID"] = "",
            ["AutomaticAllocation"] = true, ["AutomaticDeallocation"] = true, ["ConsumerVisibility"] = 3, ["VirtualQuantity"] = 1UL, ["Weight"] = 0, ["Address"] = address ?? "",
        });
        if (parent is not null)
        {
            row["Parent"] = t.Path(Ns, Resource, ("InstanceID", $@"{id}\{parent}"));
            row["AddressOnParent"] = $"{slot}";
        }

        return row;
    }

    private void WriteAssigned(LabVm vm, string id)
    {
        foreach (string path in t.Since("2016") ? vm.AssignedDevices : [])
        {
            t.Add(Ns, new("Msvm_PciExpressSettingData")
            {
                ["InstanceID"] = $@"{id}\{Ids.Of($"pci/{vm.Id}/{path}").Upper()}", ["ResourceType"] = 32769, ["ResourceSubType"] = "Microsoft:Hyper-V:Virtual Pci Express Port",
                ["PoolID"] = "", ["HostResource"] = (string[])[path], ["VirtualQuantity"] = 1UL,
            });
        }

        for (int i = 0; t.Since("2022") && i < vm.GpuPartitions; i++)
        {
            t.Add(Ns, new("Msvm_GpuPartitionSettingData")
            {
                ["InstanceID"] = $@"{id}\{Ids.Of($"gpu/{vm.Id}/{i}").Upper()}", ["ResourceType"] = 32770, ["ResourceSubType"] = "Microsoft:Hyper-V:GPU Partition",
                ["PoolID"] = "", ["VirtualQuantity"] = 1UL,
            });
        }
    }

    private void WritePort(LabVm vm, string id, int number)
    {
        var row = Fixed(id, $@"{WellKnown.Serial}\0\{number}", $"{t.Words.SerialPort} {number + 1}", 21, "Microsoft:Hyper-V:Serial Port", parent: WellKnown.Serial + @"\0", slot: number);
        row["Connection"] = (string[])[number < vm.Pipes.Length ? vm.Pipes[number] ?? "" : ""];
    }

    /// <param name="checkpoint">Null: the active configuration.</param>
    private void WriteController(LabVm vm, LabController controller, string id, Guid? checkpoint)
    {
        bool isIde = controller.Kind == LabControllerKind.Ide;
        string device = isIde ? $@"{WellKnown.Ide}\{controller.Number}" : $@"{controller.Id.Upper()}\0";
        Fixed(id, device, isIde ? $"{t.Words.IdeController} {controller.Number}" : t.Words.ScsiController, isIde ? (ushort)5 : (ushort)6,
            isIde ? "Microsoft:Hyper-V:Emulated IDE Controller" : "Microsoft:Hyper-V:Synthetic SCSI Controller", address: isIde ? $"{controller.Number}" : "");
        foreach (var drive in controller.Drives)
        {
            bool isDisk = drive.Kind == LabDriveKind.Disk;
            string bay = $@"{device}\{drive.Slot}\D";
            var row = Fixed(id, bay, isDisk ? t.Words.HardDrive : t.Words.DvdDrive, isDisk ? (ushort)17 : (ushort)16,
                (isDisk, drive.HostDisk) switch
                {
                    (true, null) => "Microsoft:Hyper-V:Synthetic Disk Drive",
                    (true, _) => "Microsoft:Hyper-V:Physical Disk Drive",
                    _ => "Microsoft:Hyper-V:Synthetic DVD Drive",
                }, device, drive.Slot);
            if (drive.HostDisk is { } number)
            {
                row["HostResource"] = (string[])[t.Path(Ns, "Msvm_DiskDrive", ("CreationClassName", "Msvm_DiskDrive"), ("DeviceID", $@"Microsoft:{WellKnown.HostDisk}\{number}"),
                    ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", t.Description.Name))];
            }

            if (vm.ImageOf(drive, checkpoint) is { } image)
            {
                WriteImage(drive, image, id, bay, isDisk);
            }

            if (checkpoint is null && isDisk)
            {
                AddDisk($"Microsoft:{bay}", vm.Id.Upper(), t.Words.HardDrive, null);
            }
        }
    }

    private void WriteImage(LabDrive drive, string image, string id, string bay, bool isDisk)
    {
        var row = t.Add(Ns, new("Msvm_StorageAllocationSettingData")
        {
            ["InstanceID"] = $@"{id}\{bay[..^1]}L", ["ElementName"] = isDisk ? t.Words.HardDiskImage : t.Words.DvdImage, ["ResourceType"] = 31,
            ["ResourceSubType"] = isDisk ? "Microsoft:Hyper-V:Virtual Hard Disk" : "Microsoft:Hyper-V:Virtual CD/DVD Disk", ["PoolID"] = "",
            ["Parent"] = t.Path(Ns, Resource, ("InstanceID", $@"{id}\{bay}")), ["HostResource"] = (string[])[image], ["Access"] = 3, ["VirtualQuantity"] = 1UL,
            ["AutomaticAllocation"] = true, ["AutomaticDeallocation"] = true, ["ConsumerVisibility"] = 3,
        });
        if (t.Since("2012R2"))
        {
            row["IOPSLimit"] = drive.MaximumIops;
            row["IOPSReservation"] = drive.MinimumIops;
            row["PersistentReservationsSupported"] = drive.IsShared;
        }
    }

    private void AddDisk(string device, string system, string name, uint? number) => t.Add(Ns, new("Msvm_DiskDrive")
    {
        ["CreationClassName"] = "Msvm_DiskDrive", ["DeviceID"] = device, ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = system, ["ElementName"] = name,
        ["DriveNumber"] = number, ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["InstallDate"] = WellKnown.Never,
    });
}
