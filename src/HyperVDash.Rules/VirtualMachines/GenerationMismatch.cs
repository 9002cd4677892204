using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.VirtualMachines;

public sealed class GenerationMismatch : OneVerdictRule<VirtualMachineSubject>, IExamines<ClusterSubject>
{
    // Windows 8 and Server 2012, the first that start from the firmware of generation 2.
    private static readonly Version First = new(6, 2);

    private const int X86 = 0;
    private const int X64 = 9;

    public override RuleCard Card { get; } = new("HVD513", "generation-mismatch", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM generation does not fit guest or host",
        Why = "A system that generation 2 does not support does not start in it, and no host before 2012 R2 takes such a VM; generation 1 only lacks features.",
        Fix = "Make a new VM of the other generation and attach the disk to it; a VM cannot change its generation.",
        Quiet = "Generation 1 that could be generation 2 is told only if ReportGenerationOne is set, and not for VMs tagged generation:one, e.g. those that go to Azure; how its boot disk is partitioned is not read. A Linux that reports from inside has started, so it is not judged.",
        Sections = ["virtualMachines", "guests", "operatingSystem"],
        Mentions = ["cluster"],
        Severities = [Severity.Info, Severity.Error],
        Origin = "Field notes of December 2007, first post (boot rules); published lists of guests and of generation 2",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "operatingSystem") ?? subject.Host.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { } profile when !profile.IsFrom("2012R2") => NotFor("Before 2012 R2 there is one generation."),
            _ when subject.Vm.Generation is null => NotSaid("virtualMachines", "the VM's generation"),
            _ => Unreadable(subject.Host, context, "guests") ?? (subject.Vm.Generation == 1 && !IsAsked(subject, context) ? Verdict.Passed : Judge(subject)),
        };

    /// <summary>Generation 2 on nodes that do not know it.</summary>
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

        var vms = subject.VirtualMachinesById();
        bool any = false;
        foreach (var resource in clustered)
        {
            if (vms.TryGetValue(resource.VirtualMachineId, out var vm) && vm.Vm.Generation == 2)
            {
                any = true;
                yield return OwnersOf(subject, resource, vm, context) with { Object = vm.Identity };
            }
        }

        if (clustered.Any(r => !vms.ContainsKey(r.VirtualMachineId)) && ClusterFacts.Unseen(subject, h => Unreadable(h, context, "virtualMachines"), "virtualMachines") is { } unseen)
        {
            yield return unseen;
        }
        else if (!any)
        {
            yield return NotFor("No clustered VM of generation 2 was read.");
        }
    }

    private static Verdict OwnersOf(ClusterSubject cluster, ClusteredVirtualMachine resource, VirtualMachineSubject vm, RuleContext context)
    {
        var others = cluster.Members.Where(m => m.Host != vm.Host && (resource.PossibleOwners is not { } owners || owners.Contains(m.Node.Name, StringComparer.OrdinalIgnoreCase))).ToList();
        var told = others.FindAll(m => m.Host is not null && Unreadable(m.Host, context, "operatingSystem") is null && m.Host.Profile is not null);
        var unfit = told.FindAll(m => !m.Host!.Profile!.Profile.GenerationTwo);
        return Unreadable(vm.Host, context, "virtualMachines") ?? (unfit.Count > 0
            ? Fire(vm, "owner", Severity.Error, $"{vm.Vm.Name} is generation 2, which {string.Join(", ", unfit.Select(m => m.Node.Name))} {(unfit.Count == 1 ? "does" : "do")} not know", [.. unfit.Select(m => m.Host!)])
            : others.Count > told.Count ? new Verdict.Unknown("operatingSystem", $"The release is not known of {string.Join(", ", others.Except(told).Select(m => m.Node.Name))}.")
            : Verdict.Passed);
    }

    private static bool IsAsked(VirtualMachineSubject subject, RuleContext context) =>
        context.Settings.ReportGenerationOne && !context.Settings.HasTag(subject.Identity.Id, "generation:one");

    private static Verdict Judge(VirtualMachineSubject subject)
    {
        if (subject.Guest is not { Family: not GuestFamily.Unknown } guest)
        {
            return NotTold("guest", "The guest does not tell which system it runs.");
        }

        if (guest.Family == GuestFamily.Linux)
        {
            return Verdict.Passed;
        }

        var version = guest is { OsMajor: { } major, OsMinor: { } minor } ? new Version(major, minor) : null;
        return subject.Vm.Generation == 2
            ? version < First ? Fire(subject, "oldGuest", Severity.Error, $"{subject.Vm.Name} is generation 2, and its guest is Windows {version}, older than any that starts there", [])
                : guest.ProcessorArchitecture == X86 ? Fire(subject, "x86", Severity.Error, $"{subject.Vm.Name} is generation 2, and its guest is a 32-bit Windows", [])
                : version is null ? NotTold("guest", "The guest does not tell the version of its system.")
                : guest.ProcessorArchitecture is null ? NotTold("x86", "The guest does not tell its architecture.")
                : Verdict.Passed
            : version >= First && guest.ProcessorArchitecture == X64 ? Fire(subject, "generationOne", Severity.Info, $"{subject.Vm.Name} is generation 1, and its guest, Windows {version}, could be generation 2", [])
            : Verdict.Passed;
    }

    private static Verdict.Unknown NotTold(string variant, string reason) => NotCollected(variant, "guests", reason);

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, List<HostSubject> unfit) => new(variant, severity, title)
    {
        Impact = variant switch
        {
            "owner" => $"It cannot fail over to {string.Join(", ", unfit.Select(h => h.Name))}.",
            "generationOne" => "It starts from emulated IDE and has no Secure Boot.",
            _ => "Its system does not start in generation 2.",
        },
        Remedy = variant == "owner"
            ? Mend(subject.Host, RemedyRisk.Online, $"Take these nodes from the possible owners of {subject.Vm.Name}.", "", PowerShell.Line($"Get-ClusterGroup -VMId {subject.Vm.Id} | Get-ClusterResource | Set-ClusterOwnerNode -Owners {subject.Host.Name}"))
            : Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff,
                variant == "generationOne" ? "In the guest convert the boot disk, then make a new VM of generation 2 with the same disks." : "Make a new VM of generation 1 with the same disks, or upgrade the guest.", "",
                variant == "generationOne" ? ["mbr2gpt /convert /allowFullOS", PowerShell.Line($"New-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -Generation 2 -NoVHD")] : [PowerShell.Line($"New-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -Generation 1 -NoVHD")]),
        Evidence =
        [
            Fact(subject.Host, "virtualMachines", "Generation", subject.Vm.Generation?.ToString(CultureInfo.InvariantCulture), variant switch { "generationOne" => "2", "owner" => null, _ => "1" }, "Msvm_VirtualSystemSettingData.VirtualSystemSubType"),
            Fact(subject.Host, "guests", "Guest", subject.Guest?.OsVersion ?? (subject.Guest?.OsMajor is { } major ? $"{major}.{subject.Guest.OsMinor}" : null), null, "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
            Fact(subject.Host, "guests", "Architecture", subject.Guest?.ProcessorArchitecture switch { X86 => "32-bit", X64 => "64-bit", null => null, var other => other.Value.ToString(CultureInfo.InvariantCulture) }, null, "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
            .. unfit.Select(h => Fact(h, "operatingSystem", $"Release of {h.Name}", h.Profile?.Profile.Name, "2012 R2 or later", "Win32_OperatingSystem.BuildNumber")),
        ],
        Affected = [.. unfit.Select(h => new AffectedObject(AffectedRole.Cause, h.Identity))],
    };

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "Windows 7 in generation 2", Vm(2, 6, 1)),
        Passes("Server 2019 in generation 2", Vm(2, 10, 0)),
        Passes("Server 2012, the first that starts there", Vm(2, 6, 2)),
        Fires(Severity.Error, "a 32-bit Windows 10 in generation 2", Vm(2, 10, 0, X86)),
        Passes("generation 1 that could be generation 2", Vm(1, 10, 0)),
        Fires(Severity.Info, "the same, where the settings ask for it", Vm(1, 10, 0), new() { ReportGenerationOne = true }),
        Passes("Windows 7 in generation 1, where the settings ask", Vm(1, 6, 1), new() { ReportGenerationOne = true }),
        Passes("a VM that goes to Azure", Vm(1, 10, 0), Given.Tagged("generation:one") with { ReportGenerationOne = true }),
        Passes("Linux in generation 2", Given.Host().With(Sample.Vm).With(Sample.Guest with { Family = GuestFamily.Linux }).Vm()),
        Skips("a host of 2012", Given.Host("2012").With(Given.GenerationOne).Vm()),
        CannotTell("a silent guest in generation 2", Given.Host().With(Sample.Vm).With(Given.SilentGuest).Vm()),
        CannotTell("a host that does not say the generation", Given.Host().With(Sample.Vm with { Generation = null }).Vm()),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("generation 2 with a node of 2012 among its possible owners", Cluster("2012"), "fires Error"),
        new("the node of 2012 is no possible owner", Cluster("2012", ["N0"]), "passes"),
        new("generation 2 on nodes that all know it", Cluster("2012R2"), "passes"),
        new("a possible owner that no agent reads", Cluster(null), "cannot tell for"),
        new("a cluster that no node can read any more", Given.Unread(Cluster("2012")), "cannot tell for"),
    ];

    private static VirtualMachineSubject Vm(int generation, int major, int minor, int architecture = X64) =>
        Given.Host().With(Sample.Vm with { Generation = generation }).With(Sample.Guest with { OsMajor = major, OsMinor = minor, ProcessorArchitecture = architecture }).Vm();

    private static ClusterSubject Cluster(string? other, ImmutableArray<string>? owners = null) => Given.Cluster(
        Given.Host("2012R2").With(Sample.Vm).With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "SQL01") { PossibleOwners = owners }] }),
        other is null ? null : Given.Host(other).With(Array.Empty<VirtualMachine>()));
}
