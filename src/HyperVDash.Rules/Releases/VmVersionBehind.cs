using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Releases;

public sealed class VmVersionBehind : OneVerdictRule<VirtualMachineSubject>, IExamines<ClusterSubject>
{
    // What a version brings, as far as it is worth a restart of the VM.
    private static readonly (Version Version, string Feature)[] Features =
    [
        (new(6, 2), "production checkpoints"), (new(7, 0), "virtual TPM"), (new(8, 0), "nested virtualisation and large memory"), (new(8, 3), "64 devices of a kind"),
        (new(9, 0), "hibernation and threads per core of the core scheduler"), (new(12, 0), "graphics partitions"),
    ];

    public override RuleCard Card { get; } = new("HVD805", "vm-version-behind", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM configuration version is below the host default",
        Why = "Features stay off, and a later release may not start the VM any more.",
        Fix = "Shut the VM down and update its version; there is no way back.",
        Quiet = "For 14 days after the VM was made or the host installed, so that a host can be put back; clusters of mixed releases or not yet raised; replicated VMs, whose partner may be older; tag version:pinned.",
        Sections = ["virtualMachines", "operatingSystem", "cluster"],
        ExplainedBy = [new("HVD806", Relation.SameObject)],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Published list of VM configuration versions; published steps of a rolling upgrade",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem")
            // A host without a cluster is an answer; a cluster that was not read may hold this VM.
            ?? Unreadable(subject.Host, context, "cluster") as Verdict.Unknown
            ?? (subject.Host.Clustered.ContainsKey(subject.Vm.Id) ? NotFor("Clustered: its cluster tells.") : Judge(subject, context));

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            yield return gap;
            yield break;
        }

        if (subject.Cluster.VirtualMachines is not { } clustered)
        {
            yield return NotSaid("cluster", "its VMs");
            yield break;
        }

        var told = subject.Hosts.Where(h => Unreadable(h, context, "operatingSystem", "virtualMachines") is null && h.Profile is not null).ToList();
        if (told.Select(h => h.Profile!.Profile.Key).Distinct().Count() > 1)
        {
            yield return NotFor("Its nodes run different releases.");
            yield break;
        }

        if (subject.Members.IsEmpty)
        {
            yield return NotSaid("cluster", "its nodes");
            yield break;
        }

        if (told.Count < subject.Members.Length)
        {
            yield return new Verdict.Unknown("operatingSystem", $"The release is not known on {string.Join(", ", subject.Members.Where(m => m.Host is null || !told.Contains(m.Host)).Select(m => m.Node.Name))}.");
            yield break;
        }

        if (told[0].Profile!.Profile.Cluster.FunctionalLevel is { } level && told[0].Profile!.IsFrom("2016"))
        {
            if (subject.Cluster.FunctionalLevel is null)
            {
                yield return NotSaid("cluster", "its functional level");
                yield break;
            }

            if (subject.Cluster.FunctionalLevel < level)
            {
                yield return NotFor("The functional level of the cluster was not raised yet.");
                yield break;
            }
        }

        var vms = subject.VirtualMachinesById();
        bool any = false;
        foreach (var vm in clustered.Select(c => vms.GetValueOrDefault(c.VirtualMachineId)).OfType<VirtualMachineSubject>())
        {
            any = true;
            yield return Judge(vm, context) with { Object = vm.Identity };
        }

        if (!any)
        {
            yield return NotFor("No clustered VM was read.");
        }
    }

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        if (VmVersions.Without(subject.Host) is { } without)
        {
            return without;
        }

        var match = subject.Host.Profile!;
        if (!match.IsFrom("2016"))
        {
            return NotFor("Before 2016 there is one version only.");
        }

        if (context.Settings.HasTag(subject.Identity.Id, "version:pinned"))
        {
            return NotFor("Tagged version:pinned.");
        }

        var newest = match.VmVersions[^1];
        return VmVersions.Of(subject.Vm) is not { } version ? NotSaid("virtualMachines", "the VM's configuration version")
            : version >= newest ? Verdict.Passed
            : VmVersions.Starts(subject.Host, version) == false ? NotFor("The host does not start this version: HVD804 says so.")
            : subject.Vm.Replication is { Mode: not (ReplicationMode.None or ReplicationMode.Unknown) } ? NotFor("The VM is replicated; its partner may be older.")
            : subject.Vm.CreatedAt is not { } made ? NotSaid("virtualMachines", "when the VM was made")
            : !context.Passed(Later(made, subject.Host.Reading.OperatingSystem.Content!.InstalledAt) + context.Settings.VmVersionGraceTime) ? Verdict.Passed
            : Fire(subject, version, newest);
    }

    private static DateTimeOffset Later(DateTimeOffset made, DateTimeOffset? installed) => installed > made ? installed.Value : made;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, Version version, Version newest)
    {
        var next = ReleaseProfiles.All.FirstOrDefault(p => p.Order > subject.Host.Profile!.Profile.Order);
        bool isDropped = next is not null && !next.VmVersions.Contains(version);
        string gained = string.Join(", ", Features.Where(f => f.Version > version && f.Version <= newest).Select(f => f.Feature));
        return new("behind", isDropped ? Severity.Warning : Severity.Info, $"{subject.Vm.Name} has configuration version {version}; {subject.Host.Profile!.Profile.Name} gives {newest}{(isDropped ? $", and {next!.Name} does not start {version}" : "")}")
        {
            Impact = gained.Length == 0 ? null : $"It goes without {gained}.",
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, $"Back {subject.Vm.Name} up, delete its checkpoints, shut it down and update its version. Older hosts do not start it afterwards.", "",
                PowerShell.Line($"Update-VMVersion -ComputerName {subject.Host} -Name {subject.Vm.Name}")),
            Evidence =
            [
                Fact(subject.Host, "virtualMachines", "Configuration version", version.ToString(), newest.ToString(), "Msvm_VirtualSystemSettingData.Version"),
                Fact(subject.Host, "operatingSystem", "Versions of the host", VmVersions.List(subject.Host), null, "Win32_OperatingSystem.BuildNumber"),
                new Evidence("Dropped by", isDropped ? next!.Name : "no known release"),
            ],
        };
    }

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Info, "version 9.0 on 2025 for 60 days", Vm("2025", "9.0", 60)),
        Passes("version 12.0 on 2025", Vm("2025", "12.0", 60)),
        Fires(Severity.Warning, "version 5.0 on 2019: the next release does not start it", Vm("2019", "5.0", 60)),
        Passes("made exactly 14 days ago", Vm("2025", "9.0", 14)),
        Fires(Severity.Info, "made 15 days ago", Vm("2025", "9.0", 15)),
        Passes("an old VM on a host that was installed last week", new(Sample.Vm with { ConfigurationVersion = "9.0" }, new(Given.Host("2025").With(Given.OperatingSystem("2025") with { InstalledAt = Sample.Now.AddDays(-7) })))),
        Skips("tagged version:pinned", Vm("2025", "9.0", 60), Given.Tagged("version:pinned")),
        Skips("a replicated VM", new(Sample.Vm with { ConfigurationVersion = "9.0", Replication = new() { Mode = ReplicationMode.Primary } }, new(Given.Host("2025")))),
        Skips("version 5.0 on 2022, which does not start it", Vm("2022", "5.0", 60)),
        Skips("2012 R2", Vm("2012R2", "5.0", 60)),
        CannotTell("a VM that does not say its version", Vm("2025", null, 60)),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("version 9.0 in a cluster of 2022 that was raised", Cluster("2022", 11), "fires Info"),
        new("version 9.0 in a cluster that was not raised yet", Cluster("2022", 10), "does not apply to"),
        new("a cluster of 2019 and 2022", Cluster("2019", 10), "does not apply to"),
        new("a cluster that does not say its level", Cluster("2022", null), "cannot tell for"),
        new("a cluster that lists no nodes", Cluster("2025", 12) with { Members = [] }, "cannot tell for"),
    ];

    private static VirtualMachineSubject Vm(string release, string? version, int days) => Given.Host(release).With(Sample.Vm with { ConfigurationVersion = version, CreatedAt = Sample.Now.AddDays(-days) }).Vm();

    private static ClusterSubject Cluster(string other, int? level) => Given.Cluster(
        Given.Host().With(Sample.Vm with { ConfigurationVersion = "9.0" }).With(new ClusterView { Id = "c", Name = "LAB", FunctionalLevel = level, VirtualMachines = [new(Sample.VmId, "SQL01")] }),
        Given.Host(other).With(Array.Empty<VirtualMachine>()));
}
