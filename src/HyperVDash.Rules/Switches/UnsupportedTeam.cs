using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Switches;

public sealed class UnsupportedTeam : Rule<SwitchSubject>, IExamines<ClusterSubject>
{
    private const int MaxMembers = 8;

    public override RuleCard Card { get; } = new("HVD212", "switch-teaming-mix", RuleScope.Switch, RuleKind.Configuration)
    {
        Title = "LBFO team under a Hyper-V switch, mixed teaming, or an asymmetric SET team",
        Why = "Unsupported or unequal teams work until the next driver update, upgrade or move to another node.",
        Fix = "Make a switch with an embedded team of equal adapters, move the adapters over and remove the team of Windows.",
        Quiet = "A team of Windows that no switch is bound to; an embedded team of one; on 2012 and 2012 R2 a team of Windows with one interface.",
        Sections = ["switches", "physicalNetwork", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published list of removed features (switches on LBFO); requirements of switch embedded teaming; Best Practices Analyzer for Hyper-V, rules 74 and 75",
    };

    public override IEnumerable<Verdict> Examine(SwitchSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "switches", "operatingSystem") ?? Early(subject) ?? Unreadable(subject.Host, context, "physicalNetwork")) is { } early)
        {
            yield return early;
            yield break;
        }

        var members = SwitchMembers.Of(subject.Host, subject.Switch);
        if (subject.Host.Reading.PhysicalNetwork.Content!.Teams is null)
        {
            yield return NotSaid("physicalNetwork", "its teams");
            yield break;
        }

        foreach (var verdict in OfWindows(subject, members).Concat(Embedded(subject, members)).DefaultIfEmpty(Verdict.Passed))
        {
            yield return verdict;
        }
    }

    private static Verdict? Early(SwitchSubject subject) => subject.Host.Profile switch
    {
        null => NotSaid("operatingSystem", "its build"),
        { Profile.Capabilities.TeamUnderSwitch: TeamUnderSwitch.Vendor } => NotFor("The release has no teams of its own."),
        _ => subject.Switch.Uplinks switch
        {
            null => NotSaid("switches", "what the switch is bound to"),
            { IsEmpty: true } => NotFor("The switch has no uplink."),
            _ => null,
        },
    };

    private static IEnumerable<Verdict> OfWindows(SwitchSubject subject, SwitchMembers members)
    {
        if (members.Team is not { } team)
        {
            yield break;
        }

        string name = VisibleText.Of(subject.Switch.Name);
        var support = subject.Host.Profile!.Profile.Capabilities.TeamUnderSwitch;
        if (support is TeamUnderSwitch.Refused or TeamUnderSwitch.Discouraged)
        {
            yield return Fire(subject, members, "lbfo", support == TeamUnderSwitch.Refused ? Severity.Error : Severity.Warning,
                $"Switch '{name}' on {subject.Host.Name} is bound to the team '{VisibleText.Of(team.Name)}' of Windows{(support == TeamUnderSwitch.Refused ? $", which {subject.Host.Profile.Profile.Name} no longer allows" : "")}", "an embedded team, or one adapter");
        }

        if (team.Interfaces is not { } interfaces)
        {
            yield return NotSaid("physicalNetwork", "the team's interfaces");
        }
        else if (interfaces.Length > 1 || interfaces.Any(i => i.IsDefault == false))
        {
            yield return Fire(subject, members, "interfaces", Severity.Warning, $"The team '{VisibleText.Of(team.Name)}' under switch '{name}' on {subject.Host.Name} has {(interfaces.Length > 1 ? $"{interfaces.Length} interfaces" : "an interface for one VLAN")}", "one interface in default mode");
        }
    }

    private static IEnumerable<Verdict> Embedded(SwitchSubject subject, SwitchMembers members)
    {
        if (subject.Switch.IsEmbeddedTeaming != true)
        {
            yield break;
        }

        string name = VisibleText.Of(subject.Switch.Name);
        if (members.Adapters.Length > MaxMembers)
        {
            yield return Fire(subject, members, "members", Severity.Error, $"The embedded team of '{name}' on {subject.Host.Name} has {members.Adapters.Length} members", $"at most {MaxMembers} members");
        }

        var differences = Differences(members.Adapters);
        if (differences.Count > 0)
        {
            yield return Fire(subject, members, "unequal", Severity.Warning, $"The members of the embedded team of '{name}' on {subject.Host.Name} differ: {string.Join(", ", differences)}", "equal members");
        }
        else if (!members.IsComplete)
        {
            yield return NotSaid("physicalNetwork", "all members of the team");
        }
    }

    private static List<string> Differences(ImmutableArray<PhysicalAdapter> members)
    {
        (string, Func<PhysicalAdapter, string?>)[] facts =
        [
            // One without a link tells no speed, or a wrong one.
            ("speed", a => a.IsConnected == false ? null : a.BitsPerSecond?.ToString(CultureInfo.InvariantCulture)), ("maker of the driver", a => a.DriverProvider), ("driver version", a => a.DriverVersion),
            ("MTU", a => a.Mtu?.ToString(CultureInfo.InvariantCulture)), ("model", SwitchMembers.ModelOf),
        ];
        return [.. facts.Where(f => members.Select(f.Item2).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1).Select(f => f.Item1)];
    }

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "switches", "physicalNetwork") is null).Select(m => m.Host!).ToList();
        bool fires = false;
        foreach (var name in read.SelectMany(h => SwitchNames.Of(h).Select(s => (Host: h, Switch: s, Kind: KindOf(h, s)))).GroupBy(s => s.Switch.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var (embedded, windows) = (name.Where(s => s.Kind == TeamKind.Embedded).ToList(), name.Where(s => s.Kind == TeamKind.OfWindows).ToList());
            if (embedded.Count > 0 && windows.Count > 0)
            {
                fires = true;
                yield return new Verdict.Fire("mixed", Severity.Warning, $"Switch '{VisibleText.Of(name.Key)}' has an embedded team on {string.Join(", ", embedded.Select(s => s.Host.Name))} and one of Windows on {string.Join(", ", windows.Select(s => s.Host.Name))}")
                {
                    Discriminator = name.Key,
                    Impact = "VMs that move get other queues, bandwidth and failover.",
                    Remedy = Repair(windows[0].Host, windows[0].Switch, SwitchMembers.Of(windows[0].Host, windows[0].Switch)),
                    Evidence = [.. name.Select(s => Fact(s.Host, "switches", $"{s.Host.Name}: team", s.Kind switch { TeamKind.Embedded => "embedded", TeamKind.OfWindows => "of Windows", _ => "none" }, "alike on all nodes", "Msvm_VirtualEthernetSwitchSettingData.TeamingEnabled, MSFT_NetLbfoTeam"))],
                    Affected = [.. windows.Select(s => new AffectedObject(AffectedRole.Cause, new SwitchSubject(s.Switch, s.Host).Identity)), .. embedded.Select(s => new AffectedObject(AffectedRole.Context, new SwitchSubject(s.Switch, s.Host).Identity))],
                };
            }
        }

        if (subject.Members.Length < 2)
        {
            yield return NotFor("The cluster has one node.");
        }
        else if (read.Count < subject.Members.Length)
        {
            yield return new Verdict.Unknown("switches", $"Not read on {string.Join(", ", subject.Members.Where(m => m.Host is null || !read.Contains(m.Host)).Select(m => m.Node.Name))}.");
        }
        else if (!fires)
        {
            yield return Verdict.Passed;
        }
    }

    private enum TeamKind { None, Embedded, OfWindows }

    private static TeamKind KindOf(HostSubject host, VirtualSwitch one) =>
        one.IsEmbeddedTeaming == true ? TeamKind.Embedded : SwitchMembers.Of(host, one).Team is not null ? TeamKind.OfWindows : TeamKind.None;

    private static Remedy Repair(HostSubject host, VirtualSwitch one, SwitchMembers members) =>
        members.Team is { } team && host.Profile?.IsFrom("2016") == true
            ? new($"On {host.Name} take adapters out of the team for a switch with an embedded one, move the VMs to it, then remove the team.")
            {
                Commands =
                [
                    PowerShell.Line($"Remove-NetLbfoTeamMember -CimSession {host} -Team {team.Name} -Name {members.Adapters.FirstOrDefault()?.Name}"),
                    PowerShell.Line($"New-VMSwitch -ComputerName {host} -Name {one.Name + " SET"} -NetAdapterName {members.Adapters.FirstOrDefault()?.Name} -EnableEmbeddedTeaming {true}"),
                    PowerShell.Line($"Remove-NetLbfoTeam -CimSession {host} -Name {team.Name}"),
                ],
                Risk = RemedyRisk.Online,
            }
            : members.Team is { } old
                ? new($"Remove the other interfaces of the team on {host.Name}; the switch needs the one in default mode.") { Commands = [PowerShell.Line($"Get-NetLbfoTeamNic -CimSession {host} -Team {old.Name}"), PowerShell.Line($"Remove-NetLbfoTeamNic -CimSession {host} -Team {old.Name} -VlanID <id>")], Risk = RemedyRisk.Online }
                : new($"Use equal adapters with one driver for the team on {host.Name}.") { Commands = [PowerShell.Line($"Get-VMSwitchTeam -ComputerName {host} -Name {one.Name}"), PowerShell.Line($"Set-VMSwitchTeam -ComputerName {host} -Name {one.Name} -NetAdapterName <adapters>")], Risk = RemedyRisk.Online };

    private static Verdict.Fire Fire(SwitchSubject subject, SwitchMembers members, string variant, Severity severity, string title, string expected) => new(variant, severity, title)
    {
        Impact = variant switch
        {
            "lbfo" => "It is not supported, and the switch cannot be made anew.", "unequal" => "Queues and bandwidth depend on which member a VM got.", _ => null,
        },
        Remedy = Repair(subject.Host, subject.Switch, members),
        Evidence =
        [
            Fact(subject.Host, "physicalNetwork", "Team", members.Team is { } team ? $"{VisibleText.Of(team.Name)} (of Windows), {team.Interfaces?.Length.ToString(CultureInfo.InvariantCulture) ?? "?"} interface(s)" : $"embedded, {members.Adapters.Length} members", expected, "MSFT_NetLbfoTeam, Msvm_VirtualEthernetSwitchSettingData.TeamingEnabled"),
            .. members.Adapters.Take(10).Select(a => Fact(subject.Host, "physicalNetwork", SwitchMembers.NameOf(a), Words(a), null, "MSFT_NetAdapter.Speed, DriverProvider, DriverVersionString, MtuSize")),
        ],
    };

    private static string Words(PhysicalAdapter adapter) =>
        string.Create(CultureInfo.InvariantCulture, $"{adapter.Description}, {adapter.BitsPerSecond / 1e9:0.###} Gbit/s, driver {adapter.DriverProvider} {adapter.DriverVersion}, MTU {adapter.Mtu}");

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<SwitchSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a team of Windows under a switch of 2022", Lbfo("2022").Switch()),
        Fires(Severity.Warning, "the same on 2019", Lbfo("2019").Switch()),
        Passes("the same on 2012 R2", Lbfo("2012R2").Switch()),
        Fires(Severity.Warning, "a team with two interfaces on 2012 R2", Lbfo("2012R2", new TeamInterface("T", true, null), new TeamInterface("T - VLAN 20", false, 20)).Switch()),
        Passes("an embedded team of two equal adapters on 2022", Set(Nic(0), Nic(1)).Switch()),
        Fires(Severity.Warning, "an embedded team with two driver versions", Set(Nic(0), Nic(1) with { DriverVersion = "2.0" }).Switch()),
        Fires(Severity.Warning, "an embedded team with two speeds", Set(Nic(0), Nic(1) with { BitsPerSecond = 10_000_000_000 }).Switch()),
        Passes("the slower member has no link", Set(Nic(0), Nic(1) with { BitsPerSecond = 0, IsConnected = false }).Switch()),
        Passes("an embedded team of exactly eight", Set([.. Enumerable.Range(0, 8).Select(Nic)]).Switch()),
        Fires(Severity.Error, "an embedded team of nine", Set([.. Enumerable.Range(0, 9).Select(Nic)]).Switch()),
        Passes("one adapter without a team", Given.Host().Switch()),
        Skips("2008 R2, where teams are the vendor's", Given.Host("2008R2").Switch()),
        Skips("an internal switch", Given.Host().With(Sample.Switch with { Uplinks = [] }).Switch()),
        CannotTell("teams that could not be read", (Given.Host() with { PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter] }) }).Switch()),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("an embedded team on one node and one of Windows on the other", Given.Cluster(Set(Nic(0), Nic(1)), Lbfo("2022")), "fires Warning"),
        new("embedded teams on both nodes", Given.Cluster(Set(Nic(0), Nic(1)), Set(Nic(0), Nic(1))), "passes"),
        new("a node that no agent reads", Given.Cluster(Set(Nic(0), Nic(1)), null), "cannot tell for"),
        new("a cluster of one node", Given.Cluster(Set(Nic(0), Nic(1))), "does not apply to"),
    ];

    private static PhysicalAdapter Nic(int number) => Sample.Adapter with
    {
        Id = new Guid(number + 1, 0, 0, new byte[8]), Name = $"pNIC{number}", Description = number == 0 ? "Contoso 25G" : $"Contoso 25G #{number + 1}", BitsPerSecond = 25_000_000_000, DriverProvider = "Contoso",
        DriverVersion = "1.0", Mtu = 1500,
    };

    private static HostReading Set(params PhysicalAdapter[] adapters) => Given.Host().With(Sample.Switch with { IsEmbeddedTeaming = true, Uplinks = [.. adapters.Select(a => new SwitchUplink { AdapterId = a.Id })] }) with
    {
        PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [.. adapters], Teams = [] }),
    };

    private static HostReading Lbfo(string release, params TeamInterface[] interfaces)
    {
        var own = Nic(9) with { Name = "T", Description = "Team of Windows" };
        return Given.Host(release).With(Sample.Switch with { IsEmbeddedTeaming = null, Uplinks = [new() { AdapterId = own.Id, Description = own.Description }] }) with
        {
            PhysicalNetwork = Sample.Read(new PhysicalAdapterList
            {
                Items = [Nic(0), Nic(1), own],
                Teams = [new("T") { Members = ["pNIC0", "pNIC1"], Adapters = [own.Description], Interfaces = interfaces.Length == 0 ? [new("T", true, null)] : [.. interfaces] }],
            }),
        };
    }
}
