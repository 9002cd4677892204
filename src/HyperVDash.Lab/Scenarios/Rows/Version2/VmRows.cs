using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows.Version2;

/// <summary>Virtual machines and their settings as 2012 and later list them.</summary>
internal sealed class VmRows(HostTables t)
{
    private const string Ns = HostTables.V2;

    public void Write()
    {
        WriteHost();
        WriteTemplates();
        var devices = new DeviceRows(t);
        devices.WriteHostDisks();
        foreach (var vm in t.Description.Vms)
        {
            WriteVm(vm);
            var now = vm.RunsOn ?? vm.Checkpoints.LastOrDefault()?.Id;
            WriteSettings(vm, vm.Id, vm.Name, "Microsoft:Hyper-V:System:Realized", vm.CreatedAt, now, isSaved: vm.State is LabVmState.Saved or LabVmState.FastSaved);
            devices.Write(vm, vm.Id, isLive: true);
            foreach (var checkpoint in vm.Checkpoints)
            {
                string type = checkpoint.Kind switch
                {
                    LabCheckpointKind.Backup => "Microsoft:Hyper-V:Snapshot:Recovery",
                    LabCheckpointKind.Replica => "Microsoft:Hyper-V:Snapshot:Replica:Standard",
                    LabCheckpointKind.Missing => "Microsoft:Hyper-V:Snapshot:Missing",
                    _ => "Microsoft:Hyper-V:Snapshot:Realized",
                };
                WriteSettings(vm, checkpoint.Id, checkpoint.Name, type, checkpoint.CreatedAt, checkpoint.ParentId, checkpoint.HasSavedState);
                devices.Write(vm, checkpoint.Id, isLive: false);
            }
        }

        GuestRows.Write(t, Ns);
    }

    public static int StateNumber(LabVmState state) => state switch
    {
        LabVmState.Running => 2, LabVmState.Off => 3, LabVmState.Stopping => 4, LabVmState.Saved => 6, LabVmState.Paused => 9, LabVmState.Starting => 10,
        LabVmState.Resetting => 11, LabVmState.Saving => 32773, LabVmState.Pausing => 32776, LabVmState.Resuming => 32777, LabVmState.FastSaved => 32779,
        LabVmState.Other => 32783, _ => 0,
    };

    public static string VersionOf(HostTables t, LabVm vm) => vm.Version ?? t.Description.Release switch
    {
        "2012" => "4.0", "2012R2" => "5.0", "2016" => "8.0", "2022" => "10.0", _ => "12.0",
    };

    private void WriteHost()
    {
        var d = t.Description;
        t.Add(Ns, new("Msvm_ComputerSystem")
        {
            ["Name"] = d.Name, ["ElementName"] = d.Name, ["CreationClassName"] = "Msvm_ComputerSystem", ["Caption"] = t.Words.HostingComputer, ["Description"] = t.Words.HostDescription,
            ["EnabledDefault"] = 2, ["EnabledState"] = 2, ["RequestedState"] = 12, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2],
            ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Status"] = "OK", ["InstallDate"] = WellKnown.Never, ["TimeOfLastStateChange"] = WellKnown.Never,
            ["TimeOfLastConfigurationChange"] = WellKnown.Never, ["NumberOfNumaNodes"] = 2, ["ResetCapability"] = 1, ["Dedicated"] = (ushort[])[0],
        });

