using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class IntegrationServicesNotDetected : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD501", "integration-services-not-detected", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Running guest shows no integration services at all",
        Why = "No clean shutdown, no quiet backup, and no facts of the guest for other rules.",
        Fix = "Install integration services in the guest.",
        Quiet = "Clustered (HVD301 says it); the guest boots or is being installed; heartbeat switched off on purpose; tag ic:none.",
        Sections = ["virtualMachines", "guests", "cluster", "operatingSystem"],
        Mentions = ["devices"],
        ExplainedBy = [new("HVD301", Relation.SameObject), new("HVD504", Relation.SameObject)],
        Severities = [Severity.Warning],
        Origin = "Field notes of December 2007, second post, items 2 and 4",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        // A host without cluster is an answer; a cluster that was not read may hold this VM.
        if (Unreadable(subject.Host, context, "cluster") is Verdict.Unknown unknown)
        {
            return unknown;
        }

        if (subject.Host.Clustered.ContainsKey(subject.Vm.Id))
        {
            return NotFor("Clustered: HVD301 looks at it.");
        }

        if (context.Settings.HasTag(subject.Identity.Id, "ic:none"))
        {
            return NotFor("Tagged ic:none.");
        }

        if ((Uptime.Gate(subject, context) ?? Unreadable(subject.Host, context, "guests", "operatingSystem")) is { } early)
        {
            return early;
        }

        if (subject.Guest?.Services.FirstOrDefault(s => s.Kind == IntegrationServiceKind.Heartbeat) is { IsEnabled: false })
        {
            return NotFor("The heartbeat is switched off on the host.");
        }

        if (Uptime.IsSilent(subject) == true && !context.Reached(subject.Vm.StartedAt!.Value + context.Settings.GuestSetupTime))
        {
            if (Unreadable(subject.Host, context, "devices") is Verdict.Unknown unread)
            {
                return unread;
            }

            if (subject.Host.DrivesOf[subject.Vm.Id].Any(d => d is { Kind: DriveKind.Dvd, Content: not DriveContent.Empty }))
            {
                return Verdict.Passed;
            }
        }

        return Uptime.IsSilent(subject) switch
        {
            false => Verdict.Passed,
            null => Uptime.CannotTell(subject.Guest),
            _ => new Verdict.Fire("silent", Severity.Warning, $"{subject.Vm.Name} runs without integration services")
            {
                Impact = "It cannot be shut down cleanly or backed up quietly, and nothing is known of its guest.",
                Remedy = Install(subject),
                Evidence = Evidence(subject),
            },
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a silent guest, running 90 minutes", Vm(Given.SilentGuest)),
        Passes("a guest that has been running 4 minutes", Vm(Given.SilentGuest, minutes: 4)),
        Passes("a guest that is being installed", Vm(Given.SilentGuest, minutes: 59, drives: [Sample.Disk, Given.Dvd(1, 0, "setup.iso")])),
        Fires(Severity.Warning, "the same after exactly 60 minutes", Vm(Given.SilentGuest, minutes: 60, drives: [Sample.Disk, Given.Dvd(1, 0, "setup.iso")])),
        Fires(Severity.Warning, "a silent guest without a disc, running exactly 10 minutes", Vm(Given.SilentGuest, minutes: 10)),
        Skips("the heartbeat switched off on the host", Vm(Given.SilentGuest with { Services = [new(IntegrationServiceKind.Heartbeat, false, IntegrationState.Unknown)] })),
        CannotTell("a node whose cluster was not read", new(Vm(Given.SilentGuest).Vm, new(Given.Host().With(Given.SilentGuest) with { Cluster = Sample.Failed<Model.Clusters.ClusterView>(Model.Fleet.SectionState.Failed, "no answer") }))),
        Fires(Severity.Warning, "a VM on a node that is no VM of the cluster", Given.Host().With(Sample.Vm).With(Given.SilentGuest).With(new Model.Clusters.ClusterView { Id = "c", Name = "LAB", VirtualMachines = [] }).Vm()),
        Passes("a guest with heartbeat", Vm(Sample.Guest)),
        Skips("a clustered VM", Vm(Given.SilentGuest, isClustered: true)),
        Skips("an appliance tagged ic:none", Vm(Given.SilentGuest), Given.Tagged("ic:none")),
        CannotTell("a VM without components", Vm(null)),
    ];
}
