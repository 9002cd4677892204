using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Hosts;

public sealed class OtherRoleOnHost : Rule<HostSubject>
{
    // Hyper-V, File Services, File and Storage.
    private static readonly int[] Accepted = [20, 6, 481];

    // RD Virtualization Host, which is at home on a Hyper-V host and brings its parent along.
    private const int VirtualizationHost = 322;
    private const int RemoteDesktop = 18;

    private const int Directory = 10;

    private const int FirstFeature = 33;

    public override RuleCard Card { get; } = new("HVD105", "host-carries-dc-or-other-role", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Domain controller (or another server role) runs in the parent partition",
        Why = "The domain controller role was the one unsupported role of the pre-release; later guidance is Hyper-V alone. Every other role takes memory and restarts from all VMs.",
        Fix = "Move the domain controller into a VM or to other hardware, and remove roles that are not needed.",
        Quiet = "A machine that is read without having Hyper-V, such as a print server; Remote Desktop Virtualization Host and file services are accepted; tag lab:all-in-one lowers a domain controller to information from 2012 on.",
        Sections = ["operatingSystem", "computerSystem", "roles"],
        Mentions = ["virtualMachines"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 1; Best Practices Analyzer for Hyper-V",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (subject.Reading.VirtualMachines.State == SectionState.Absent)
        {
            yield return NotFor("The machine has no Hyper-V, so other roles are what it is there for.");
            yield break;
        }

        if (Unreadable(subject, context, "operatingSystem", "computerSystem") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        var type = subject.Reading.OperatingSystem.Content!.ProductType;
        var role = subject.Reading.ComputerSystem.Content!.DomainRole;
        bool isController = type == ProductType.DomainController || role is DomainRole.BackupDomainController or DomainRole.PrimaryDomainController;
        if (isController)
        {
            yield return DomainController(subject, context, type, role);
        }
        else if (type is null or ProductType.Unknown && role is null or DomainRole.Unknown)
        {
            yield return NotSaid("computerSystem", "its domain role");
        }

        var installed = subject.Reading.Roles.Content?.Items ?? [];
        bool isDesktopHost = installed.Any(r => r.Id == VirtualizationHost);
        var others = installed.Where(r => r.ParentId is null or 0 && r.Id < FirstFeature && !Accepted.Contains(r.Id)
            // A domain controller is told by itself; the role alone, not promoted, is one like the others.
            && !(isController && r.Id == Directory) && !(isDesktopHost && r.Id == RemoteDesktop)).ToList();
        if (others.Count > 0 && subject.Reading.Roles.IsReadable())
        {
            yield return Others(subject, others);
        }

        // Client Windows has no such class: only the domain part applies there.
        yield return Unreadable(subject, context, "roles") is Verdict.Unknown unknown ? unknown : Verdict.Passed;
    }

    private static Verdict.Fire DomainController(HostSubject host, RuleContext context, ProductType? type, DomainRole? role)
    {
        bool isOld = host.Profile is { } match && !match.IsFrom("2008R2");
        bool isAccepted = host.Profile?.IsFrom("2012") == true && context.Settings.HasTag(host.Id, "lab:all-in-one");
        return new("domainController", isOld ? Severity.Error : isAccepted ? Severity.Info : Severity.Warning, $"{host.Name} is a domain controller and a Hyper-V host")
        {
            Impact = "Its restarts take the directory down, and the directory's needs come before those of the VMs.",
            Remedy = Mend(host, RemedyRisk.NeedsHostRestart, $"Make another machine or a VM a domain controller, then demote {host.Name}.", $"Make another machine or a VM a domain controller, then run dcpromo on {host.Name}.", "Uninstall-ADDSDomainController"),
            Evidence =
            [
                Fact(host, "operatingSystem", "Product type", $"{type}", "Server", "Win32_OperatingSystem.ProductType"),
                Fact(host, "computerSystem", "Domain role", $"{role}", "MemberServer", "Win32_ComputerSystem.DomainRole"),
            ],
        };
    }

    private static Verdict.Fire Others(HostSubject host, List<Role> others) => new("otherRoles", Severity.Info,
        $"{host.Name} carries {others.Count} other role{(others.Count == 1 ? "" : "s")}: {string.Join(", ", others.Select(r => r.Name ?? r.Id.ToString(CultureInfo.InvariantCulture)))}")
    {
        Impact = "Each needs its own updates and restarts, which take all VMs along.",
        Remedy = Mend(host, RemedyRisk.NeedsHostRestart, $"Move these roles into VMs and remove them from {host.Name}.", $"Move these roles into VMs and remove them in Server Manager of {host.Name}.",
            PowerShell.Line($"Get-WindowsFeature -ComputerName {host} | Where-Object Installed"), PowerShell.Line($"Uninstall-WindowsFeature -ComputerName {host} -Name <name>")),
        Evidence = [.. others.Select(r => Fact(host, "roles", $"Role {r.Id}", r.Name ?? "installed", "not installed", "Win32_ServerFeature.ID"))],
    };

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a pre-release host that is a domain controller", Host(6001, ProductType.DomainController, DomainRole.PrimaryDomainController, 10, 13, 20)),
        Fires(Severity.Warning, "a 2022 host that is a domain controller", Host(20348, ProductType.DomainController, DomainRole.BackupDomainController, 20)),
        Fires(Severity.Info, "a 2022 host with the print role", Host(20348, ProductType.Server, DomainRole.MemberServer, 7, 20)),
        Passes("a 2022 member server with Hyper-V and file services", Host(20348, ProductType.Server, DomainRole.MemberServer, 20, 481)),
        Fires(Severity.Warning, "a 2008 R2 host that is a domain controller", Host(7601, ProductType.DomainController, DomainRole.PrimaryDomainController, 10, 20)),
        Fires(Severity.Info, "a domain controller in a lab that has only one machine", Host(20348, ProductType.DomainController, DomainRole.PrimaryDomainController, 10, 20), Given.Tagged("lab:all-in-one", Sample.Host.Id)),
        Fires(Severity.Info, "the directory role, not promoted", Host(20348, ProductType.Server, DomainRole.MemberServer, 10, 20)),
        Passes("Remote Desktop Virtualization Host with its parent", Host(20348, ProductType.Server, DomainRole.MemberServer, 18, 322, 20)),
        Fires(Severity.Info, "Remote Desktop without it", Host(20348, ProductType.Server, DomainRole.MemberServer, 18, 20)),
        Skips("a domain controller without Hyper-V", Host(20348, ProductType.DomainController, DomainRole.PrimaryDomainController, Sample.Failed<VirtualMachineList>(SectionState.Absent, "no role"), 10)),
        CannotTell("a host that does not say its domain role", new(Sample.Host with { OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { ProductType = null }), ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { DomainRole = null }) })),
        CannotTell("a host whose roles are denied", new(Sample.Host with { Roles = Sample.Failed<RoleList>(SectionState.Denied, "needs Remote Enable") })),
    ];

    private static HostSubject Host(int build, ProductType type, DomainRole role, params int[] roles) => Host(build, type, role, Sample.Host.VirtualMachines, roles);

    private static HostSubject Host(int build, ProductType type, DomainRole role, Section<VirtualMachineList> vms, params int[] roles) => new(Sample.Host with
    {
        VirtualMachines = vms,
        OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { Build = build, BuildLab = build == 6001 ? "6001.16659.x" : null, HyperVVersion = null, ProductType = type }),
        ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { DomainRole = role }),
        Roles = Sample.Read(new RoleList { Items = [.. roles.Select(r => new Role(r, 0, null))] }),
    });
}
