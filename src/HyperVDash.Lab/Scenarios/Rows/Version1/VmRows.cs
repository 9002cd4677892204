using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version1;

/// <summary>Virtual machines and their settings as 2008 and 2008 R2 list them (and 2012 beside its own namespace).</summary>
internal sealed class VmRows(HostTables t)
{
    private const string Ns = HostTables.V1;

    public void Write()
    {
        WriteHost();
        WriteTemplates();
        var devices = new DeviceRows(t);
        devices.WriteHostDisks();
        foreach (var vm in t.Description.Vms)
        {
            WriteVm(vm);
            WriteSettings(vm, vm.Id, vm.Name, 3, vm.CreatedAt, vm.RunsOn ?? vm.Checkpoints.LastOrDefault()?.Id);
            WriteGlobal(vm);
            devices.Write(vm, vm.Id, isLive: true);
            foreach (var checkpoint in vm.Checkpoints)
            {
                WriteSettings(vm, checkpoint.Id, checkpoint.Name, 5, checkpoint.CreatedAt, checkpoint.ParentId);
                devices.Write(vm, checkpoint.Id, isLive: false);
            }
        }

        GuestRows.Write(t, Ns);
    }

    public static int StateNumber(LabVmState state) => state switch
    {
        LabVmState.Running => 2, LabVmState.Off => 3, LabVmState.Stopping => 32774, LabVmState.Saved or LabVmState.FastSaved => 32769, LabVmState.Paused => 32768,
        LabVmState.Starting => 32770, LabVmState.Resetting => 11, LabVmState.Saving => 32773, LabVmState.Pausing => 32776, LabVmState.Resuming => 32777, LabVmState.Other => 1, _ => 0,
    };

    private void WriteHost()
    {
        var d = t.Description;
        t.Add(Ns, new("Msvm_ComputerSystem")
        {
            ["Name"] = d.Name, ["ElementName"] = d.Name, ["CreationClassName"] = "Msvm_ComputerSystem", ["Caption"] = t.Words.HostingComputer, ["Description"] = t.Words.HostDescription,
            ["EnabledDefault"] = 2, ["EnabledState"] = 2, ["RequestedState"] = 12, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2],
            ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Status"] = "OK", ["InstallDate"] = WellKnown.Never, ["TimeOfLastStateChange"] = WellKnown.Never,
            ["TimeOfLastConfigurationChange"] = WellKnown.Never, ["ResetCapability"] = 1,
        });
    }

    private void WriteVm(LabVm vm)
    {
        var row = t.Add(Ns, new("Msvm_ComputerSystem")
        {
            ["Name"] = vm.Id.Upper(), ["ElementName"] = vm.Name, ["CreationClassName"] = "Msvm_ComputerSystem", ["Caption"] = t.Words.VirtualMachine,
            ["Description"] = t.Words.VirtualMachineDescription, ["EnabledDefault"] = 2, ["EnabledState"] = StateNumber(vm.State), ["RequestedState"] = 12,
            ["HealthState"] = vm.HealthState, ["OperationalStatus"] = vm.OperationalStatus.ToArray(), ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Status"] = "OK",
            ["InstallDate"] = WellKnown.Never, ["OnTimeInMilliseconds"] = 0UL, ["ProcessID"] = vm.HasWorker ? WindowsRows.ProcessOf(vm.Id) : null,
            ["TimeOfLastStateChange"] = vm.StateChangedAt ?? vm.StartedAt ?? vm.CreatedAt, ["TimeOfLastConfigurationChange"] = vm.ConfigurationChangedAt ?? vm.CreatedAt,
            ["ResetCapability"] = 1,
        });
        if (t.Since("2008R2"))
        {
            row["AssignedNumaNodeList"] = (ushort[])[0];
        }

        if (vm is { HasWorker: true, StartedAt: { } start })
        {
            t.Moves(now => row["OnTimeInMilliseconds"] = (ulong)Math.Max(0, (now - start).TotalMilliseconds));
        }
    }

    private void WriteSettings(LabVm vm, Guid id, string name, int type, DateTimeOffset created, Guid? parent)
    {
        var row = t.Add(Ns, new("Msvm_VirtualSystemSettingData")
        {
            ["InstanceID"] = $"Microsoft:{id.Upper()}", ["ElementName"] = name, ["Caption"] = t.Words.Settings, ["Description"] = t.Words.Settings, ["SystemName"] = vm.Id.Upper(),
            ["SettingType"] = type, ["VirtualSystemType"] = 301, ["CreationTime"] = created, ["Notes"] = string.Join("\n", vm.Notes), ["BootOrder"] = vm.BootOrder.ToArray(),
            ["BIOSGUID"] = (vm.BiosId ?? vm.Id).ToString("B").ToUpperInvariant(), ["BIOSNumLock"] = false, ["BIOSSerialNumber"] = "0001-0002", ["BaseBoardSerialNumber"] = "0001-0002",
            ["ChassisSerialNumber"] = "0001-0002", ["ChassisAssetTag"] = "0001-0002",
            ["Parent"] = parent is { } p ? t.Path(Ns, "Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{p.Upper()}")) : null,
        });
        if (t.Since("2008R2"))
        {
            row["NumaNodesAreRequired"] = false;
        }
    }

    private void WriteGlobal(LabVm vm)
    {
        string root = vm.Folder ?? $@"D:\Hyper-V\{vm.Id.Upper()}";
        var row = t.Add(Ns, new("Msvm_VirtualSystemGlobalSettingData")
        {
            ["InstanceID"] = $@"Microsoft:{vm.Id.Upper()}\Global", ["ElementName"] = t.Words.GlobalSettings, ["CreationTime"] = vm.CreatedAt,
            ["ExternalDataRoot"] = root, ["SnapshotDataRoot"] = root, ["AutomaticStartupAction"] = 1, ["AutomaticShutdownAction"] = 1,
            ["AutomaticRecoveryAction"] = 1, ["AutomaticStartupActionDelay"] = TimeSpan.FromSeconds(vm.StartDelaySeconds), ["ScopeOfResidence"] = "",
        });
        if (t.Since("2008R2"))
        {
            row["SystemName"] = vm.Id.Upper();
            row["SettingType"] = 32768;
            row["Version"] = "2.0";
            row["AllowFullSCSICommandSet"] = vm.AllowsFullScsi;
        }
    }

    private void WriteTemplates()
    {
        Templates.Write(t, Ns, "Msvm_MemorySettingData", 4, "Microsoft Virtual Machine Memory");
        Templates.Write(t, Ns, "Msvm_ProcessorSettingData", 3, "Microsoft Processor");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 5, "Microsoft Emulated IDE Controller");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 6, "Microsoft Synthetic SCSI Controller");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 22, "Microsoft Synthetic Disk Drive");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 16, "Microsoft Synthetic DVD Drive");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 21, "Microsoft Virtual Hard Disk");

        // One recorded host really has two backslashes here.
        Templates.Write(t, Ns, "Msvm_SyntheticEthernetPortSettingData", 10, "Microsoft Synthetic Ethernet Port", @"\\");
        Templates.Write(t, Ns, "Msvm_EmulatedEthernetPortSettingData", 10, "Microsoft Emulated Ethernet Port");
    }
}
