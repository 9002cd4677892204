using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

public sealed class DuplicateSwitchId : Rule<FarmSubject>
{
    public override RuleCard Card { get; } = new("HVD215", "duplicate-switch-id", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Two hosts carry a switch with the same GUID",
        Why = "It is the sign of an imaged host: policies bound to the switch and the state of a software-defined network collide.",
        Fix = "Drain one host, remove the switch, make it anew under the same name and connect its VMs again. Generalise images before the role is added.",
        Quiet = "The switch that client Windows makes by itself, which has one GUID everywhere.",
        Sections = ["switches"],
        Mentions = ["operatingSystem", "hyperVSettings"],
        Severities = [Severity.Warning],
        Origin = "The same check in a published support module; field practice",
    };

    public override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var gates = subject.Hosts.Select(h => (Host: h, Verdict: Unreadable(h, context, "switches"))).ToList();
        var read = gates.Where(g => g.Verdict is null).Select(g => g.Host).ToList();
        var involved = new HashSet<HostSubject>();
        foreach (var same in read.SelectMany(h => SwitchNames.Of(h).DistinctBy(Key).Select(s => (Host: h, Switch: s))).GroupBy(s => Key(s.Switch), StringComparer.Ordinal).Where(g => g.Count() > 1).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var all = same.ToList();
            involved.UnionWith(all.Select(s => s.Host));
            yield return Fire(same.Key, all);
        }

        foreach (var host in read.Where(h => !involved.Contains(h)))
        {
            yield return new Verdict.Pass { Object = host.Identity };
        }

        if (gates.Where(g => g.Verdict is Verdict.Unknown).Select(g => g.Host.Name).ToList() is { Count: > 0 } blind)
        {
            yield return new Verdict.Unknown("switches", $"The switches of {string.Join(", ", blind)} are not known.");
        }
        else if (involved.Count == 0)
        {
            yield return Verdict.Passed;
        }
    }

    private static string Key(VirtualSwitch one) => one.Id.Trim('{', '}').ToLowerInvariant();

    private static Verdict.Fire Fire(string id, List<(HostSubject Host, VirtualSwitch Switch)> all)
    {
        var (host, one) = all[^1];
        return new("id", Severity.Warning, $"Switches of {string.Join(", ", all.Take(3).Select(s => $"{s.Host.Name} ('{VisibleText.Of(s.Switch.Name)}')"))}{(all.Count > 3 ? $" and {all.Count - 3} more" : "")} have one GUID")
        {
            Discriminator = id,
            Impact = "Settings that are bound to the switch by its GUID hit the wrong host.",
            Remedy = Mend(host, RemedyRisk.Online, $"Move the VMs off {host.Name}, make its switch anew under the same name and connect the VMs again.",
                $"Move the VMs off {host.Name}, then remove its switch in Virtual Network Manager and make it anew under the same name.",
                PowerShell.Line($"Remove-VMSwitch -ComputerName {host} -Name {one.Name}"), PowerShell.Line($"New-VMSwitch -ComputerName {host} -Name {one.Name} -NetAdapterName <adapter>")),
            Evidence =
            [
                .. all.Take(10).SelectMany(s => new[]
                {
                    Fact(s.Host, "switches", $"{s.Host.Name}: {VisibleText.Of(s.Switch.Name)}", s.Switch.Id, "a GUID of its own", "Msvm_VirtualEthernetSwitch.Name"),
                    Fact(s.Host, "switches", $"{s.Host.Name}: made", s.Switch.CreatedAt?.ToString("u", System.Globalization.CultureInfo.InvariantCulture), null, "Msvm_VirtualEthernetSwitchSettingData.CreationTime"),
                    Fact(s.Host, "hyperVSettings", $"{s.Host.Name}: MAC addresses from", s.Host.Reading.HyperVSettings.Content?.MinimumMacAddress, null, "Msvm_VirtualSystemManagementServiceSettingData.MinimumMacAddress"),
                }),
            ],
            Affected = [.. all.Select(s => new AffectedObject(AffectedRole.Cause, new SwitchSubject(s.Switch, s.Host).Identity))],
        };
    }

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "one GUID on two hosts", Farm("5f3", "5f3")),
        Passes("a GUID for each", Farm("5f3", "5f4")),
        Passes("the switch that client Windows makes", Farm("C08CB7B8-9B3C-408E-8E30-5E16A3AEB444", "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444")),
        Fires(Severity.Warning, "one GUID, written in two ways", Farm("{AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA}", "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa")),
        Passes("a host alone", Farm("5f3")),
        CannotTell("a host whose switches could not be read", Farm("5f3", null)),
    ];

    private static FarmSubject Farm(params string?[] ids) => new([.. ids.Select((id, i) => new HostSubject(Sample.Host with
    {
        Id = $"h{i}", Name = $"HV{i}", Switches = id is null ? Sample.Failed<VirtualSwitchList>(SectionState.Denied, "no right") : Sample.Read(new VirtualSwitchList { Items = [Sample.Switch with { Id = id }] }),
    }))]);
}
