using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Migration;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Migration;

public sealed class LiveMigrationMisconfigured : Rule<HostSubject>, IExamines<ClusterSubject>, IExamines<FarmSubject>
{
    private const string Partners = "migration:";
    private const long Gigabit = 1_000_000_000;

    public override RuleCard Card { get; } = new("HVD311", "live-migration-misconfigured", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Live migration disabled, unequal, too slow or unable to authenticate",
        Why = "Planned maintenance turns into downtime when a move is refused.",
        Fix = "Give all hosts of a group the same settings and a network of at least 1 Gb/s; let every clustered VM have a second possible owner.",
        Quiet = "Hosts tagged lm:none; hosts with live migration off, unless a partner of the same tag migration:… has it on; before 2012, whose only settings are the cluster's.",
        Sections = ["liveMigration"],
        Mentions = ["physicalNetwork", "hyperVSettings", "cluster", "virtualMachines", "operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Confidence = 0.75,
        Origin = "Best Practices Analyzer for Hyper-V, rules 55 and 56; published troubleshooting of live migration; field practice for Credential Guard",
    };

    /// <summary>What one host alone tells: its links, and whether it can authenticate.</summary>
    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Skip(subject, context) ?? Unreadable(subject, context, "liveMigration")) is { } gap)
        {
            return [gap];
        }

        var settings = subject.Reading.LiveMigration.Content!;
        if (settings.IsEnabled != true)
        {
            return [settings.IsEnabled is null ? NotSaid("liveMigration", "whether live migration is on") : NotFor("Live migration is off.")];
        }

        var verdicts = new[] { Unreadable(subject, context, "physicalNetwork") ?? Speed(subject, settings), Authentication(subject, settings) }.OfType<Verdict>().ToList();
        return verdicts.Count == 0 ? [Verdict.Passed] : verdicts;
    }

    /// <summary>What nodes have unequal, and VMs that only one of them may own.</summary>
    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (subject.Members.Length < 2)
        {
            yield return NotFor("The cluster has one node.");
            yield break;
        }

        // Whom a VM may run on is not judged by what nobody can read any more.
        var gap = ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster"));
        var faults = gap is null ? Owners(subject, ClusterFacts.Teller(subject, h => Unreadable(h, context, "cluster"))).ToList() : [];
        var modern = subject.Members.Where(m => m.Host is null || Skip(m.Host, context) is null).ToList();
        var told = modern.FindAll(m => m.Host is not null && Unreadable(m.Host, context, "liveMigration") is null);
        faults.AddRange(Unequal(told.ConvertAll(m => m.Host!), subject.Cluster.Name, isCluster: true));
        foreach (var fault in faults)
        {
            yield return fault;
        }

        if (told.Count < modern.Count)
        {
            yield return new Verdict.Unknown("liveMigration", $"The settings are not known on {string.Join(", ", modern.Except(told).Select(m => m.Node.Name))}.");
        }
        else if (gap is not null)
        {
            yield return gap;
        }
        else if (subject.Cluster.VirtualMachines is null)
        {
            yield return NotSaid("cluster", "its VMs");
        }
        else if (faults.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    /// <summary>Hosts outside clusters that share a tag.</summary>
    public IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var groups = subject.Hosts.SelectMany(h => context.Settings.TagsOf(h.Id, Partners).Select(t => (Tag: t.ToLowerInvariant(), Host: h))).GroupBy(t => t.Tag, t => t.Host).Where(g => g.Count() > 1).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        bool any = false;
        foreach (var group in groups)
        {
            var hosts = group.Where(h => Skip(h, context) is null).ToList();
            var told = hosts.FindAll(h => Unreadable(h, context, "liveMigration") is null);
            foreach (var fault in Unequal(told, group.Key[Partners.Length..], isCluster: false))
            {
                any = true;
                yield return fault with { Discriminator = $"{group.Key}|{fault.Discriminator}" };
            }

            if (told.Count < hosts.Count)
            {
                any = true;
                yield return new Verdict.Unknown("liveMigration", $"The settings are not known on {string.Join(", ", hosts.Except(told).Select(h => h.Name))}.");
            }
        }

        if (!any)
        {
            yield return groups.Count == 0 ? NotFor("No two hosts share a tag migration:….") : Verdict.Passed;
        }
    }

    private static Verdict.NotApplicable? Skip(HostSubject host, RuleContext context) => context.Settings.HasTag(host.Id, "lm:none") ? new("Tagged lm:none.")
        : host.Profile?.IsFrom("2012") == false ? new("Before 2012 live migration has no settings of its own.") : null;

    private static Verdict? Speed(HostSubject host, LiveMigrationSettings settings)
    {
        if (settings.Networks is not { } networks)
        {
            return NotSaid("liveMigration", "its networks");
        }

        var network = host.Reading.PhysicalNetwork.Content!;
        var links = network.Items.Where(a => a is { IsConnected: not false, IsEnabled: not false, BitsPerSecond: not null }).ToList();
        if (links.Count == 0)
        {
            return NotSaid("physicalNetwork", "the speed of any link");
        }

        var best = links.MaxBy(a => a.BitsPerSecond)!;
        if (best.BitsPerSecond < Gigabit)
        {
            return Slow(host, settings, best, $"The fastest link of {host.Name} has {Speed(best)}");
        }

        // Which adapter serves a network is told by its address.
        var ids = (network.IpConfigurations ?? []).Where(c => c.Addresses.Any(a => IPAddress.TryParse(a, out var address) && networks.Any(n => IPNetwork.TryParse(n, out var prefix) && prefix.Contains(address)))).Select(c => c.AdapterId).ToHashSet();
        var slow = links.Find(a => a.Id is { } id && ids.Contains(id) && a.BitsPerSecond < Gigabit);
        return slow is null ? null : Slow(host, settings, slow, $"Migration network of {host.Name} runs over {VisibleText.Of(slow.Name ?? "an adapter")} with {Speed(slow)}");
    }

    private static string Speed(PhysicalAdapter adapter) => string.Create(CultureInfo.InvariantCulture, $"{adapter.BitsPerSecond / 1e6:0.#} Mb/s");

    private static Verdict.Fire Slow(HostSubject host, LiveMigrationSettings settings, PhysicalAdapter adapter, string title) => new("slow", Severity.Warning, $"{title}; live migration wants 1 Gb/s")
    {
        Impact = "Moves take so long that they are given up, or the VM stands still.",
        Remedy = Mend(host, RemedyRisk.Online, "Give live migration a faster network.", "Give live migration a faster network.", PowerShell.Line($"Get-VMMigrationNetwork -ComputerName {host}"), PowerShell.Line($"Add-VMMigrationNetwork -ComputerName {host} -Subnet '<prefix>'")),
        Evidence =
        [
            Fact(host, "physicalNetwork", VisibleText.Of(adapter.Name ?? adapter.Description ?? "Adapter"), Speed(adapter), "at least 1000 Mb/s", "MSFT_NetAdapter.Speed"),
            Fact(host, "liveMigration", "Networks", settings.Networks is { IsEmpty: false } networks ? string.Join(", ", networks) : "any", null, "Msvm_VirtualSystemMigrationNetworkSettingData.SubnetNumber"),
        ],
    };

    private static Verdict? Authentication(HostSubject host, LiveMigrationSettings settings)
    {
        if (host.Profile?.IsFrom("2025") != true || settings.Authentication != MigrationAuthentication.CredSsp)
        {
            return null;
        }

        return host.Reading.HyperVSettings.Content?.IsCredentialGuardRunning switch
        {
            null => NotSaid("hyperVSettings", "whether Credential Guard runs") with { Variant = "credentialGuard" },
            false => null,
            true => new Verdict.Fire("credentialGuard", Severity.Warning, $"{host.Name} migrates with CredSSP while Credential Guard runs")
            {
                Impact = "Moves started from this host are refused.",
                Remedy = Kerberos(host),
                Evidence = [Fact(host, "liveMigration", "Authentication", "CredSSP", "Kerberos", "Msvm_VirtualSystemMigrationServiceSettingData.AuthenticationType"), Fact(host, "hyperVSettings", "Credential Guard", "runs", null, "Win32_DeviceGuard.SecurityServicesRunning")],
            },
        };
    }

    private static Remedy Kerberos(HostSubject host) => Mend(host, RemedyRisk.Online, "Let it authenticate by Kerberos, and allow delegation of cifs and “Microsoft Virtual System Migration Service” to its partners.", "Set Kerberos in Hyper-V Settings, Live Migrations.",
        PowerShell.Line($"Set-VMHost -ComputerName {host} -VirtualMachineMigrationAuthenticationType Kerberos"));

    /// <param name="isCluster">A cluster moves VMs whether the host's own switch is on or not.</param>
    private static IEnumerable<Verdict.Fire> Unequal(List<HostSubject> hosts, string group, bool isCluster)
    {
        LiveMigrationSettings Of(HostSubject host) => host.Reading.LiveMigration.Content!;
        if (!isCluster && Differs(hosts, h => Of(h).IsEnabled?.ToString()))
        {
            yield return Fire(hosts, group, "enabled", "live migration on", h => Of(h).IsEnabled is { } on ? on ? "yes" : "no" : null, "EnableVirtualSystemMigration", h => PowerShell.Line($"Enable-VMMigration -ComputerName {h}"));
        }

        if (Differs(hosts, h => Of(h).Authentication == MigrationAuthentication.Unknown ? null : Of(h).Authentication.ToString()))
        {
            yield return Fire(hosts, group, "authentication", "authentication", h => Of(h).Authentication.ToString(), "AuthenticationType", h => PowerShell.Line($"Set-VMHost -ComputerName {h} -VirtualMachineMigrationAuthenticationType Kerberos"));
        }

        if (Differs(hosts, h => Of(h).MaximumMigrations?.ToString(CultureInfo.InvariantCulture)))
        {
            yield return Fire(hosts, group, "maximum", "moves at a time", h => Of(h).MaximumMigrations?.ToString(CultureInfo.InvariantCulture), "MaximumActiveVirtualSystemMigration", h => PowerShell.Line($"Set-VMHost -ComputerName {h} -MaximumVirtualMachineMigrations {2}"));
        }
    }

    private static bool Differs(List<HostSubject> hosts, Func<HostSubject, string?> value) => hosts.Select(value).Where(v => v is not null).Distinct(StringComparer.Ordinal).Count() > 1;

    private static Verdict.Fire Fire(List<HostSubject> hosts, string group, string variant, string what, Func<HostSubject, string?> value, string property, Func<HostSubject, string> command) =>
        new(variant, Severity.Warning, $"Hosts of {group} differ in live migration, {what}: {string.Join(", ", hosts.Select(h => $"{h.Name} {value(h) ?? "not said"}"))}")
        {
            Impact = "Moves work in one direction and fail in the other.",
            Remedy = Mend(hosts[0], RemedyRisk.Online, "Give all of them the same setting.", "Give all of them the same setting in Hyper-V Settings, Live Migrations.", [.. hosts.Select(command)]),
            Evidence = [.. hosts.Select(h => Fact(h, "liveMigration", $"{h.Name}: {what}", value(h), "equal on all hosts", $"Msvm_VirtualSystemMigrationServiceSettingData.{property}"))],
            Affected = [.. hosts.Select(h => new AffectedObject(AffectedRole.Context, h.Identity))],
        };

    /// <summary>A VM that no other node may own, although others are up, has nowhere to go (0x80071398).</summary>
    private static IEnumerable<Verdict.Fire> Owners(ClusterSubject cluster, HostSubject teller)
    {
        var up = cluster.Cluster.Nodes.Where(n => n.State == ClusterNodeState.Up).Select(n => n.Name).ToList();
        var vms = cluster.VirtualMachinesById();
        foreach (var vm in (cluster.Cluster.VirtualMachines ?? []).Where(v => v.PossibleOwners is not null && v.OwnerNode is not null).OrderBy(v => v.Name, StringComparer.Ordinal))
        {
            var others = up.FindAll(n => !n.Equals(vm.OwnerNode, StringComparison.OrdinalIgnoreCase));
            if (others.Count == 0 || others.Exists(n => vm.PossibleOwners!.Value.Contains(n, StringComparer.OrdinalIgnoreCase)))
            {
                continue;
            }

            var identity = ClusterFacts.VmOf(vms, vm);
            yield return new("owners", Severity.Error, $"Clustered VM {identity.Name} may run on {vm.OwnerNode} alone, although {string.Join(", ", others)} {(others.Count == 1 ? "is" : "are")} up")
            {
                Discriminator = vm.VirtualMachineId.ToString(),
                Impact = "It does not fail over, and it blocks draining the node.",
                Remedy = Mend(teller, RemedyRisk.Online, "Add a second possible owner.", "Add a second possible owner in Failover Cluster Management.",
                    PowerShell.Line($"Get-ClusterResource -Cluster {cluster.Cluster.Name} -Name {vm.Name} | Set-ClusterOwnerNode -Owners {vm.OwnerNode},{others[0]}")),
                Evidence = [Fact(teller, "cluster", $"Possible owners of {VisibleText.Of(vm.Name)}", string.Join(", ", vm.PossibleOwners!.Value), "two nodes or more that are up", "MSCluster_ResourceToPossibleOwner")],
                Affected = [new AffectedObject(AffectedRole.Impacted, identity)],
            };
        }
    }

    public override ImmutableArray<RuleCase> Cases =>
    [
        .. base.Cases,
        .. ClusterExamples.Select(e => RuleCase.Of(this, e)),
        .. FarmExamples.Select(e => RuleCase.Of(this, e)),
    ];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Passes("a link of 10 Gb/s", Host("2022", 10 * Gigabit)),
        Passes("a link of 1 Gb/s", Host("2022", Gigabit)),
        Fires(Severity.Warning, "no link of 1 Gb/s", Host("2022", Gigabit - 1)),
        Fires(Severity.Warning, "a migration network over a slow adapter beside a fast one", Host("2022", 10 * Gigabit, s => s with { Networks = ["10.0.8.0/24"] }, slowAddress: "10.0.8.11")),
        Passes("the slow adapter serves another network", Host("2022", 10 * Gigabit, s => s with { Networks = ["10.0.8.0/24"] }, slowAddress: "10.0.9.11")),
        Fires(Severity.Warning, "CredSSP with Credential Guard on 2025", Host("2025", 10 * Gigabit, s => s with { Authentication = MigrationAuthentication.CredSsp }, hasGuard: true)),
        Passes("CredSSP with Credential Guard on 2022", Host("2022", 10 * Gigabit, s => s with { Authentication = MigrationAuthentication.CredSsp }, hasGuard: true)),
        Passes("Kerberos with Credential Guard on 2025", Host("2025", 10 * Gigabit, hasGuard: true)),
        Skips("live migration is off", Host("2022", Gigabit - 1, s => s with { IsEnabled = false })),
        Skips("a host tagged lm:none", Host("2022", Gigabit - 1), Given.Tagged("lm:none", Sample.Host.Id)),
        Skips("2008 R2", Host("2008R2", Gigabit - 1)),
        CannotTell("networks that were not said", Host("2022", 10 * Gigabit, s => s with { Networks = null })),
        CannotTell("settings that may not be read", new(Given.Host() with { LiveMigration = Sample.Failed<LiveMigrationSettings>(SectionState.Denied, "no right") })),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("CredSSP on one node, Kerberos on the other", Cluster(s => s with { Authentication = MigrationAuthentication.CredSsp }, ["N0", "N1"]), "fires Warning"),
        new("both enabled, Kerberos, two moves at a time", Cluster(s => s, ["N0", "N1"]), "passes"),
        new("two and four moves at a time", Cluster(s => s with { MaximumMigrations = 4 }, ["N0", "N1"]), "fires Warning"),
        new("off on one node, which a cluster ignores", Cluster(s => s with { IsEnabled = false }, ["N0", "N1"]), "passes"),
        new("a VM that only its node may own", Cluster(s => s, ["N0"]), "fires Error"),
        new("the same while the other node is down", Down(Cluster(s => s, ["N0"])), "passes"),
        new("a VM that only its node may own, in a cluster that no node can read any more", Given.Unread(Cluster(s => s, ["N0"])), "cannot tell for"),
        new("a node that no agent reads", Given.Cluster(Node(s => s, ["N0", "N1"]), null), "cannot tell for"),
    ];

    private static ImmutableArray<Example<FarmSubject>> FarmExamples { get; } =
    [
        new("live migration on with one of two partners", Farm(s => s with { IsEnabled = false }), "fires Warning") { Settings = Tags },
        new("equal partners", Farm(s => s), "passes") { Settings = Tags },
        new("no partners", Farm(s => s with { IsEnabled = false }), "does not apply to"),
    ];

    private static RuleSettings Tags => new() { Tags = new RuleSettings().Tags.Add("a", ["migration:east"]).Add("b", ["migration:east"]) };

    private static HostSubject Host(string release, long speed, Func<LiveMigrationSettings, LiveMigrationSettings>? change = null, bool hasGuard = false, string? slowAddress = null)
    {
        var slow = new Guid("cccccccc-cccc-cccc-cccc-cccccccccccc");
        return new(Given.Host(release) with
        {
            LiveMigration = Sample.Read((change ?? (s => s))(Sample.Host.LiveMigration.Content!)),
            HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { IsCredentialGuardRunning = hasGuard }),
            PhysicalNetwork = Sample.Read(Sample.Host.PhysicalNetwork.Content! with
            {
                Items = slowAddress is null ? [Sample.Adapter with { BitsPerSecond = speed }] : [Sample.Adapter with { BitsPerSecond = speed }, Sample.Adapter with { Id = slow, Name = "Ethernet 2", BitsPerSecond = 100_000_000 }],
                IpConfigurations = slowAddress is null ? [] : [new(slow) { Addresses = [slowAddress] }],
            }),
        });
    }

    private static HostReading Node(Func<LiveMigrationSettings, LiveMigrationSettings> change, ImmutableArray<string> owners) => Given.Host()
        .With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "Virtual Machine SQL01") { OwnerNode = "N0", PossibleOwners = owners }] }) with { LiveMigration = Sample.Read(change(Sample.Host.LiveMigration.Content!)) };

    private static ClusterSubject Cluster(Func<LiveMigrationSettings, LiveMigrationSettings> second, ImmutableArray<string> owners) => Given.Cluster(Node(s => s, owners), Node(second, owners));

    private static ClusterSubject Down(ClusterSubject cluster) => cluster with { Cluster = cluster.Cluster with { Nodes = [cluster.Cluster.Nodes[0], cluster.Cluster.Nodes[1] with { State = ClusterNodeState.Down }] } };

    private static FarmSubject Farm(Func<LiveMigrationSettings, LiveMigrationSettings> second) => new(
    [
        new(Given.Host() with { Id = "a", Name = "A" }),
        new(Given.Host() with { Id = "b", Name = "B", LiveMigration = Sample.Read(second(Sample.Host.LiveMigration.Content!)) }),
    ]);
}
