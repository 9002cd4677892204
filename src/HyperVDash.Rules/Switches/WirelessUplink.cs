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
        Quiet = "A wireless adapter exists but no switch is bound to it (2012 and later; before, a host without any wired adapter is told as information).",
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
            yield return OnlyWireless(subject, context);
            yield break;
        }

        var links = uplinks.SelectMany(u => Members(subject.Host, u)).ToList();
        var wireless = links.FindAll(l => IsWireless(l.Medium));
        yield return wireless.Count > 0
            ? Fire(subject, wireless)
            : links.Exists(l => l.Medium == NetworkMedium.Unknown)
                ? Unreadable(subject.Host, context, "physicalNetwork") ?? NotSaid("physicalNetwork", "the medium of the switch's adapter")
                : Verdict.Passed;
    }

    /// <summary>Before 2012: a host that reaches its network by air alone can have no external switch.</summary>
    private static Verdict OnlyWireless(SwitchSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "operatingSystem") is { } unread)
        {
            return unread;
        }

        if (subject.Host.Profile is null)
        {
            return NotSaid("operatingSystem", "its build");
        }

        if (!subject.Host.Profile.Profile.IsHyperVOne)
        {
            return NotFor("The switch has no uplink.");
        }

        if (Unreadable(subject.Host, context, "physicalNetwork") is { } unreadable)
        {
            return unreadable;
        }

        var adapters = subject.Host.Reading.PhysicalNetwork.Content!.Items.Where(a => a.IsEnabled != false).ToList();
        return adapters.Count == 0 || !adapters.TrueForAll(a => IsWireless(a.Medium))
            ? NotFor("The switch has no uplink, and the host has wired adapters.")
            : new Verdict.Fire("onlyWireless", Severity.Info, $"{subject.Host.Name} has no wired adapter that '{VisibleText.Of(subject.Switch.Name)}' could be bound to")
            {
                Impact = "VMs on this host reach no network outside it.",
                Remedy = new($"Install or enable a wired adapter in {subject.Host.Name}.") { Risk = RemedyRisk.NeedsHostRestart },
                Evidence = [.. adapters.Select(a => Fact(subject.Host, "physicalNetwork", a.Description ?? a.Name ?? "adapter", $"{a.Medium}{(a.MediumCode is null ? "" : $" ({a.MediumCode})")}", "Ethernet", "MSNdis_PhysicalMediumType.NdisPhysicalMediumType"))],
            };
    }

    private static bool IsWireless(NetworkMedium medium) => medium is NetworkMedium.WiFi or NetworkMedium.Mobile or NetworkMedium.WiMax;

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
            Remedy = Mend(host, RemedyRisk.Online,
                isClient ? "Bind the switch to a wired adapter, or use an internal switch with address translation." : "Bind the switch to a wired adapter; its VMs lose their connection for a moment.",
                $"In Virtual Network Manager on {host.Name} bind '{VisibleText.Of(subject.Switch.Name)}' to a wired adapter.",
                [
                    PowerShell.Line($"Set-VMSwitch -ComputerName {host} -Name {subject.Switch.Name} -NetAdapterName <wired adapter>"),
                    .. isClient ? ["New-VMSwitch -Name NAT -SwitchType Internal", "New-NetNat -Name NAT -InternalIPInterfaceAddressPrefix 192.168.100.0/24"] : Array.Empty<string>(),
                ]),
            Evidence = [.. wireless.Select(w => Fact(host, "physicalNetwork", w.Name, $"{w.Medium}{(w.Code is null ? "" : $" ({w.Code})")}", "Ethernet", "MSFT_NetAdapter.NdisPhysicalMedium"))],
            Affected = [.. vms.Select(v => new AffectedObject(AffectedRole.Impacted, new ObjectRef(ObjectKind.VirtualMachine, v.Id.ToString(), v.Name, host.Id)))],
        };
    }

    public override ImmutableArray<Example<SwitchSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a Wi-Fi adapter on 2022", Switch(NetworkMedium.WiFi, 20348)),
        Fires(Severity.Error, "a Wi-Fi adapter on 2008 R2", Switch(NetworkMedium.WiFi, 7601)),
        Fires(Severity.Info, "a mobile modem on client Windows", Switch(NetworkMedium.Mobile, 26100, ProductType.Workstation)),
        Fires(Severity.Error, "a Wi-Fi adapter on 2008", Switch(NetworkMedium.WiFi, 6002)),
        Fires(Severity.Warning, "WiMAX on 2012", Switch(NetworkMedium.WiMax, 9200)),
        Fires(Severity.Info, "a private switch on a 2008 R2 host that has only Wi-Fi", Private(7601)),
        Skips("the same on 2012", Private(9200)),
        Passes("a wired switch on a host that also has Wi-Fi", new(Sample.Switch, new(Sample.Host with { PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter, Sample.Adapter with { Id = Guid.Empty, Description = "Wi-Fi", Medium = NetworkMedium.WiFi }] }) }))),
        Passes("a wired adapter", Switch(NetworkMedium.Ethernet, 20348)),
        Skips("a private switch", new(Sample.Switch with { Type = SwitchType.Private, Uplinks = [] }, new(Sample.Host))),
        CannotTell("an adapter without a medium", Switch(NetworkMedium.Unknown, 20348)),
    ];

    private static SwitchSubject Switch(NetworkMedium medium, int build, ProductType type = ProductType.Server) => new(Sample.Switch, new(Sample.Host with
    {
        PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter with { Medium = medium }], Teams = [] }),
        OperatingSystem = Sample.Read(new HostOperatingSystem { Build = build, ProductType = type }),
    }));

    private static SwitchSubject Private(int build) => new(Sample.Switch with { Type = SwitchType.Private, Uplinks = [] }, Switch(NetworkMedium.WiFi, build).Host);
}
