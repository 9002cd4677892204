using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using HyperVDash.Model.Units;

namespace HyperVDash.Model.VirtualMachines;

/// <summary>One virtual machine as its host reported it.</summary>
/// <param name="Id">Msvm_ComputerSystem.Name.</param>
/// <param name="Name">Msvm_ComputerSystem.ElementName; not unique.</param>
public sealed record VirtualMachine(Guid Id, string Name)
{
    public VirtualMachineState State { get; init; }

    /// <summary>The number behind <see cref="State"/> (Msvm_ComputerSystem.EnabledState), shown where the word is Other.</summary>
    public int? StateCode { get; init; }

    /// <summary>From HealthState and OperationalStatus[0]; never from the state number.</summary>
    public VirtualMachineHealth Health { get; init; }

    /// <summary>OperationalStatus numbers as they came; null: the host did not say.</summary>
    public ImmutableArray<int>? OperationalStatus { get; init; }

    /// <summary>What the host does with it beside its state (OperationalStatus[1]); null: nothing, or the host did not say.</summary>
    public VirtualMachineActivity? Activity { get; init; }

    /// <summary>The numbers behind <see cref="State"/> and <see cref="Health"/> in one text, for evidence.</summary>
    [JsonIgnore]
    public string StateNumbers => string.Create(CultureInfo.InvariantCulture,
        $"EnabledState {StateCode?.ToString(CultureInfo.InvariantCulture) ?? "not said"}, OperationalStatus {(OperationalStatus is { } numbers ? string.Join(' ', numbers) : "not said")}");

    /// <summary>Now minus OnTimeInMilliseconds; null unless the VM has a worker. Paused time does not count.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>TimeOfLastStateChange.</summary>
    public DateTimeOffset? StateChangedAt { get; init; }

    /// <summary>TimeOfLastConfigurationChange: the change token of the topology lane.</summary>
    public DateTimeOffset? ConfigurationChangedAt { get; init; }

    /// <summary>Process id of the worker; null when off.</summary>
    public long? WorkerProcessId { get; init; }

    /// <summary>True while this read did not list a VM that the one before did; it is removed when the next complete read agrees.</summary>
    public bool IsGone { get; init; }

    /// <summary>1 or 2 (VirtualSystemSubType; always 1 before 2012 R2); null: settings not read, or not said.</summary>
    public int? Generation { get; init; }

    /// <summary>Configuration version, e.g. <c>9.0</c>; null on 2008.</summary>
    public string? ConfigurationVersion { get; init; }

    /// <summary>When the VM was made (CreationTime of the settings, or of the global settings on v1).</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public string? Notes { get; init; }

    /// <summary>Folder of the configuration.</summary>
    public string? ConfigurationPath { get; init; }

    /// <summary>Number of virtual processors (Msvm_ProcessorSettingData.VirtualQuantity).</summary>
    public int? Processors { get; init; }

    /// <summary>Msvm_MemorySettingData.VirtualQuantity.</summary>
    public ByteSize? StartupMemory { get; init; }

    public ByteSize? MinimumMemory { get; init; }

    public ByteSize? MaximumMemory { get; init; }

    /// <summary>DynamicMemoryEnabled; null before 2008 R2.</summary>
    public bool? IsDynamicMemory { get; init; }

    /// <summary>Generation 1 and v1: first boot device first; null: not said, or generation 2.</summary>
    public ImmutableArray<BootDevice>? BootOrder { get; init; }

    public AutomaticStartAction? StartAction { get; init; }

    public AutomaticStopAction? StopAction { get; init; }

    /// <summary>SecureBootEnabled; null before 2012 R2 and for generation 1.</summary>
    public bool? IsSecureBoot { get; init; }

    /// <summary>SecureBootTemplateId; null before 2016.</summary>
    public Guid? SecureBootTemplate { get; init; }

    /// <summary>The checkpoint the VM runs on (Parent of the active settings); null if there is none.</summary>
    public Guid? CurrentCheckpointId { get; init; }

    /// <summary>SnapshotDataRoot.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>SwapFileDataRoot: where smart paging files go; null on v1.</summary>
    public string? SmartPagingPath { get; init; }

    /// <summary>BIOSGUID; two VMs with the same one are copies.</summary>
    public Guid? BiosId { get; init; }

    /// <summary>UserSnapshotType; null before 2016.</summary>
    public CheckpointPolicy? CheckpointPolicy { get; init; }

    /// <summary>AutomaticSnapshotsEnabled; null before 1709.</summary>
    public bool? TakesAutomaticCheckpoints { get; init; }

    /// <summary>AllowFullSCSICommandSet.</summary>
    public bool? AllowsFullScsiCommands { get; init; }

    /// <summary>AutomaticCriticalErrorAction: true pauses and resumes when storage is lost; null before 2016.</summary>
    public bool? PausesOnStorageLoss { get; init; }

    /// <summary>AutomaticStartupActionDelay.</summary>
    public TimeSpan? StartDelay { get; init; }

    /// <summary>LastSuccessfulBackupTime; null for never, and before 2012.</summary>
    public DateTimeOffset? LastBackupAt { get; init; }

    /// <summary>LimitProcessorFeatures: processor compatibility for migration.</summary>
    public bool? LimitsProcessorFeatures { get; init; }

    /// <summary>ExposeVirtualizationExtensions: nested virtualisation; null where the release has no such column.</summary>
    public bool? ExposesVirtualization { get; init; }

    /// <summary>Msvm_ProcessorSettingData.Reservation in percent of the VM's own processors.</summary>
    public int? ProcessorReservePercent { get; init; }

    /// <summary>Msvm_ProcessorSettingData.Limit in percent; 100 is no limit.</summary>
    public int? ProcessorLimitPercent { get; init; }

    /// <summary>Msvm_ProcessorSettingData.Weight; 100 is the default.</summary>
    public int? ProcessorWeight { get; init; }

    /// <summary>TargetMemoryBuffer in percent; dynamic memory only.</summary>
    public int? MemoryBufferPercent { get; init; }

    /// <summary>Msvm_MemorySettingData.Weight, 0 to 10000.</summary>
    public int? MemoryWeight { get; init; }

    /// <summary>VirtualNumaEnabled; null on v1.</summary>
    public bool? HasVirtualNuma { get; init; }

    /// <summary>Msvm_SecuritySettingData; null before 2016 or if it was not read.</summary>
    public VirtualMachineSecurity? Security { get; init; }

    /// <summary>Null: not replicated, or the release has no replica; see <see cref="Replication.VirtualMachineReplication.Mode"/>.</summary>
    public Replication.VirtualMachineReplication? Replication { get; init; }
}
