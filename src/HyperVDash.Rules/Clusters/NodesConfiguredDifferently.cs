using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Units;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Switches;

namespace HyperVDash.Rules.Clusters;

public sealed class NodesConfiguredDifferently : Rule<ClusterSubject>
{
    private const double Deviation = 0.25;
    private static readonly TimeSpan Month = TimeSpan.FromDays(35);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public override RuleCard Card { get; } = new("HVD307", "node-configuration-drift", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Nodes differ in patch level, system drive, name spelling or hardware class",
        Why = "Differences between nodes are what makes a failover fail that worked last month.",
        Fix = "Bring the odd node to the state of the others: updates, drivers, the letter of the system drive, the spelling of its name.",
        Quiet = "Updates within a month of each other, or less than seven days after the first node got them; processors and memory that differ by a quarter or less; nodes of different releases (HVD306).",
        Sections = ["operatingSystem", "computerSystem", "physicalNetwork"],
        Mentions = ["updates", "liveMigration"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Published troubleshooting of live migration; published requirements for failover clusters",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (subject.Members.Length < 2 || subject.Hosts.Any(h => h.Profile?.Profile.IsPreRelease == true))
        {
            yield return new Verdict.NotApplicable(subject.Members.Length < 2 ? "The cluster has one node." : "Before the release of Hyper-V clusters are for trials.");
            yield break;
        }

        var told = ClusterFacts.Told(subject, h => Unreadable(h, context, "operatingSystem", "computerSystem", "physicalNetwork"));
        var nodes = told.ConvertAll(m => m.Host!);
        var faults = new[] { SystemDrive(nodes), Patches(nodes, context), Edition(nodes), Hardware(nodes) }.OfType<Verdict>().Concat(Names(nodes, context)).Concat(Drivers(nodes)).ToList();
        foreach (var fault in faults)
        {
            yield return fault;
        }

        if (ClusterFacts.Blind(subject, told, "operatingSystem", "Windows, hardware or adapters are") is { } blind)
        {
            yield return blind;
        }
        else if (nodes.Exists(h => h.Reading.OperatingSystem.Content!.SystemDrive is null))
        {
            yield return NotSaid("operatingSystem", "the system drive of each node");
        }
        else if (faults.Count == 0)
        {
            yield return nodes.Select(Silent).FirstOrDefault(s => s is not null) ?? (Verdict)Verdict.Passed;
        }
    }

    /// <summary>What a node did not say, although it could differ.</summary>
    private static Verdict.Unknown? Silent(HostSubject host)
    {
        var os = host.Reading.OperatingSystem.Content!;
        var computer = host.Reading.ComputerSystem.Content!;
        return os.Sku is null ? NotSaid("operatingSystem", $"the edition of {host.Name}")
            : computer.LogicalProcessors is null || computer.Memory is null ? NotSaid("computerSystem", $"processors and memory of {host.Name}")
            // Older releases have no such number.
            : os.UpdateRevision is null && host.Profile?.IsFrom("2016") == true ? NotSaid("operatingSystem", $"the update revision of {host.Name}")
            : null;
    }

    private static Verdict.Fire? SystemDrive(List<HostSubject> nodes) => Odd(nodes, h => h.Reading.OperatingSystem.Content!.SystemDrive?.ToUpperInvariant()) is not { } odd ? null
        : Fire(nodes, odd, "systemDrive", Severity.Error, "operatingSystem", "system drive", h => h.Reading.OperatingSystem.Content!.SystemDrive,
            "VMs do not migrate between nodes whose system drives differ.", "Install the odd node anew with the letter of the others.", "Install the odd node anew with the letter of the others.");

    private static Verdict? Patches(List<HostSubject> nodes, RuleContext context)
    {
        Verdict.Unknown? unknown = null;
        var known = nodes.FindAll(h => h.Reading.OperatingSystem.Content!.UpdateRevision is not null);
        foreach (var same in known.GroupBy(h => h.Reading.OperatingSystem.Content!.Build).Where(g => g.Count() > 1))
        {
            var ordered = same.OrderByDescending(Revision).ToList();
            if (Revision(ordered[0]) == Revision(ordered[^1]))
            {
                continue;
            }

            // The number says that updates differ, not by how many months; the days they were installed do.
            var (first, last) = (UpdatedAt(ordered[0], context), UpdatedAt(ordered[^1], context));
            if (ordered.FindAll(h => Revision(h) == Revision(ordered[0])).Select(h => UpdatedAt(h, context)).Min() is { } began && !context.Reached(began + Week))
            {
                continue;
            }

            if (first is not { } a || last is not { } b)
            {
                unknown = new Verdict.Unknown("updates", $"When updates were installed is not known on {(first is null ? ordered[0] : ordered[^1]).Name}, whose update revision differs.") { Variant = "patches" };
                continue;
            }

            if ((a - b).Duration() <= Month)
            {
                continue;
            }

            return Fire(nodes, ordered.FindAll(h => Revision(h) != Revision(ordered[0])), "patches", Severity.Warning, "operatingSystem", "update revision",
                h => $"{h.Reading.OperatingSystem.Content!.Build}.{h.Reading.OperatingSystem.Content!.UpdateRevision?.ToString(CultureInfo.InvariantCulture) ?? "not said"}{(UpdatedAt(h, context) is { } at ? $", last update {at.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}" : "")}",
                "A fault that is mended on one node is still on the other.", "Update the cluster node by node.", "Update the nodes one by one.", PowerShell.Line($"Invoke-CauRun -ClusterName '<cluster>' -Force"));
        }

        return unknown;
    }

    private static int Revision(HostSubject host) => host.Reading.OperatingSystem.Content!.UpdateRevision!.Value;

    private static DateTimeOffset? UpdatedAt(HostSubject host, RuleContext context) => Unreadable(host, context, "updates") is null ? host.Reading.Updates.Content!.Items.Max(u => u.InstalledAt) : null;

    private static Verdict.Fire? Edition(List<HostSubject> nodes) =>
        // Nodes of several releases are a matter of their own.
        nodes.Select(h => h.Reading.OperatingSystem.Content!.Build).Distinct().Count() > 1 || Odd(nodes, h => h.Reading.OperatingSystem.Content!.Sku?.ToString(CultureInfo.InvariantCulture)) is not { } odd ? null
        : Fire(nodes, odd, "edition", Severity.Warning, "operatingSystem", "edition", h => $"{h.Reading.OperatingSystem.Content!.Edition ?? "SKU"} ({h.Reading.OperatingSystem.Content!.Sku})",
            "Rights for guests and functions differ between the nodes.", "Bring all nodes to one edition.", "Bring all nodes to one edition.");

    private static Verdict.Fire? Hardware(List<HostSubject> nodes)
    {
        var (processors, memory) = (Deviating(nodes, h => h.Reading.ComputerSystem.Content!.LogicalProcessors), Deviating(nodes, h => h.Reading.ComputerSystem.Content!.Memory?.Bytes));
        var odd = processors ?? memory;
        return odd is null ? null : Fire(nodes, odd, "hardware", Severity.Warning, "computerSystem", processors is null ? "memory" : "logical processors",
            h => $"{h.Reading.ComputerSystem.Content!.LogicalProcessors} logical processors, {h.Reading.ComputerSystem.Content!.Memory}",
            "The small node cannot take what the large one carries.", "Level the nodes, or plan failovers by the smallest.", "Level the nodes, or plan failovers by the smallest.");
    }

    /// <summary>Those that have over a quarter less than the largest node.</summary>
    private static List<HostSubject>? Deviating(List<HostSubject> nodes, Func<HostSubject, long?> amount)
    {
        var known = nodes.FindAll(h => amount(h) is > 0);
        long most = known.Max(amount) ?? 0;
        var odd = known.FindAll(h => amount(h) < most * (1 - Deviation));
        return odd.Count > 0 ? odd : null;
    }

    /// <summary>Migration over SMB of 2019 finds a node only by the upper case of its name.</summary>
    private static IEnumerable<Verdict.Fire> Names(List<HostSubject> nodes, RuleContext context)
    {
        var odd = nodes.FindAll(h => h.Profile?.Profile.Key == "2019" && Unreadable(h, context, "liveMigration") is null && h.Reading.LiveMigration.Content!.UsesSmb == true
            && h.Reading.OperatingSystem.Content!.RegistryComputerName is { } name && name.Any(char.IsLower));
        return odd.Count == 0 ? [] :
        [
            Fire(nodes, odd, "name", Severity.Warning, "operatingSystem", "name in the registry", h => h.Reading.OperatingSystem.Content!.RegistryComputerName,
                "Migration over SMB fails with 0x80042001.", "Write the name in upper case to the registry and restart the node.", "Write the name in upper case to the registry and restart the node.",
                $@"Set-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName -Name ComputerName -Value {PowerShell.Quote(odd[0].Reading.OperatingSystem.Content!.RegistryComputerName!.ToUpperInvariant())}"),
        ];
    }

    private static IEnumerable<Verdict.Fire> Drivers(List<HostSubject> nodes)
    {
        var models = nodes.SelectMany(h => h.Reading.PhysicalNetwork.Content!.Items.Select(a => (Host: h, Adapter: a, Model: SwitchMembers.ModelOf(a))))
            // Adapters that Windows makes itself, of teams and switches, change with its updates.
            .Where(a => a is { Model: not null, Adapter: { DriverVersion: not null, Medium: NetworkMedium.Ethernet } } && !a.Model.StartsWith("Microsoft", StringComparison.OrdinalIgnoreCase) && !a.Model.StartsWith("Hyper-V", StringComparison.OrdinalIgnoreCase));
        foreach (var model in models.GroupBy(a => a.Model!, StringComparer.OrdinalIgnoreCase).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase))
        {
            var versions = model.GroupBy(a => a.Host).Select(g => (Host: g.Key, Versions: string.Join(", ", g.Select(a => a.Adapter.DriverVersion!).Distinct().Order(StringComparer.Ordinal)))).ToList();
            if (versions.Select(v => v.Versions).Distinct().Count() > 1)
            {
                string usual = versions.GroupBy(v => v.Versions).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key, StringComparer.Ordinal).First().Key;
                yield return Fire([.. versions.Select(v => v.Host)], [.. versions.Where(v => v.Versions != usual).Select(v => v.Host)], "driver", Severity.Warning, "physicalNetwork", $"driver of {VisibleText.Of(model.Key)}",
                    h => versions.First(v => v.Host == h).Versions, "A fault of the driver comes and goes with the node.", "Give the odd node the driver of the others.", "Give the odd node the driver of the others.") with
                {
                    Discriminator = model.Key.ToLowerInvariant(),
                };
            }
        }
    }

    /// <summary>Nodes that do not have the value most of them have; null: all are alike, as far as they say it.</summary>
    private static List<HostSubject>? Odd(List<HostSubject> nodes, Func<HostSubject, string?> value)
    {
        var groups = nodes.Where(h => value(h) is not null).GroupBy(value).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        return groups.Count < 2 ? null : [.. groups.Skip(1).SelectMany(g => g)];
    }

    private static Verdict.Fire Fire(List<HostSubject> nodes, List<HostSubject> odd, string variant, Severity severity, string section, string what, Func<HostSubject, string?> value, string impact, string fix, string byHand, params ReadOnlySpan<string> commands) =>
        new(variant, severity, $"Nodes differ in {what}: {string.Join("; ", nodes.Select(h => $"{h.Name} {value(h) ?? "not said"}"))}")
        {
            Impact = impact,
            Remedy = Mend(odd[0], variant is "systemDrive" or "name" or "patches" ? RemedyRisk.NeedsHostRestart : RemedyRisk.Online, fix, byHand, commands),
            Evidence = [.. nodes.Select(h => Fact(h, section, $"{h.Name}: {what}", value(h), odd.Contains(h) ? "as on the other nodes" : null, variant switch { "systemDrive" => "Win32_OperatingSystem.SystemDrive", "patches" => @"Registry CurrentVersion\UBR", "edition" => "Win32_OperatingSystem.OperatingSystemSKU", "hardware" => "Win32_ComputerSystem.TotalPhysicalMemory", "name" => @"Registry ComputerName\ComputerName", _ => "MSFT_NetAdapter.DriverVersionString" }))],
            Affected = [.. odd.Select(h => new AffectedObject(AffectedRole.Cause, h.Identity))],
        };

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "system drives C: and D:", Cluster(n => n, n => n with { OperatingSystem = Os(n, o => o with { SystemDrive = "D:" }) })),
        Passes("both at update revision 2700", Cluster(n => n, n => n)),
        Fires(Severity.Warning, "updates that are two months apart", Cluster(n => Patched(n, 2700, 8), n => Patched(n, 2582, 70))),
        Passes("updates that are a month apart", Cluster(n => Patched(n, 2700, 8), n => Patched(n, 2655, 43))),
        Passes("the first node was updated six days ago", Cluster(n => Patched(n, 2700, 6), n => Patched(n, 2582, 70))),
        Fires(Severity.Warning, "the first node was updated seven days ago", Cluster(n => Patched(n, 2700, 7), n => Patched(n, 2582, 70))),
        Fires(Severity.Warning, "a node with half the memory", Cluster(n => n, n => n with { ComputerSystem = Sample.Read(n.ComputerSystem.Content! with { Memory = ByteSize.FromGiB(128) }) })),
        Passes("a node with three quarters of the memory", Cluster(n => n, n => n with { ComputerSystem = Sample.Read(n.ComputerSystem.Content! with { Memory = ByteSize.FromGiB(192) }) })),
        Fires(Severity.Warning, "Standard beside Datacenter", Cluster(n => n with { OperatingSystem = Os(n, o => o with { Sku = 8 }) }, n => n with { OperatingSystem = Os(n, o => o with { Sku = 7 }) })),
        Fires(Severity.Warning, "two versions of one adapter's driver", Cluster(n => Driver(n, "4.1"), n => Driver(n, "4.0"))),
        Fires(Severity.Warning, "a name in lower case on 2019 with migration over SMB", Cluster(Lower, Lower, "2019")),
        Passes("the same on 2022", Cluster(Lower, Lower)),
        CannotTell("update revisions that differ, and nobody knows since when", Cluster(n => Patched(n, 2700, 8), n => Patched(n, 2655, 8) with { Updates = Sample.Failed<UpdateList>(SectionState.Pending, "not read yet") })),
        CannotTell("update revisions that were not said", Cluster(n => n, n => n with { OperatingSystem = Os(n, o => o with { UpdateRevision = null }) })),
        CannotTell("a node that does not say its memory", Cluster(n => n, n => n with { ComputerSystem = Sample.Read(n.ComputerSystem.Content! with { Memory = null }) })),
        CannotTell("a node that no agent reads", Given.Cluster(Drive(Given.Host()), null)),
        CannotTell("a node that does not say its system drive", Given.Cluster(Drive(Given.Host()), Given.Host() with { OperatingSystem = Os(Given.Host(), o => o with { SystemDrive = null }) })),
        Skips("a cluster of one node", Given.Cluster(Drive(Given.Host()))),
    ];

    private static Section<HostOperatingSystem> Os(HostReading host, Func<HostOperatingSystem, HostOperatingSystem> change) => Sample.Read(change(host.OperatingSystem.Content!));

    private static HostReading Drive(HostReading host) => host with { OperatingSystem = Os(host, o => o with { SystemDrive = "C:", UpdateRevision = 2700, Sku = 8 }) };

    private static HostReading Patched(HostReading host, int revision, int days) => host with
    {
        OperatingSystem = Os(host, o => o with { UpdateRevision = revision }), Updates = Sample.Read(new UpdateList { Items = [new("KB1", Sample.Now.AddDays(-days)), new("KB2")] }),
    };

    private static HostReading Driver(HostReading host, string version) => host with { PhysicalNetwork = Sample.Read(host.PhysicalNetwork.Content! with { Items = [Sample.Adapter with { DriverVersion = version }] }) };

    private static HostReading Lower(HostReading host) => host with { OperatingSystem = Os(host, o => o with { RegistryComputerName = "hv01" }), LiveMigration = Sample.Read(host.LiveMigration.Content! with { UsesSmb = true }) };

    private static ClusterSubject Cluster(Func<HostReading, HostReading> first, Func<HostReading, HostReading> second, string release = "2022") =>
        Given.Cluster(first(Drive(Given.Host(release))), second(Drive(Given.Host(release))));
}
