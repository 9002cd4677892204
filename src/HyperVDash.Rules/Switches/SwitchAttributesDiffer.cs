using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

public sealed class SwitchAttributesDiffer : Rule<ClusterSubject>
{
    public override RuleCard Card { get; } = new("HVD202", "switch-attributes-differ", RuleScope.Cluster, RuleKind.Configuration)
    {
        Title = "Equally named switches differ between nodes",
        Why = "A VM keeps the name of its switch when it moves, but loses connectivity, SR-IOV or guaranteed bandwidth.",
        Fix = "Bring the switch to the same type and settings on all nodes.",
        Quiet = "Only the order of extensions differs, or extensions that the setting IgnoredExtensions lists.",
        Sections = ["switches"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 2",
    };

    public override IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var read = subject.Members.Where(m => m.Host is not null && Unreadable(m.Host, context, "switches") is null).Select(m => m.Host!).ToList();
        bool isUnsure = false;
        foreach (var name in read.SelectMany(h => SwitchNames.Of(h).Select(s => (Host: h, Switch: s))).GroupBy(s => s.Switch.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var switches = name.ToList();
            isUnsure |= switches.Exists(s => s.Switch.Type == SwitchType.Unknown);
            if (Differences(switches, context).ToList() is { Count: > 0 } differences)
            {
                yield return Fire(subject, name.Key, switches, differences);
            }
        }

        yield return subject.Members.Length < 2
            ? NotFor("The cluster has one node.")
            : read.Count < subject.Members.Length
                ? new Verdict.Unknown("switches", $"Not read on {string.Join(", ", subject.Members.Where(m => m.Host is null || !read.Contains(m.Host)).Select(m => m.Node.Name))}.")
                : isUnsure ? NotSaid("switches", "the type of a switch") : Verdict.Passed;
    }

    private static IEnumerable<(string Attribute, Func<VirtualSwitch, string?> Value)> Differences(List<(HostSubject Host, VirtualSwitch Switch)> switches, RuleContext context)
    {
        (string, Func<VirtualSwitch, string?>)[] attributes =
        [
            ("Type", s => s.Type == SwitchType.Unknown ? null : $"{s.Type}"),
            ("Shared with the host", s => s.IsSharedWithHost?.ToString()),
            ("SR-IOV", s => s.IsSrIovPreferred?.ToString()),
            ("Bandwidth mode", s => s.BandwidthMode?.ToString()),
            ("Embedded teaming", s => s.IsEmbeddedTeaming?.ToString()),
            ("Packet Direct", s => s.IsPacketDirect?.ToString()),
            ("Extensions", s => s.Extensions is { } e ? string.Join(", ", e.Where(x => !context.Settings.IgnoredExtensions.Contains(x, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase)) : null),
            ("Uplink speed", s => s.Uplinks is { IsEmpty: false } u && u.All(x => x.BitsPerSecond is > 0) ? (u.Sum(x => x.BitsPerSecond!.Value) / 1_000_000).ToString(CultureInfo.InvariantCulture) + " Mbit/s" : null),
        ];
        // What a host did not say is no difference.
        return attributes.Where(a => switches.Select(s => a.Item2(s.Switch)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1);
    }

    private static Verdict.Fire Fire(ClusterSubject cluster, string name, List<(HostSubject Host, VirtualSwitch Switch)> switches, List<(string Attribute, Func<VirtualSwitch, string?> Value)> differences)
    {
        bool isType = differences.Exists(d => d.Attribute == "Type");
        return new(isType ? "type" : "attributes", isType ? Severity.Error : Severity.Warning,
            $"Switch '{VisibleText.Of(name)}' differs between nodes of {cluster.Cluster.Name}: {string.Join(", ", differences.Select(d => d.Attribute.ToLowerInvariant()))}")
        {
            Discriminator = name,
            Impact = isType ? "VMs that move lose their connection." : "VMs that move keep their connection, but not its qualities.",
            Remedy = Mend(switches.Find(s => s.Host.Profile?.Profile.PowerShell != true).Host ?? switches[0].Host, RemedyRisk.Online,
                $"Decide for one set of attributes and give it to '{VisibleText.Of(name)}' on every node. Type, SR-IOV and bandwidth mode are set when a switch is made: to change them make it anew.",
                $"Decide for one set of attributes and give it to '{VisibleText.Of(name)}' on every node, in Virtual Network Manager.", [.. Commands(name, switches, differences)]),
            Evidence = [.. from d in differences from s in switches select Fact(s.Host, "switches", $"{d.Attribute} on {s.Host.Name}", d.Value(s.Switch), "equal on all nodes", "Msvm_VirtualEthernetSwitchSettingData")],
            Affected = [.. switches.Select(s => new AffectedObject(AffectedRole.Cause, new SwitchSubject(s.Switch, s.Host).Identity))],
        };
    }

    private static IEnumerable<string> Commands(string name, List<(HostSubject Host, VirtualSwitch Switch)> switches, List<(string Attribute, Func<VirtualSwitch, string?> Value)> differences)
    {
        foreach (var (host, item) in switches.Where(s => s.Switch.IsSharedWithHost == false && differences.Exists(d => d.Attribute == "Shared with the host")))
        {
            yield return PowerShell.Line($"Set-VMSwitch -ComputerName {host} -Name {name} -AllowManagementOS {true}");
        }

        if (differences.Exists(d => d.Attribute is "Type" or "SR-IOV" or "Bandwidth mode"))
        {
            var model = switches[0].Switch;
            yield return PowerShell.Line($"New-VMSwitch -ComputerName {switches[^1].Host} -Name {name} -NetAdapterName <adapter> -EnableIov {model.IsSrIovPreferred} -MinimumBandwidthMode {model.BandwidthMode}");
        }

        foreach (var (host, _) in switches)
        {
            yield return PowerShell.Line($"Get-VMSwitch -ComputerName {host} -Name {name} | Format-List *");
        }
    }

    public override ImmutableArray<Example<ClusterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "external here, internal there", Cluster(s => s with { Type = SwitchType.Internal, Uplinks = [] })),
        Fires(Severity.Warning, "SR-IOV on one node only", Cluster(s => s with { IsSrIovPreferred = true })),
        Fires(Severity.Warning, "shared with the host on one node only", Cluster(s => s with { IsSharedWithHost = false })),
        Fires(Severity.Warning, "an extension on one node only", Cluster(s => s with { Extensions = ["a", "b"] }, s => s with { Extensions = ["a"] })),
        Passes("the same extensions in another order", Cluster(s => s with { Extensions = ["b", "a"] }, s => s with { Extensions = ["a", "b"] })),
        Passes("an extension that the lab ignores", Cluster(s => s with { Extensions = ["a", "b"] }, s => s with { Extensions = ["a"] }), new() { IgnoredExtensions = ["B"] }),
        CannotTell("a node that no agent reads", new(new ClusterView { Id = "c", Name = "LAB" }, [new(new("N0", ClusterNodeState.Up), Node("N0", Sample.Switch)), new(new("N1", ClusterNodeState.Up), null)])),
        Passes("equal switches", Cluster(s => s)),
        Passes("an attribute that one release does not know", Cluster(s => s with { IsEmbeddedTeaming = null, BandwidthMode = null })),
        CannotTell("a switch whose ports could not be read", Cluster(s => s with { Type = SwitchType.Unknown, Uplinks = null, IsSharedWithHost = null })),
    ];

    private static ClusterSubject Cluster(Func<VirtualSwitch, VirtualSwitch> change, Func<VirtualSwitch, VirtualSwitch>? first = null) => new(new ClusterView { Id = "c", Name = "LAB" },
    [
        new(new("N0", ClusterNodeState.Up), Node("N0", first is null ? Sample.Switch : first(Sample.Switch))),
        new(new("N1", ClusterNodeState.Up), Node("N1", change(Sample.Switch))),
    ]);

    private static HostSubject Node(string name, VirtualSwitch item) => new(Sample.Host with { Id = name, Name = name, Switches = Sample.Read(new VirtualSwitchList { Items = [item] }) });
}
