namespace HyperVDash.Model.VirtualMachines;

/// <summary>Msvm_ComputerSystem.EnabledState of both namespaces in one set of words.</summary>
public enum VirtualMachineState
{
    Unknown, Running, Off, Stopping, Saved, Paused, Starting, Resetting, Snapshotting, Saving, Pausing, Resuming,

    /// <summary>A number without an agreed meaning; <see cref="VirtualMachine.StateCode"/> shows it.</summary>
    Other,
}

/// <summary>Critical at HealthState 20 or 25, or OperationalStatus[0] 6; degraded at OperationalStatus[0] 3 or 5, or another HealthState; ok at 5.</summary>
public enum VirtualMachineHealth { Unknown, Ok, Degraded, Critical }

/// <summary>Msvm_ComputerSystem.OperationalStatus[1]: 32768 to 32774 in this order.</summary>
public enum VirtualMachineActivity { Unknown, CreatingCheckpoint, ApplyingCheckpoint, DeletingCheckpoint, WaitingToStart, MergingDisks, Exporting, Migrating }

/// <summary>Msvm_VirtualSystemSettingData.UserSnapshotType: 2 disabled, 3 production with fallback, 4 production only, 5 standard.</summary>
public enum CheckpointPolicy { Unknown, Disabled, Production, ProductionOnly, Standard }

/// <summary>BootOrder of a generation 1 VM.</summary>
public enum BootDevice { Unknown, Floppy, Cd, IdeDisk, Network, ScsiDisk }

/// <summary>What the host does with the VM when it starts.</summary>
public enum AutomaticStartAction { Unknown, Nothing, RestartIfRunning, Always }

/// <summary>What the host does with the VM when it shuts down.</summary>
public enum AutomaticStopAction { Unknown, TurnOff, Save, ShutDown }
