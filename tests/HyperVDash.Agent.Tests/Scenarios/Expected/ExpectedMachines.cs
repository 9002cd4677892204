using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>VMs, their checkpoints and their fast numbers.</summary>
internal static class ExpectedMachines
{
    public static VirtualMachineList VirtualMachines(DescribedHost h) =>
        new() { Items = [.. h.Host.Vms.Select(v => Vm(h, v)).OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase).ThenBy(v => v.Id)] };

    private static VirtualMachine Vm(DescribedHost h, LabVm vm)
    {
        string folder = vm.Folder ?? $@"D:\Hyper-V\{vm.Id.Upper()}";
        return new VirtualMachine(vm.Id, vm.Name)
        {
            State = vm.State switch { LabVmState.FastSaved => VirtualMachineState.Saved, var state => Enum.Parse<VirtualMachineState>($"{state}") },
            StateCode = h.IsOld ? OldState(vm.State) : NewState(vm.State),
            Health = vm.HealthState is 20 or 25 || vm.OperationalStatus[0] == 6 ? VirtualMachineHealth.Critical : vm.OperationalStatus[0] is 3 or 5 ? VirtualMachineHealth.Degraded : VirtualMachineHealth.Ok,
            OperationalStatus = [.. vm.OperationalStatus.Select(s => (int)s)],
            StartedAt = vm.StartedAt,
            StateChangedAt = vm.StateChangedAt ?? vm.StartedAt ?? vm.CreatedAt,
            ConfigurationChangedAt = vm.ConfigurationChangedAt ?? vm.CreatedAt,
            Generation = h.Since("2012R2") ? vm.Generation : 1,
            ConfigurationVersion = !h.Since("2008R2") ? null : h.IsOld ? "2.0" : vm.Version ?? h.Host.Release switch { "2012" => "4.0", "2012R2" => "5.0", "2016" => "8.0", "2022" => "10.0", _ => "12.0" },
            CreatedAt = vm.CreatedAt,
            Notes = vm.Notes.IsEmpty ? null : string.Join('\n', vm.Notes),
            ConfigurationPath = folder,
            CheckpointPath = folder,
            SmartPagingPath = h.IsOld ? null : vm.PagingFolder ?? folder,
            Processors = vm.Processors,
            StartupMemory = MiB(vm.MemoryMb),
            MinimumMemory = MiB(vm.MinimumMemoryMb ?? (vm.HasDynamicMemory ? vm.MemoryMb / 2 : vm.MemoryMb)),
            MaximumMemory = MiB(vm.MaximumMemoryMb ?? (vm.HasDynamicMemory ? vm.MemoryMb * 4 : vm.MemoryMb)),
            IsDynamicMemory = h.Since("2008R2") ? vm.HasDynamicMemory : null,
            MemoryBufferPercent = vm.HasDynamicMemory ? 20 : null,
            MemoryWeight = 5000,
            BootOrder = vm.Generation == 1 ? [.. vm.BootOrder.Select(b => b switch { 0 => BootDevice.Floppy, 1 => BootDevice.Cd, 2 => BootDevice.IdeDisk, _ => BootDevice.Network })] : null,
            StartAction = AutomaticStartAction.RestartIfRunning,
            StopAction = AutomaticStopAction.Save,
            StartDelay = TimeSpan.FromSeconds(vm.StartDelaySeconds),
            IsSecureBoot = h.Since("2012R2") ? vm.Generation == 2 && vm.IsSecureBoot : null,
            SecureBootTemplate = !h.Since("2016") || vm.Generation == 1 ? null
                : vm.SecureBootTemplate is { } template ? template
                : vm.Guest.OsName is { } os && !os.StartsWith("Win", StringComparison.Ordinal) ? new Guid("272e7447-90a4-4563-a4b9-8e4ab00526ce") : new Guid("1734c6e8-3154-4dda-ba5f-a874cc483422"),
            CurrentCheckpointId = vm.RunsOn ?? vm.Checkpoints.LastOrDefault()?.Id,
            BiosId = vm.BiosId ?? vm.Id,
            CheckpointPolicy = !h.Since("2016") ? null : vm.CheckpointPolicy switch { 2 => CheckpointPolicy.Disabled, 3 => CheckpointPolicy.Production, 4 => CheckpointPolicy.ProductionOnly, _ => CheckpointPolicy.Standard },
            TakesAutomaticCheckpoints = h.Since("2022") ? vm.TakesAutomaticCheckpoints : null,
            AllowsFullScsiCommands = h.Since("2008R2") ? false : null,
            PausesOnStorageLoss = h.Since("2016") ? true : null,
            LastBackupAt = h.IsOld ? null : vm.LastBackupAt,
            LimitsProcessorFeatures = vm.LimitsProcessorFeatures,
            ExposesVirtualization = h.Since("2016") ? vm.ExposesVirtualization : null,
            ProcessorReservePercent = vm.ProcessorReservePercent,
            ProcessorLimitPercent = vm.ProcessorLimitPercent,
            ProcessorWeight = vm.ProcessorWeight,
            HasVirtualNuma = h.IsOld ? null : !vm.HasDynamicMemory,
            Security = !h.Since("2016") ? null : new()
            {
                HasTpm = vm.HasTpm, IsShielded = vm.IsShielded, EncryptsState = vm.IsShielded, OptsOutOfVirtualizationBasedSecurity = h.Since("2022") ? false : null,
            },
            Replication = h.IsOld || vm.Replication is not { } replication ? null : Replication(h, replication),
        };
    }

    private static VirtualMachineReplication Replication(DescribedHost h, LabReplication replication) => new()
    {
        Mode = replication.Mode switch { 1 => ReplicationMode.Primary, 2 => ReplicationMode.Replica, 3 => ReplicationMode.TestReplica, _ => ReplicationMode.ExtendedReplica },
        State = (ReplicationState[])
        [
            ReplicationState.Disabled, ReplicationState.Ready, ReplicationState.WaitingForInitialReplication, ReplicationState.Replicating, ReplicationState.Synced, ReplicationState.Recovered,
            ReplicationState.Committed, ReplicationState.Suspended, ReplicationState.Critical, ReplicationState.WaitingForResync, ReplicationState.Resyncing, ReplicationState.ResyncSuspended,
        ] is var words ? words[replication.State] : default,
        Health = replication.Health switch { 1 => ReplicationHealth.Ok, 2 => ReplicationHealth.Warning, _ => ReplicationHealth.Critical },
        StateSeenAt = h.Now,
        LastReplicatedAt = replication.LastReplicatedAt,
        LastConsistentAt = replication.LastConsistentAt,
        LastTestFailoverAt = h.Since("2012R2") ? replication.LastTestFailoverAt : null,
        Frequency = h.Since("2012R2") ? TimeSpan.FromSeconds(replication.Interval) : null,
        ReplicaServer = replication.Server,
    };

    public static CheckpointList Checkpoints(DescribedHost h) => new()
    {
        Items =
        [
            .. from vm in h.Host.Vms
               from one in vm.Checkpoints
               orderby vm.Id, one.CreatedAt, one.Id
               select new Checkpoint(one.Id, vm.Id, one.Name, h.IsOld ? CheckpointKind.User : Enum.Parse<CheckpointKind>($"{one.Kind}"), one.CreatedAt)
               {
                   ParentId = one.ParentId,
                   IsAutomatic = h.Since("2022") ? false : null,
                   HasSavedState = h.IsOld ? null : one.HasSavedState,
                   DiskPaths =
                   [
                       .. vm.Controllers.SelectMany(c => c.Drives).Where(d => d.Kind == LabDriveKind.Disk).Select(d => vm.ImageOf(d, one.Id)).OfType<string>()
                           .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
                   ],
               },
        ],
    };

    public static PerformanceSample Performance(DescribedHost h) => new()
    {
        VirtualMachines =
        [
            .. from vm in h.Host.Vms
               orderby vm.Id
               let hasMemory = vm is { HasDynamicMemory: true, HasMemoryDriver: true, HasWorker: true }
               select new VirtualMachinePerformance(vm.Id, vm is { State: LabVmState.Running, ProcessorLoad: { } load } ? load : 0, vm.HasWorker ? MiB(vm.MemoryMb) : null, hasMemory ? vm.MemoryBuffer + 4 : null)
               {
                   MemoryBufferPercent = hasMemory ? vm.MemoryBuffer : null,
                   MemoryShortSince = hasMemory && vm.MemoryBuffer < 0 ? h.Now : null,
                   IsSmartPaging = h.IsOld ? null : vm.IsSmartPaging,
                   SpansNumaNodes = h.IsOld ? null : vm.SpansNumaNodes,
               },
        ],
    };

    private static ByteSize MiB(long mib) => new(mib << 20);

    private static int OldState(LabVmState state) => state switch
    {
        LabVmState.Running => 2, LabVmState.Off => 3, LabVmState.Stopping => 32774, LabVmState.Saved or LabVmState.FastSaved => 32769, LabVmState.Paused => 32768, LabVmState.Starting => 32770,
        LabVmState.Resetting => 11, LabVmState.Saving => 32773, LabVmState.Pausing => 32776, LabVmState.Resuming => 32777, LabVmState.Other => 1, _ => 0,
    };

    private static int NewState(LabVmState state) => state switch
    {
        LabVmState.Running => 2, LabVmState.Off => 3, LabVmState.Stopping => 4, LabVmState.Saved => 6, LabVmState.Paused => 9, LabVmState.Starting => 10, LabVmState.Resetting => 11,
        LabVmState.Saving => 32773, LabVmState.Pausing => 32776, LabVmState.Resuming => 32777, LabVmState.FastSaved => 32779, LabVmState.Other => 32783, _ => 0,
    };
}
