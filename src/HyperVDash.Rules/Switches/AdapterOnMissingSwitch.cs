using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class AdapterOnMissingSwitch : OneVerdictRule<NetworkAdapterSubject>
{
    public override RuleCard Card { get; } = new("HVD206", "vnic-on-missing-switch", RuleScope.NetworkAdapter, RuleKind.Configuration)
    {
        Title = "Network adapter points to a switch that no longer exists",
        Why = "The VM will not start, or is cut off now.",
        Fix = "Connect the adapter to a switch that exists; make the switch anew if several VMs point to it.",
        Quiet = "The host's switches could not be read.",
        Sections = ["devices", "virtualMachines", "switches"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Error],
        Origin = "Troubleshooting of live migration; class of switch ports; field practice",
    };

    public override Verdict Decide(NetworkAdapterSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices", "switches") ?? subject.Adapter.Connection switch
        {
            ConnectionState.Unknown => NotSaid("devices", "what the adapter is connected to"),
            ConnectionState.SwitchMissing => Fire(subject),
            _ => Verdict.Passed,
        };

    private static Verdict.Fire Fire(NetworkAdapterSubject subject)
    {
        var (adapter, vm, host) = (subject.Adapter, subject.Vm, subject.Host);
        var switches = host.Reading.Switches.Content!.Items;
        var alike = host.Reading.Devices.Content!.NetworkAdapters!.Value.Where(n => n.Connection == ConnectionState.SwitchMissing && IsSame(n, adapter)).Select(n => n.VirtualMachineId).Distinct().Count();
        string lost = adapter.SwitchName is { } name ? $"'{VisibleText.Of(name)}'" : "a switch";
        return new("missing", Severity.Error, $"{vm.Name}: {VisibleText.Of(adapter.Name ?? "a network adapter")} points to {lost}, which {host.Name} does not have")
        {
            Impact = "The VM will not start, or is cut off now.",
            Remedy = alike > 1
                ? Mend(host, RemedyRisk.Online, $"{alike} VMs of {host.Name} point to it: make the switch anew, then connect them.", $"{alike} VMs of {host.Name} point to it: make the switch anew in Virtual Network Manager, then choose it in their settings.",
                    PowerShell.Line($"New-VMSwitch -ComputerName {host} -Name {adapter.SwitchName} -NetAdapterName <adapter>"),
                    PowerShell.Line($"Connect-VMNetworkAdapter -ComputerName {host} -VMName {vm.Name} -Name {adapter.Name} -SwitchName {adapter.SwitchName}"))
                : Mend(host, RemedyRisk.Online, $"Connect the adapter of {vm.Name} to a switch that exists.", $"In the settings of {vm.Name} choose a network that exists.",
                    PowerShell.Line($"Connect-VMNetworkAdapter -ComputerName {host} -VMName {vm.Name} -Name {adapter.Name} -SwitchName {(switches.Length == 1 ? switches[0].Name : null)}")),
            Evidence =
            [
                Fact(host, "devices", "Switch id", adapter.SwitchId ?? "none", "one of the host's switches", "Msvm_EthernetPortAllocationSettingData.HostResource"),
                Fact(host, "devices", "Last known name", adapter.SwitchName, null, "Msvm_EthernetPortAllocationSettingData.LastKnownSwitchName"),
                .. switches.Take(10).Select(s => Fact(host, "switches", $"Switch {VisibleText.Of(s.Name)}", s.Id, null, "Msvm_VirtualEthernetSwitch.Name")),
            ],
        };
    }

    private static bool IsSame(NetworkAdapter a, NetworkAdapter b) =>
        a.SwitchId is null && b.SwitchId is null ? a.SwitchName == b.SwitchName : string.Equals(a.SwitchId, b.SwitchId, StringComparison.OrdinalIgnoreCase);

    public override ImmutableArray<Example<NetworkAdapterSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "a switch that the host does not have", Nic(ConnectionState.SwitchMissing).Adapter()),
        Passes("a switch that the host has", Nic(ConnectionState.Connected).Adapter()),
        Fires(Severity.Error, "the same on 2008 R2", Nic(ConnectionState.SwitchMissing, "2008R2").Adapter()),
        Fires(Severity.Error, "two VMs on one lost switch", Nic(ConnectionState.SwitchMissing).With(Lost, Lost with { Id = "other", VirtualMachineId = Guid.Empty }).Adapter()),
        Fires(Severity.Error, "two VMs on two lost switches", Two(n => n with { SwitchId = "ccc" })),
        Fires(Severity.Error, "two VMs on lost switches of one name whose ids are not told", Two(n => n, n => n with { SwitchId = null })),
        Fires(Severity.Error, "two VMs on lost switches of two names whose ids are not told", Two(n => n with { SwitchName = "Other" }, n => n with { SwitchId = null })),
        Fires(Severity.Error, "two VMs on lost switches, of which one tells its id", Two(n => n with { SwitchId = "bbb" }, n => n with { SwitchId = null })),
        Fires(Severity.Error, "a lost switch beside a VM on one that is there", Two(n => n with { Connection = ConnectionState.Connected })),
        Fires(Severity.Error, "a lost switch on a host with two switches", Nic(ConnectionState.SwitchMissing).With(Sample.Switch, Sample.Switch with { Id = "ddd", Name = "Backup" }).Adapter()),
        Passes("an adapter without a switch, which is another rule's", Nic(ConnectionState.Disconnected).Adapter()),
        CannotTell("switches that could not be read", (Nic(ConnectionState.SwitchMissing) with { Switches = Sample.Failed<VirtualSwitchList>(SectionState.Denied, "no right") }).Adapter()),
        CannotTell("a connection that the host did not say", Nic(ConnectionState.Unknown).Adapter()),
    ];

    private static NetworkAdapter Lost => Sample.Nic with { Connection = ConnectionState.SwitchMissing, SwitchId = "bbb", SwitchName = "Lab" };

    /// <summary>An adapter, and one of another VM.</summary>
    /// <param name="both">Changes both, before the other is changed.</param>
    private static NetworkAdapterSubject Two(Func<NetworkAdapter, NetworkAdapter> other, Func<NetworkAdapter, NetworkAdapter>? both = null)
    {
        var one = both is null ? Lost : both(Lost);
        var second = one with { Id = "other", VirtualMachineId = Guid.Empty };
        return Nic(ConnectionState.SwitchMissing).With(one, other(second)).Adapter();
    }

    private static HostReading Nic(ConnectionState connection, string release = "2022") => Given.Host(release).With(connection == ConnectionState.SwitchMissing ? Lost : Sample.Nic with { Connection = connection });
}
