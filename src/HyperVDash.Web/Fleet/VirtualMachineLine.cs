using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Web.Fleet;

/// <summary>A VM with its host and what is known of its guest.</summary>
public sealed record VirtualMachineLine(VirtualMachine Vm, HostLine Host, ImmutableArray<Finding> Findings)
{
    public Guest? Guest => Host.Facts.GuestOf.GetValueOrDefault(Vm.Id);

    public Model.Clusters.ClusteredVirtualMachine? Clustered => Host.Facts.Clustered.GetValueOrDefault(Vm.Id);

    public Model.Performance.VirtualMachinePerformance? Performance => Host.Facts.PerformanceOf.GetValueOrDefault(Vm.Id);

    /// <summary>What is shown is the state of now, not the last known one.</summary>
    public bool IsCurrent => Host.IsCurrent && !Vm.IsGone;

    /// <summary>Shape of the worst thing about it: a finding, else its own state.</summary>
    public string Standing
    {
        get
        {
            string own = Fleet.Standing.Of(Vm);
            string worst = Findings.IsEmpty ? own : Fleet.Standing.Worst([Fleet.Standing.Of(Findings.Max(f => f.Severity)), own]);
            return IsCurrent ? worst : Fleet.Standing.Stale(worst);
        }
    }
}

/// <summary>A virtual switch with its host and the findings that name it.</summary>
public sealed record SwitchLine(VirtualSwitch Switch, HostLine Host, ImmutableArray<Finding> Findings);
