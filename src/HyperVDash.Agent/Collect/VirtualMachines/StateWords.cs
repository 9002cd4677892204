using System.Collections.Immutable;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Agent.Collect.VirtualMachines;

/// <summary>The numbers of both namespaces as one set of words.</summary>
internal static class StateWords
{
    /// <summary>Msvm_ComputerSystem.EnabledState. Above 32780 three published tables disagree, so no word is made of those.</summary>
    public static VirtualMachineState State(int? code) => code switch
    {
        2 => VirtualMachineState.Running,
        3 => VirtualMachineState.Off,
        4 or 32774 => VirtualMachineState.Stopping,
        6 or 32769 or 32779 => VirtualMachineState.Saved,
        9 or 32768 => VirtualMachineState.Paused,
        10 or 32770 => VirtualMachineState.Starting,
        11 => VirtualMachineState.Resetting,
        32771 => VirtualMachineState.Snapshotting,
        32773 or 32780 => VirtualMachineState.Saving,
        32776 => VirtualMachineState.Pausing,
        32777 => VirtualMachineState.Resuming,
        null or 0 or 5 => VirtualMachineState.Unknown,
        _ => VirtualMachineState.Other,
    };

    public static VirtualMachineHealth Health(int? healthState, ImmutableArray<int>? operationalStatus)
    {
        int? first = operationalStatus is { IsEmpty: false } list ? list[0] : null;
        return (healthState, first) switch
        {
            (20 or 25, _) or (_, 6) => VirtualMachineHealth.Critical,
            (_, 3 or 5) => VirtualMachineHealth.Degraded,
            (5, _) => VirtualMachineHealth.Ok,
            (null or 0, _) => VirtualMachineHealth.Unknown,
            _ => VirtualMachineHealth.Degraded,
        };
    }

    /// <summary>The second number of Msvm_ComputerSystem.OperationalStatus; null where it says nothing.</summary>
    public static VirtualMachineActivity? Activity(ImmutableArray<int>? operationalStatus) => operationalStatus is [_, var second, ..]
        ? second switch
        {
            32768 => VirtualMachineActivity.CreatingCheckpoint,
            32769 => VirtualMachineActivity.ApplyingCheckpoint,
            32770 => VirtualMachineActivity.DeletingCheckpoint,
            32771 => VirtualMachineActivity.WaitingToStart,
            32772 => VirtualMachineActivity.MergingDisks,
            32773 => VirtualMachineActivity.Exporting,
            32774 => VirtualMachineActivity.Migrating,
            _ => null,
        }
        : null;
}
