using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

public sealed class ClusteredVirtualMachineWithoutIntegrationServices : IntegrationRule
{
    public override RuleCard Card { get; } = new("HVD301", "clustered-vm-without-integration-services", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Clustered VM runs without working integration services",
        Why = "They are needed before a failover: without them there is no clean shutdown, no heartbeat and no synthetic device after the move.",
        Fix = "Install integration services in the guest, then test a quick migration.",
        Quiet = "The guest still boots (10 min); tag ic:none; the VM is paused.",
        Sections = ["virtualMachines", "guests", "cluster", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 2",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "cluster", "virtualMachines") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Host.Reading.Cluster.Content!.VirtualMachines is null)
        {
            return NotSaid("cluster", "its clustered VMs");
        }

        if (!subject.Host.Clustered.TryGetValue(subject.Vm.Id, out var resource))
        {
            return NotFor("The VM is not clustered.");
        }

        if (context.Settings.HasTag(subject.Identity.Id, "ic:none"))
        {
            return NotFor("Tagged ic:none.");
        }

        if (Uptime.Gate(subject, context) is { } early)
        {
            return early;
        }

        return Unreadable(subject.Host, context, "guests", "operatingSystem") ?? Uptime.IsSilent(subject) switch
        {
            false => Verdict.Passed,
            null => Uptime.CannotTell(subject.Guest),
            _ => new Verdict.Fire("silent", subject.Host.Profile?.IsFrom("2008R2") == false ? Severity.Error : Severity.Warning,
                $"{subject.Vm.Name} is clustered and runs without integration services")
            {
                Impact = "A failover turns it off hard, and its synthetic devices may be missing after it.",
                Remedy = Tested(subject, resource),
                Evidence = [.. Evidence(subject), Fact(subject.Host, "cluster", "Cluster resource", $"{resource.Name} on {resource.OwnerNode ?? "a node not said"}", null, "MSCluster_Resource")],
            },
        };
    }

    /// <summary>Installed, and then tried: the failover is what it is for.</summary>
    private static Remedy Tested(VirtualMachineSubject subject, Model.Clusters.ClusteredVirtualMachine resource)
    {
        var install = Install(subject);
        return install with
        {
            Text = $"{install.Text} Then test a quick migration.",
            Commands = subject.Host.Profile?.Profile.PowerShell == true ? [.. install.Commands, PowerShell.Line($"Move-ClusterVirtualMachineRole -Name {resource.Group ?? subject.Vm.Name} -MigrationType Quick")] : install.Commands,
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a silent clustered VM on a pre-release host", Vm(Given.SilentGuest, "pre2008", isClustered: true)),
        Fires(Severity.Warning, "the same on 2022, running exactly 10 minutes", Vm(Given.SilentGuest, minutes: 10, isClustered: true)),
        Fires(Severity.Error, "no heartbeat on 2008, whatever key-value exchange says", Vm(Given.SilentGuest with { KeyValueExchange = IntegrationState.Unknown }, "2008", isClustered: true)),
        CannotTell("the same numbers on 2022", Vm(Given.SilentGuest with { KeyValueExchange = IntegrationState.Unknown }, isClustered: true)),
        Skips("an appliance tagged ic:none", Vm(Given.SilentGuest, isClustered: true), Given.Tagged("ic:none")),
        Passes("a clustered VM with heartbeat and facts", Vm(Sample.Guest, isClustered: true)),
        Passes("a clustered VM that has been running 9 minutes", Vm(Given.SilentGuest, minutes: 9, isClustered: true)),
        Skips("a VM that is not clustered", Vm(Given.SilentGuest)),
        CannotTell("a guest whose numbers do not tell", Vm(Given.SilentGuest with { Heartbeat = IntegrationState.Unknown }, "pre2008", isClustered: true)),
    ];
}
