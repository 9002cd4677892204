using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version1;

/// <summary>Memory, processors, controllers, drives, images and adapters of a VM or of one of its checkpoints.</summary>
internal sealed class DeviceRows(HostTables t)
{
    private const string Ns = HostTables.V1;
    private const string Resource = "Msvm_ResourceAllocationSettingData";

    public void Write(LabVm vm, Guid owner, bool isLive)
    {
        string id = $"Microsoft:{owner.Upper()}";
        WriteMemory(vm, id);
        WriteFixed(vm, id);
        foreach (var controller in vm.Controllers)
        {
            WriteController(vm, controller, id, isLive ? null : owner);
        }

        foreach (var nic in vm.Nics)
        {
            WriteNic(nic, id);
        }
    }

    public void WriteHostDisks()
    {
        var numbers = t.Description.Vms.SelectMany(v => v.Controllers).SelectMany(c => c.Drives).Where(d => !d.IsHostDiskGone).Select(d => d.HostDisk).OfType<int>().Distinct().Order();
        foreach (int number in numbers)
        {
            AddDisk($@"Microsoft:{WellKnown.HostDisk}\{number}", t.Description.Name, $"Disk {number}", (uint)number);
        }
    }

    private void WriteMemory(LabVm vm, string id)
    {
        ulong memory = (ulong)vm.MemoryMb;
        bool isDynamic = vm.HasDynamicMemory && t.Since("2008R2");
        var row = t.Add(Ns, new("Msvm_MemorySettingData")
        {
            ["InstanceID"] = $@"{id}\{WellKnown.Memory}", ["ElementName"] = t.Words.Memory, ["ResourceType"] = 4, ["ResourceSubType"] = "Microsoft Virtual Machine Memory",
            ["AllocationUnits"] = "MB", ["VirtualQuantity"] = memory, ["Reservation"] = isDynamic ? (ulong?)vm.MinimumMemoryMb ?? memory / 2 : memory,
            ["Limit"] = isDynamic ? (ulong?)vm.MaximumMemoryMb ?? memory * 4 : memory, ["Weight"] = 5000, ["PoolID"] = "", ["IsVirtualized"] = true,
        });
        if (t.Since("2008R2"))
        {
            row["DynamicMemoryEnabled"] = vm.HasDynamicMemory;
            row["TargetMemoryBuffer"] = 20;
        }

        t.Add(Ns, new("Msvm_ProcessorSettingData")
        {
            ["InstanceID"] = $@"{id}\{WellKnown.Processor}\0", ["ElementName"] = t.Words.Processor, ["ResourceType"] = 3, ["ResourceSubType"] = "Microsoft Processor",
            ["AllocationUnits"] = "count", ["VirtualQuantity"] = (ulong)vm.Processors, ["Reservation"] = (ulong)vm.ProcessorReservePercent * 1000,
            ["Limit"] = (ulong)vm.ProcessorLimitPercent * 1000, ["Weight"] = vm.ProcessorWeight, ["PoolID"] = "",
            ["LimitProcessorFeatures"] = vm.LimitsProcessorFeatures, ["LimitCPUID"] = false, ["ProcessorsPerSocket"] = vm.Processors, ["SocketCount"] = 1, ["ThreadsEnabled"] = false,
        });
    }

    private void WriteFixed(LabVm vm, string id)
    {
        Add(id, WellKnown.Keyboard + @"\Keyboard", t.Words.Keyboard, 13, "Microsoft Synthetic Keyboard");
        Add(id, WellKnown.Mouse + @"\Mouse", t.Words.Mouse, 13, "Microsoft Synthetic Mouse");
        Add(id, WellKnown.EmulatedVideo, t.Words.Display, 20, "Microsoft Emulated Display Controller");
        Add(id, WellKnown.SyntheticVideo, t.Words.Display, 20, "Microsoft Synthetic Display Controller");
        Add(id, WellKnown.Floppy + @"\0", "Floppy Controller", 1, "Microsoft Virtual Diskette Controller");
        Add(id, WellKnown.Floppy + @"\0\0\D", t.Words.Floppy, 14, "Microsoft Synthetic Diskette Drive", WellKnown.Floppy + @"\0", "0");
        for (int port = 0; port < 2; port++)
        {
            Add(id, $@"{WellKnown.Serial}\0\{port}", $"{t.Words.SerialPort} {port + 1}", 17, "Microsoft Serial Port", null, $"{port}")["Connection"] =
                (string[])[port < vm.Pipes.Length ? vm.Pipes[port] ?? "" : ""];
        }

        if (vm.FloppyImage is { } floppy)
        {
            Add(id, WellKnown.Floppy + @"\0\0\L", t.Words.Floppy, 21, "Microsoft Virtual Floppy Disk", WellKnown.Floppy + @"\0\0\D")["Connection"] = (string[])[floppy];
        }
    }