        // Association tables hold such rows on real hosts.
        t.Add(Ns, new("Msvm_ElementSettingData"));
    }

    private void WriteVm(LabVm vm)
    {
        var row = t.Add(Ns, new("Msvm_ComputerSystem")
        {
            ["Name"] = vm.Id.Upper(), ["ElementName"] = vm.Name, ["CreationClassName"] = "Msvm_ComputerSystem", ["Caption"] = t.Words.VirtualMachine,
            ["Description"] = t.Words.VirtualMachineDescription, ["EnabledDefault"] = 3, ["EnabledState"] = StateNumber(vm.State), ["RequestedState"] = 12,
            ["HealthState"] = vm.HealthState, ["OperationalStatus"] = vm.OperationalStatus.ToArray(), ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Status"] = "OK",
            ["InstallDate"] = vm.CreatedAt, ["OnTimeInMilliseconds"] = 0UL, ["ProcessID"] = vm.HasWorker ? WindowsRows.ProcessOf(vm.Id) : null,
            ["TimeOfLastStateChange"] = vm.StateChangedAt ?? vm.StartedAt ?? vm.CreatedAt, ["TimeOfLastConfigurationChange"] = vm.ConfigurationChangedAt ?? vm.CreatedAt,
            ["NumberOfNumaNodes"] = 1, ["ReplicationState"] = vm.Replication?.State ?? 0, ["ReplicationHealth"] = vm.Replication?.Health ?? 0,
            ["ReplicationMode"] = vm.Replication?.Mode ?? 0, ["FailedOverReplicationType"] = 0, ["LastReplicationType"] = vm.Replication is null ? 0 : 1,
            ["LastReplicationTime"] = vm.Replication?.LastReplicatedAt ?? WellKnown.Never,
            ["LastApplicationConsistentReplicationTime"] = vm.Replication?.LastConsistentAt ?? WellKnown.Never,
            ["LastSuccessfulBackupTime"] = vm.LastBackupAt ?? WellKnown.Never, ["ResetCapability"] = 1,
        });
        if (vm.Replication is { } replication)
        {
            WriteReplication(vm, replication, row);
        }

        if (t.Since("2012R2"))
        {
            row["EnhancedSessionModeState"] = 3;
        }

        if (vm is { HasWorker: true, StartedAt: { } start })
        {
            t.Moves(now => row["OnTimeInMilliseconds"] = (ulong)Math.Max(0, (now - start).TotalMilliseconds));
        }

        t.Add(Ns, new("Msvm_ElementSettingData")
        {
            ["ManagedElement"] = new LabReference("Msvm_ComputerSystem", ("CreationClassName", "Msvm_ComputerSystem"), ("Name", vm.Id.Upper())),
            ["SettingData"] = new LabReference("Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{vm.Id.Upper()}")), ["IsCurrent"] = 1, ["IsDefault"] = 2,
        });
    }

    private void WriteReplication(LabVm vm, LabReplication replication, LabInstance system)
    {
        string id = $@"Microsoft:{vm.Id.Upper()}\HVR\0";
        var settings = t.Add(Ns, new("Msvm_ReplicationSettingData")
        {
            ["InstanceID"] = id, ["RecoveryConnectionPoint"] = replication.Server, ["RecoveryHostSystem"] = replication.Server, ["RecoveryServerPortNumber"] = 80, ["AuthenticationType"] = 1,
        });
        if (t.Since("2012R2"))
        {
            settings["ReplicationInterval"] = replication.Interval;
            var relation = t.Add(Ns, new("Msvm_ReplicationRelationship")
            {
                ["InstanceID"] = id, ["ReplicationState"] = replication.State, ["ReplicationHealth"] = replication.Health, ["FailedOverReplicationType"] = 0, ["LastReplicationType"] = 1,
                ["LastReplicationTime"] = replication.LastReplicatedAt ?? WellKnown.Never, ["LastApplyTime"] = replication.LastReplicatedAt ?? WellKnown.Never,
                ["LastApplicationConsistentReplicationTime"] = replication.LastConsistentAt ?? WellKnown.Never,
                ["LastTestFailoverInitiatedTime"] = replication.LastTestFailoverAt ?? WellKnown.Never,
            });
            if (replication is { GoesOn: true, LastReplicatedAt: { } last })
            {
                var cycle = TimeSpan.FromSeconds(replication.Interval);
                t.Happens(now => system["LastReplicationTime"] = relation["LastReplicationTime"] = relation["LastApplyTime"] = last + (cycle * Math.Floor(Math.Max(0, (now - last) / cycle))));
            }
        }
    }

    private void WriteSettings(LabVm vm, Guid id, string name, string type, DateTimeOffset created, Guid? parent, bool isSaved)
    {
        string root = vm.Folder ?? $@"D:\Hyper-V\{vm.Id.Upper()}";
        var row = t.Add(Ns, new("Msvm_VirtualSystemSettingData")
        {
            ["InstanceID"] = $"Microsoft:{id.Upper()}", ["ElementName"] = name, ["Caption"] = t.Words.Settings, ["Description"] = t.Words.Settings, ["VirtualSystemType"] = type,
            ["VirtualSystemIdentifier"] = vm.Id.Upper(), ["ConfigurationID"] = id.Upper(), ["CreationTime"] = created, ["Notes"] = vm.Notes.ToArray(),
            ["Version"] = VersionOf(t, vm), ["ConfigurationDataRoot"] = root, ["ConfigurationFile"] = $@"Virtual Machines\{id.Upper()}.{(t.Since("2016") ? "vmcx" : "xml")}",
            ["SnapshotDataRoot"] = root, ["SuspendDataRoot"] = root, ["SwapFileDataRoot"] = vm.PagingFolder ?? root, ["LogDataRoot"] = root, ["AutomaticStartupAction"] = 3,
            ["AutomaticStartupActionDelay"] = TimeSpan.FromSeconds(vm.StartDelaySeconds), ["AutomaticStartupActionSequenceNumber"] = 0, ["AutomaticShutdownAction"] = 3, ["AutomaticRecoveryAction"] = 3,
            ["BootOrder"] = vm.Generation == 1 ? vm.BootOrder.ToArray() : null, ["BIOSGUID"] = (vm.BiosId ?? vm.Id).ToString("B").ToUpperInvariant(), ["BIOSNumLock"] = false, ["IsSaved"] = isSaved,
            ["BIOSSerialNumber"] = SerialOf(vm.Id), ["BaseBoardSerialNumber"] = SerialOf(vm.Id), ["ChassisSerialNumber"] = SerialOf(vm.Id), ["ChassisAssetTag"] = SerialOf(vm.Id),
            ["IncrementalBackupEnabled"] = false, ["VirtualNumaEnabled"] = !vm.HasDynamicMemory, ["AllowFullSCSICommandSet"] = vm.AllowsFullScsi, ["DebugPortEnabled"] = 0, ["DebugPort"] = 0,
            ["DebugChannelId"] = uint.MaxValue, ["Parent"] = parent is { } p ? t.Path(Ns, "Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{p.Upper()}")) : null,
        });
        if (t.Since("2012R2"))
        {
            row["VirtualSystemSubType"] = $"Microsoft:Hyper-V:SubType:{vm.Generation}";
            row["SecureBootEnabled"] = vm.Generation == 2 && vm.IsSecureBoot;
            row["LowMmioGapSize"] = 128UL;
            row["PauseAfterBootFailure"] = false;
            row["NetworkBootPreferredProtocol"] = 4096;
        }

        if (t.Since("2016"))
        {
            row["UserSnapshotType"] = vm.CheckpointPolicy;
            row["AutomaticCriticalErrorAction"] = 1;
            row["AutomaticCriticalErrorActionTimeout"] = TimeSpan.FromMinutes(30);
            row["SecureBootTemplateId"] = vm.Generation == 2 ? (vm.SecureBootTemplate ?? (vm.Guest.OsName?.StartsWith("Win", StringComparison.Ordinal) ?? true ? WellKnown.WindowsTemplate : WellKnown.UefiTemplate)).ToString() : null;
            var security = t.Add(Ns, new("Msvm_SecuritySettingData")
            {
                ["InstanceID"] = $@"Microsoft:{id.Upper()}\{Ids.Of("security").Upper()}", ["TpmEnabled"] = vm.HasTpm, ["ShieldingRequested"] = vm.IsShielded,
                ["EncryptStateAndVmMigrationTraffic"] = vm.IsShielded, ["KsdEnabled"] = false,
            });
            if (t.Since("2022"))
            {
                security["VirtualizationBasedSecurityOptOut"] = false;
            }
        }

        if (t.Since("2022"))
        {
            row["AutomaticSnapshotsEnabled"] = vm.TakesAutomaticCheckpoints;
            row["IsAutomaticSnapshot"] = false;
            row["GuestStateDataRoot"] = root;
            row["EnhancedSessionTransportType"] = 0;
        }
    }

    private static string SerialOf(Guid id) => $"{id.GetHashCode() & 0x7FFFFFFF:D10}".Insert(4, "-");

    private void WriteTemplates()
    {
        foreach (string version in t.Description.Release switch
        {
            "2012" => (string[])["4.0"], "2012R2" => ["5.0"], "2016" => ["5.0", "8.0"], "2022" => ["8.0", "9.0", "10.0"], _ => ["8.0", "9.0", "10.0", "12.0"],
        })
        {
            t.Add(Ns, new("Msvm_VirtualSystemSettingData")
            {
                ["InstanceID"] = $@"Microsoft:Definition\{Ids.Of($"definition/{version}").Upper()}", ["ElementName"] = t.Words.Settings, ["Version"] = version,
                ["VirtualSystemType"] = "Microsoft:Hyper-V:System:Definition", ["CreationTime"] = WellKnown.Never,
            });
        }

        Templates.Write(t, Ns, "Msvm_MemorySettingData", 4, "Microsoft:Hyper-V:Memory");
        Templates.Write(t, Ns, "Msvm_ProcessorSettingData", 3, "Microsoft:Hyper-V:Processor");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 5, "Microsoft:Hyper-V:Emulated IDE Controller");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 6, "Microsoft:Hyper-V:Synthetic SCSI Controller");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 17, "Microsoft:Hyper-V:Synthetic Disk Drive");
        Templates.Write(t, Ns, "Msvm_ResourceAllocationSettingData", 16, "Microsoft:Hyper-V:Synthetic DVD Drive");
        Templates.Write(t, Ns, "Msvm_StorageAllocationSettingData", 31, "Microsoft:Hyper-V:Virtual Hard Disk");
        Templates.Write(t, Ns, "Msvm_StorageAllocationSettingData", 31, "Microsoft:Hyper-V:Virtual CD/DVD Disk");
        Templates.Write(t, Ns, "Msvm_SyntheticEthernetPortSettingData", 10, "Microsoft:Hyper-V:Synthetic Ethernet Port");
        Templates.Write(t, Ns, "Msvm_EmulatedEthernetPortSettingData", 10, "Microsoft:Hyper-V:Emulated Ethernet Port");
        Templates.Write(t, Ns, "Msvm_EthernetPortAllocationSettingData", 33, "Microsoft:Hyper-V:Ethernet Connection");
        t.Add(Ns, new("Msvm_EthernetSwitchPortVlanSettingData") { ["InstanceID"] = $@"Microsoft:Definition\{Ids.Of("vlan").Upper()}\Default", ["OperationMode"] = 0 });
    }
}
