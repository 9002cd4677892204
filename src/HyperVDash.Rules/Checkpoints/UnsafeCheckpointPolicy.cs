using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class UnsafeCheckpointPolicy : OneVerdictRule<VirtualMachineSubject>
{
    private static readonly string[] Applications = ["role:dc", "role:sql", "role:exchange"];

    public override RuleCard Card { get; } = new("HVD607", "automatic-or-standard-checkpoints-on-server", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Automatic checkpoints on, or production checkpoints off, for a server workload",
        Why = "A standard checkpoint is no backup of an application, and forgotten automatic ones grow.",
        Fix = "Switch automatic checkpoints off, and let the VM take production checkpoints only.",
        Quiet = "Windows for clients, where automatic checkpoints are on by default; standard checkpoints without the tag prod; before 2016, and for automatic ones on 2016 itself, which has none.",
        Sections = ["virtualMachines", "operatingSystem"],
        Mentions = ["guests", "cluster"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Best Practices Analyzer for Hyper-V; settings of VMs in Hyper-V's classes; field practice",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Host.Profile is not { } match)
        {
            return NotSaid("operatingSystem", "its build");
        }

        if (!match.Profile.Capabilities.ProductionCheckpoints)
        {
            return NotFor("The release has neither automatic nor production checkpoints.");
        }

        switch (subject.Host.Reading.OperatingSystem.Content!.ProductType)
        {
            case null or ProductType.Unknown:
                return NotSaid("operatingSystem", "whether it is a server");
            case ProductType.Workstation:
                return NotFor("Windows for clients takes automatic checkpoints by default.");
        }

        bool isProduction = context.Settings.HasTag(subject.Identity.Id, "prod");
        if (subject.Vm.TakesAutomaticCheckpoints == true)
        {
            return Fire(subject, context, "automatic", $"{subject.Vm.Name} takes a checkpoint at every start");
        }

        if (isProduction && subject.Vm.CheckpointPolicy == CheckpointPolicy.Standard)
        {
            return Fire(subject, context, "standard", $"{subject.Vm.Name} is in production and takes standard checkpoints");
        }

        return subject.Vm.TakesAutomaticCheckpoints is null && match.IsFrom("2019") ? NotSaid("virtualMachines", "whether the VM takes automatic checkpoints")
            : isProduction && subject.Vm.CheckpointPolicy is null or CheckpointPolicy.Unknown ? NotSaid("virtualMachines", "which checkpoints the VM takes")
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, RuleContext context, string variant, string title)
    {
        bool isClustered = subject.Host.Clustered.ContainsKey(subject.Vm.Id);
        bool isApplication = subject.Guest?.ProductType == 2 || Applications.Any(t => context.Settings.HasTag(subject.Identity.Id, t));
        return new(variant, isClustered || isApplication ? Severity.Warning : Severity.Info, title)
        {
            Impact = variant == "automatic" ? "Its disks grow from start to start, and each checkpoint holds them." : "A standard checkpoint stops the application in the middle of its work; applying it is like a power failure.",
            Remedy = Mend(subject.Host, RemedyRisk.Online, $"Switch automatic checkpoints of {subject.Vm.Name} off and let it take production checkpoints only.", $"In the settings of {subject.Vm.Name} change Checkpoints.",
                subject.Host.Profile?.IsFrom("2019") == true
                    ? PowerShell.Line($"Set-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -AutomaticCheckpointsEnabled {false} -CheckpointType ProductionOnly")
                    : PowerShell.Line($"Set-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -CheckpointType ProductionOnly")),
            Evidence =
            [
                Fact(subject.Host, "virtualMachines", "Automatic checkpoints", subject.Vm.TakesAutomaticCheckpoints switch { true => "on", false => "off", null => null }, "off", "Msvm_VirtualSystemSettingData.AutomaticSnapshotsEnabled"),
                Fact(subject.Host, "virtualMachines", "Kind of checkpoints", subject.Vm.CheckpointPolicy?.ToString(), "Production or ProductionOnly", "Msvm_VirtualSystemSettingData.UserSnapshotType"),
                Fact(subject.Host, "operatingSystem", "Product type", $"{subject.Host.Reading.OperatingSystem.Content!.ProductType}", null, "Win32_OperatingSystem.ProductType"),
                Fact(subject.Host, "cluster", "Clustered", isClustered ? "yes" : "no", null, "MSCluster_Resource.PrivateProperties"),
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a clustered VM with automatic checkpoints", Given.Host().With(Policy(true, CheckpointPolicy.Standard)).WithClusteredVm().Vm()),
        Passes("production checkpoints with fallback, none automatic", Given.Host().With(Policy(false, CheckpointPolicy.Production)).Vm()),
        Fires(Severity.Info, "automatic checkpoints of any other VM", Given.Host().With(Policy(true, CheckpointPolicy.Production)).Vm()),
        Fires(Severity.Warning, "automatic checkpoints of a domain controller", Given.Host().With(Policy(true, CheckpointPolicy.Production)).With(Sample.Guest with { ProductType = 2 }).Vm()),
        Fires(Severity.Info, "standard checkpoints in production", Given.Host().With(Policy(false, CheckpointPolicy.Standard)).Vm(), Given.Tagged("prod")),
        Passes("standard checkpoints of a VM without the tag", Given.Host().With(Policy(false, CheckpointPolicy.Standard)).Vm()),
        Passes("2016, which has no automatic checkpoints", Given.Host("2016").With(Policy(null, CheckpointPolicy.Production)).Vm()),
        Skips("2012 R2", Given.Host("2012R2").With(Policy(null, null)).Vm()),
        Skips("Windows for clients", Given.Host().With(Policy(true, CheckpointPolicy.Standard)).With(Sample.Host.OperatingSystem.Content! with { ProductType = ProductType.Workstation }).Vm()),
        CannotTell("a VM that does not say", Given.Host().With(Policy(null, CheckpointPolicy.Production)).Vm()),
        CannotTell("a VM in production that does not say which it takes", Given.Host().With(Policy(false, null)).Vm(), Given.Tagged("prod")),
    ];

    private static VirtualMachine Policy(bool? automatic, CheckpointPolicy? policy) => Sample.Vm with { TakesAutomaticCheckpoints = automatic, CheckpointPolicy = policy };
}
