using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

public sealed class WirelessUplink : Rule<SwitchSubject>
{
    public override RuleCard Card { get; } = new("HVD204", "wireless-uplink", RuleScope.Switch, RuleKind.Configuration)
    {
        Title = "External switch bound to a wireless adapter",
        Why = "A wireless adapter may send only its own address. Before 2012 that is not supported; later releases rewrite addresses, which breaks NLB, nesting and clusters.",
        Fix = "Bind the switch to a wired adapter.",
        Quiet = "A wireless adapter exists but no switch is bound to it.",
        Sections = ["switches", "physicalNetwork", "operatingSystem"],
        Mentions = ["virtualMachines", "devices"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post",
    };

    public override IEnumerable<Verdict> Examine(SwitchSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "switches") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        if (subject.Switch.Uplinks is not { } uplinks)
        {
            yield return NotSaid("switches", "what the switch is bound to");
            yield break;
        }

        if (uplinks.IsEmpty)
        {
            yield return new Verdict.NotApplicable("The switch has no uplink.");
            yield break;
        }

        var links = uplinks.SelectMany(u => Members(subject.Host, u)).ToList();
        var wireless = links.FindAll(l => l.Medium is NetworkMedium.WiFi or NetworkMedium.Mobile or NetworkMedium.WiMax);
        yield return wireless.Count > 0
            ? Fire(subject, wireless)
            : links.Exists(l => l.Medium == NetworkMedium.Unknown)
                ? Unreadable(subject.Host, context, "physicalNetwork") ?? NotSaid("physicalNetwork", "the medium of the switch's adapter")
                : new Verdict.Pass();
    }

    /// <summary>The adapters behind an uplink: a team gives way to its members.</summary>
    private static IEnumerable<(string Name, NetworkMedium Medium, string? Code)> Members(HostSubject host, SwitchUplink uplink)
    {
        var network = host.Reading.PhysicalNetwork.IsReadable() ? host.Reading.PhysicalNetwork.Content! : new PhysicalAdapterList();
        var team = (network.Teams ?? []).FirstOrDefault(t => uplink.Description is not null && t.Adapters.Contains(uplink.Description, StringComparer.OrdinalIgnoreCase));
        if (team is not null)
        {
            return network.Items.Where(a => a.Name is not null && team.Members.Contains(a.Name, StringComparer.OrdinalIgnoreCase))
                .Select(a => (a.Description ?? a.Name!, a.Medium, a.MediumCode))
                .DefaultIfEmpty((team.Name, NetworkMedium.Unknown, null));
        }

        var adapter = network.Items.FirstOrDefault(a => a.Id is not null && a.Id == uplink.AdapterId)
            ?? network.Items.FirstOrDefault(a => uplink.Description is not null && uplink.Description.Equals(a.Description, StringComparison.OrdinalIgnoreCase))
            ?? network.Items.FirstOrDefault(a => uplink.MacAddress is not null && uplink.MacAddress == a.MacAddress);
        var medium = uplink.Medium == NetworkMedium.WiFi ? NetworkMedium.WiFi : adapter?.Medium ?? NetworkMedium.Unknown;
        return [(uplink.Description ?? adapter?.Description ?? "adapter", medium, adapter?.MediumCode)];
    }

    private static Verdict.Fire Fire(SwitchSubject subject, List<(string Name, NetworkMedium Medium, string? Code)> wireless)
    {
        var host = subject.Host;
        bool isClient = host.Reading.OperatingSystem.Content?.ProductType == ProductType.Workstation;
        var severity = host.Profile?.Profile.IsHyperVOne == true ? Severity.Error : isClient ? Severity.Info : Severity.Warning;
        var users = host.AdaptersOf.SelectMany(a => a).Where(n => subject.Switch.Id.Equals(n.SwitchId, StringComparison.OrdinalIgnoreCase)).Select(n => n.VirtualMachineId).ToHashSet();
        var vms = (host.Reading.VirtualMachines.Content?.Items ?? []).Where(v => users.Contains(v.Id)).ToList();
        return new("wireless", severity, $"Switch '{VisibleText.Of(subject.Switch.Name)}' on {host.Name} is bound to {wireless[0].Name} ({wireless[0].Medium})")
        {
            Impact = $"{vms.Count} VM{(vms.Count == 1 ? " is" : "s are")} attached; NLB, nested virtualisation and clusters do not work over it.",
            Remedy = host.Profile?.Profile.PowerShell == false
                ? new($"In Virtual Network Manager on {host.Name} bind '{VisibleText.Of(subject.Switch.Name)}' to a wired adapter.") { Risk = RemedyRisk.Online }
                : new("Bind the switch to a wired adapter; its VMs lose their connection for a moment.") { Commands = [PowerShell.Line($"Set-VMSwitch -ComputerName {host} -Name {subject.Switch.Name} -NetAdapterName <wired adapter>")], Risk = RemedyRisk.Online },
            Evidence = [.. wireless.Select(w => Fact(host, "physicalNetwork", w.Name, $"{w.Medium}{(w.Code is null ? "" : $" ({w.Code})")}", "Ethernet", "MSFT_NetAdapter.NdisPhysicalMedium"))],
            Affected = [.. vms.Select(v => new AffectedObject(AffectedRole.Impacted, new ObjectRef(ObjectKind.VirtualMachine, v.Id.ToString(), v.Name, host.Id)))],
        };
    }

    public override ImmutableArray<Example<SwitchSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a Wi-Fi adapter on 2022", Switch(NetworkMedium.WiFi, 20348)),
        Fires(Severity.Error, "a Wi-Fi adapter on 2008 R2", Switch(NetworkMedium.WiFi, 7601)),
        Fires(Severity.Info, "a mobile modem on client Windows", Switch(NetworkMedium.Mobile, 26100, ProductType.Workstation)),
        Passes("a wired adapter", Switch(NetworkMedium.Ethernet, 20348)),
        Skips("a private switch", new(Sample.Switch with { Type = SwitchType.Private, Uplinks = [] }, new(Sample.Host))),
        CannotTell("an adapter without a medium", Switch(NetworkMedium.Unknown, 20348)),
    ];

    private static SwitchSubject Switch(NetworkMedium medium, int build, ProductType type = ProductType.Server) => new(Sample.Switch, new(Sample.Host with
    {
        PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter with { Medium = medium }], Teams = [] }),
        OperatingSystem = Sample.Read(new HostOperatingSystem { Build = build, ProductType = type }),
    }));
}