    private LabInstance Add(string id, string device, string name, ushort type, string subType, string? parent = null, string? address = null) =>
        t.Add(Ns, new LabInstance(Resource)
        {
            ["InstanceID"] = $@"{id}\{device}", ["ElementName"] = name, ["Caption"] = name, ["ResourceType"] = type, ["ResourceSubType"] = subType, ["PoolID"] = "",
            ["AutomaticAllocation"] = true, ["AutomaticDeallocation"] = true, ["ConsumerVisibility"] = 3, ["VirtualQuantity"] = 1UL, ["Weight"] = 0, ["Address"] = address ?? "",
            ["Parent"] = parent is null ? null : t.Path(Ns, Resource, ("InstanceID", $@"{id}\{parent}")),
        });

    /// <param name="checkpoint">Null: the active configuration.</param>
    private void WriteController(LabVm vm, LabController controller, string id, Guid? checkpoint)
    {
        bool isIde = controller.Kind == LabControllerKind.Ide;
        string device = isIde ? $@"{WellKnown.Ide}\{controller.Number}" : $@"{controller.Id.Upper()}\0";
        Add(id, device, isIde ? $"{t.Words.IdeController} {controller.Number}" : t.Words.ScsiController, isIde ? (ushort)5 : (ushort)6,
            isIde ? "Microsoft Emulated IDE Controller" : "Microsoft Synthetic SCSI Controller", null, isIde ? $"{controller.Number}" : "");
        foreach (var drive in controller.Drives)
        {
            bool isDisk = drive.Kind == LabDriveKind.Disk;
            string bay = $@"{device}\{drive.Slot}\D";
            var row = Add(id, bay, isDisk ? t.Words.HardDrive : t.Words.DvdDrive, isDisk ? (ushort)22 : (ushort)16,
                (isDisk, drive.HostDisk) switch
                {
                    (true, null) => "Microsoft Synthetic Disk Drive",
                    (true, _) => "Microsoft Physical Disk Drive",
                    _ => "Microsoft Synthetic DVD Drive",
                }, device, $"{drive.Slot}");
            if (drive.HostDisk is { } number)
            {
                row["HostResource"] = (string[])[t.Path(Ns, "Msvm_DiskDrive", ("CreationClassName", "Msvm_DiskDrive"), ("DeviceID", $@"Microsoft:{WellKnown.HostDisk}\{number}"),
                    ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", t.Description.Name))];
            }

            if (vm.ImageOf(drive, checkpoint) is { } path)
            {
                var image = Add(id, $"{bay[..^1]}L", isDisk ? t.Words.HardDiskImage : t.Words.DvdImage, 21, isDisk ? "Microsoft Virtual Hard Disk" : "Microsoft Virtual CD/DVD Disk", bay);
                image["Connection"] = (string[])[path];
            }

            if (checkpoint is null && isDisk)
            {
                AddDisk($"Microsoft:{bay}", vm.Id.Upper(), t.Words.HardDrive, null);
            }
        }
    }

    private void AddDisk(string device, string system, string name, uint? number) => t.Add(Ns, new("Msvm_DiskDrive")
    {
        ["CreationClassName"] = "Msvm_DiskDrive", ["DeviceID"] = device, ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = system, ["ElementName"] = name,
        ["DriveNumber"] = number, ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["InstallDate"] = WellKnown.Never,
    });

    private void WriteNic(LabNic nic, string id)
    {
        string className = nic.IsLegacy ? "Msvm_EmulatedEthernetPortSettingData" : "Msvm_SyntheticEthernetPortSettingData";
        t.Add(Ns, new(className)
        {
            ["InstanceID"] = $@"{id}\{nic.Id.Upper()}{(nic.IsLegacy ? @"\0" : "")}", ["ElementName"] = nic.Name ?? (nic.IsLegacy ? t.Words.LegacyNetworkAdapter : t.Words.NetworkAdapter),
            ["Address"] = nic.Mac, ["StaticMacAddress"] = nic.HasStaticMac, ["ResourceType"] = 10, ["PoolID"] = "", ["VirtualQuantity"] = 1UL, ["Weight"] = 0,
            ["ResourceSubType"] = nic.IsLegacy ? "Microsoft Emulated Ethernet Port" : "Microsoft Synthetic Ethernet Port", ["VirtualSystemIdentifiers"] = (string[])[nic.Id.ToString("B")],
            ["Connection"] = (string[])[nic.SwitchId is { } target ? t.Path(Ns, "Msvm_SwitchPort", SwitchRows.PortKeys(target, SwitchRows.PortOf(nic))) : ""],
        });
    }
}
