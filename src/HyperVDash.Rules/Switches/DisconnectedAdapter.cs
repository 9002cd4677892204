using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class DisconnectedAdapter : OneVerdictRule<NetworkAdapterSubject>
{
    private static readonly TimeSpan Running = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan New = TimeSpan.FromHours(1);

    public override RuleCard Card { get; } = new("HVD205", "vnic-disconnected", RuleScope.NetworkAdapter, RuleKind.Configuration)
    {
        Title = "Running VM has a network adapter without a switch",
        Why = "The guest runs without network; often it is what a migration or an import left.",
        Fix = "Connect the adapter to a switch, or remove it.",
        Quiet = "The VM runs less than 10 minutes or was made less than an hour ago; a replica that is off; a VM tagged net:isolated or vm:template. A switch that is gone is told by HVD206.",
        Sections = ["devices", "virtualMachines"],
        Mentions = ["operatingSystem", "switches"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Troubleshooting of live migration; field practice",
    };

    public override Verdict Decide(NetworkAdapterSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(NetworkAdapterSubject subject, RuleContext context)
    {
        var vm = subject.Vm;
        if (subject.Adapter.Connection is not (ConnectionState.Disconnected or ConnectionState.Unplugged))
        {
            return subject.Adapter.Connection == ConnectionState.Unknown ? NotSaid("devices", "what the adapter is connected to") : Verdict.Passed;
        }

        if (new[] { "net:isolated", "vm:template" }.FirstOrDefault(t => context.Settings.HasTag(vm.Id.ToString(), t)) is { } tag)
        {
            return new Verdict.NotApplicable($"Tagged {tag}.");
        }

        if (vm.State == VirtualMachineState.Off && vm.Replication?.Mode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica or ReplicationMode.TestReplica)
        {
            return NotFor("A replica is connected when it takes over.");
        }

        if (vm.CreatedAt is { } made && !context.Reached(made + New))
        {
            return Verdict.Passed;
        }

        return vm.State switch
        {
            VirtualMachineState.Unknown => NotSaid("virtualMachines", "the VM's state"),
            VirtualMachineState.Running when vm.StartedAt is not { } => NotSaid("virtualMachines", "since when the VM runs"),
            VirtualMachineState.Running when !context.Reached(vm.StartedAt!.Value + Running) => Verdict.Passed,
            VirtualMachineState.Running when !Others(subject).Any(n => n.Connection is ConnectionState.Connected or ConnectionState.Pooled) => Fire(subject, "alone", Severity.Warning),
            _ => Fire(subject, vm.State == VirtualMachineState.Running ? "beside" : "notRunning", Severity.Info),
        };
    }

    private static IEnumerable<NetworkAdapter> Others(NetworkAdapterSubject subject) => subject.Host.AdaptersOf[subject.Vm.Id].Where(n => n.Id != subject.Adapter.Id);

    private static Verdict.Fire Fire(NetworkAdapterSubject subject, string variant, Severity severity)
    {
        var (adapter, vm, host) = (subject.Adapter, subject.Vm, subject.Host);
        bool isUnplugged = adapter.Connection == ConnectionState.Unplugged;
        var known = host.Reading.Switches.Content?.Items ?? [];
        return new(variant, severity, $"{vm.Name}: {VisibleText.Of(adapter.Name ?? "a network adapter")} is connected to {(isUnplugged ? $"'{VisibleText.Of(adapter.SwitchName ?? "a switch")}' with the cable out" : "no switch")}")
        {
            Impact = severity == Severity.Warning ? "The VM runs without network." : null,
            Remedy = Mend(host, RemedyRisk.Online, $"Connect the adapter of {vm.Name}, or remove it.", $"In the settings of {vm.Name} choose a network for the adapter, or remove it.",
                PowerShell.Line($"Connect-VMNetworkAdapter -ComputerName {host} -VMName {vm.Name} -Name {adapter.Name} -SwitchName {adapter.SwitchName ?? (known.Length == 1 ? known[0].Name : null)}"),
                PowerShell.Line($"Remove-VMNetworkAdapter -ComputerName {host} -VMName {vm.Name} -Name {adapter.Name}")),
            Evidence =
            [
                Fact(host, "devices", "Switch", adapter.SwitchName is { } name ? $"{VisibleText.Of(name)}{(isUnplugged ? ", cable out" : " (last known)")}" : "none", "a switch", "Msvm_EthernetPortAllocationSettingData.HostResource"),
                Fact(host, "devices", "MAC address", adapter.MacAddress, null, "Msvm_SyntheticEthernetPortSettingData.Address"),
                Fact(host, "virtualMachines", "State of the VM", vm.State.ToString(), null, "Msvm_ComputerSystem.EnabledState"),
                .. Others(subject).Take(8).Select(n => Fact(host, "devices", $"Beside it: {VisibleText.Of(n.Name ?? "network adapter")}", n.SwitchName ?? n.Connection.ToString(), null, "Msvm_EthernetPortAllocationSettingData.HostResource")),
            ],
        };
    }

    public override ImmutableArray<Example<NetworkAdapterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a running VM whose only adapter is not connected", Nic(ConnectionState.Disconnected)),
        Passes("the same adapter, connected", Nic(ConnectionState.Connected)),
        Skips("the same, tagged net:isolated", Nic(ConnectionState.Disconnected), Given.Tagged("net:isolated")),
        Fires(Severity.Warning, "a cable that is out", Nic(ConnectionState.Unplugged)),
        Fires(Severity.Info, "another adapter is connected", Given.Host().With(Sample.Nic with { Connection = ConnectionState.Disconnected }, Sample.Nic with { Id = "other" }).Adapter()),
        Fires(Severity.Info, "a VM that is off", Nic(ConnectionState.Disconnected, v => v with { State = VirtualMachineState.Off, StartedAt = null })),
        Fires(Severity.Warning, "a VM that runs exactly 10 minutes", Nic(ConnectionState.Disconnected, v => v with { StartedAt = Sample.Now.AddMinutes(-10) })),
        Passes("a VM that runs 9 minutes", Nic(ConnectionState.Disconnected, v => v with { StartedAt = Sample.Now.AddMinutes(-9) })),
        Passes("a VM that was made 59 minutes ago", Nic(ConnectionState.Disconnected, v => v with { CreatedAt = Sample.Now.AddMinutes(-59) })),
        Skips("a replica that is off", Nic(ConnectionState.Disconnected, v => v with { State = VirtualMachineState.Off, Replication = new() { Mode = ReplicationMode.Replica } })),
        Passes("a switch that is gone, which is another rule's", Nic(ConnectionState.SwitchMissing)),
        CannotTell("a connection that the host did not say", Nic(ConnectionState.Unknown)),
    ];

    private static NetworkAdapterSubject Nic(ConnectionState connection, Func<VirtualMachine, VirtualMachine>? change = null) =>
        Given.Host().With(change is null ? Sample.Vm : change(Sample.Vm)).With(Sample.Nic with
        {
            Connection = connection, SwitchId = connection is ConnectionState.Disconnected ? null : Sample.Switch.Id, SwitchName = connection is ConnectionState.Disconnected ? null : "Prod",
        }).Adapter();
}
