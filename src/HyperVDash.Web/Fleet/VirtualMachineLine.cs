using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Web.Fleet;

/// <summary>A VM with its host and what is known of its guest.</summary>
public sealed record VirtualMachineLine(VirtualMachine Vm, HostLine Host, ImmutableArray<Finding> Findings)
{
    /// <summary>Findings that somebody answers for; they do not count as open.</summary>
    public ImmutableArray<Finding> Accepted { get; init => field = value.IsDefault ? [] : value; } = [];

    public Guest? Guest => Host.Facts.GuestOf.GetValueOrDefault(Vm.Id);

    public Model.Clusters.ClusteredVirtualMachine? Clustered => Host.Facts.Clustered.GetValueOrDefault(Vm.Id);

    public Model.Performance.VirtualMachinePerformance? Performance => Host.Facts.PerformanceOf.GetValueOrDefault(Vm.Id);

    /// <summary>What is shown is the state of now, not the last known one.</summary>
    public bool IsCurrent => Host.IsCurrent && !Vm.IsGone;

    /// <summary>Shape of the worst thing about it: a finding, else its own state. While its devices, or the guest of a running VM, are not known, that may hide anything.</summary>
    public string Standing
    {
        get
        {
            // Whoever does not run has no guest that could tell.
            string[] sections = Vm.State == VirtualMachineState.Running ? ["devices", "guests"] : ["devices"];
            var known = Array.ConvertAll(sections, Host.KnowledgeOf);
            bool isSeen = Array.TrueForAll(known, k => k is SectionKnowledge.Whole or SectionKnowledge.NotThere or SectionKnowledge.Old);
            string worst = Fleet.Standing.Worst([Fleet.Standing.Of(Vm), .. Findings.Concat(Accepted).Select(f => Fleet.Standing.Of(f with { IsStale = false })), .. isSeen ? [] : (string[])[Fleet.Standing.Unknown]]);
            return IsCurrent && !known.Contains(SectionKnowledge.Old) ? worst : Fleet.Standing.Stale(worst);
        }
    }
}

/// <summary>A virtual switch with its host and the findings that name it.</summary>
public sealed record SwitchLine(VirtualSwitch Switch, HostLine Host, ImmutableArray<Finding> Findings)
{
    /// <summary>Findings that somebody answers for; they do not count as open.</summary>
    public ImmutableArray<Finding> Accepted { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What is shown is the state of now, whole or in part.</summary>
    public bool IsCurrent => Host.KnowledgeOf("switches") is SectionKnowledge.Whole or SectionKnowledge.Partial && Host.IsCurrent;

    /// <summary>Shape of the worst finding; well only if the switches of its host were read whole.</summary>
    public string Standing
    {
        get
        {
            string worst = Fleet.Standing.Of(Findings.Concat(Accepted), Host.KnowledgeOf("switches") is SectionKnowledge.Whole or SectionKnowledge.Old);
            return IsCurrent ? worst : Fleet.Standing.Stale(worst);
        }
    }
}
