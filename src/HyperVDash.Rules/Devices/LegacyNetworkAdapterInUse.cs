using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Devices;

public sealed class LegacyNetworkAdapterInUse : OneVerdictRule<NetworkAdapterSubject>
{
    public override RuleCard Card { get; } = new("HVD407", "legacy-nic-in-use", RuleScope.NetworkAdapter, RuleKind.Configuration)
    {
        Title = "Emulated (legacy) network adapter in a VM whose guest could use a synthetic one",
        Why = "Every packet is emulated in the parent: no offloads, no bandwidth management, a 100 Mbit/s model. 64-bit XP and 2003 have no driver for it at all.",
        Fix = "Add a synthetic adapter and remove the legacy one.",
        Quiet = "A guest without drivers for synthetic devices needs it; tag boot:pxe.",
        Sections = ["devices", "virtualMachines", "guests"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, first post",
    };

    public override Verdict Decide(NetworkAdapterSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(NetworkAdapterSubject subject, RuleContext context)
    {
        if (subject.Adapter.Kind != NetworkAdapterKind.Legacy)
        {
            return subject.Adapter.Kind == NetworkAdapterKind.Synthetic ? Verdict.Passed : NotSaid("devices", "what kind of adapter it is");
        }

        if (context.Settings.HasTag(subject.Vm.Id.ToString(), "boot:pxe"))
        {
            return NotFor("Tagged boot:pxe.");
        }

        var siblings = subject.Host.AdaptersOf[subject.Vm.Id].ToList();
        int most = (subject.Host.Profile?.Profile ?? ReleaseProfiles.All[^1]).LegacyAdapters;
        if (siblings.Count(n => n.Kind == NetworkAdapterKind.Legacy) > most)
        {
            return Fire(subject, null, "tooMany", Severity.Error, $"{subject.Vm.Name} has more than {most} legacy adapters", "It does not start.");
        }

        if (subject.Adapter.Connection is not (ConnectionState.Connected or ConnectionState.Pooled))
        {
            return subject.Adapter.Connection == ConnectionState.Unknown ? NotSaid("devices", "whether the adapter is connected") : Verdict.Passed;
        }

        if (Unreadable(subject.Host, context, "guests") is { } unreadable)
        {
            return unreadable;
        }

        var guest = subject.Host.GuestOf.GetValueOrDefault(subject.Vm.Id);
        if (guest is { OsMajor: 5, OsMinor: 2, ProcessorArchitecture: 9 })
        {
            return Fire(subject, guest, "noDriver", Severity.Error, $"{subject.Vm.Name} has a legacy adapter, for which its 64-bit system has no driver", "The adapter is dead in the guest.");
        }

        bool isForBoot = subject.Vm.BootOrder is [BootDevice.Network, ..];
        bool hasSynthetic = siblings.Exists(n => n is { Kind: NetworkAdapterKind.Synthetic, Connection: ConnectionState.Connected });
        return isForBoot || hasSynthetic
            ? Fire(subject, guest, "spare", Severity.Info, $"{subject.Vm.Name} keeps a legacy adapter {(isForBoot ? "to start from the network" : "beside a synthetic one")}", null)
            : guest?.Heartbeat == IntegrationState.Ok
                ? Fire(subject, guest, "inUse", Severity.Warning, $"{subject.Vm.Name} sends over a legacy adapter although its guest has drivers for a synthetic one", "Its network is slow and costs the host processor time.")
                : guest is { Heartbeat: IntegrationState.NoContact or IntegrationState.Incompatible }
                    ? NotFor("The guest has no drivers for a synthetic adapter.")
                    : subject.Vm.State != VirtualMachineState.Running ? NotFor("The VM is not running; its guest's drivers are not known.") : new Verdict.Unknown("guests", "The guest's integration services are not known.");
    }

    private static Verdict.Fire Fire(NetworkAdapterSubject subject, Guest? guest, string variant, Severity severity, string title, string? impact) => new(variant, severity, title)
    {
        Impact = impact,
        Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Add a synthetic adapter, move the address in the guest, then remove the legacy adapter with the VM off.",
            $"Shut {subject.Vm.Name} down, add a network adapter in its settings, move the address in the guest, remove the legacy one.",
            PowerShell.Line($"Add-VMNetworkAdapter -ComputerName {subject.Host} -VMName {subject.Vm.Name} -SwitchName {subject.Adapter.SwitchName}"),
            PowerShell.Line($"Get-VMNetworkAdapter -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Where-Object IsLegacy | Remove-VMNetworkAdapter")),
        Evidence =
        [
            Fact(subject.Host, "devices", "Adapter", $"{subject.Adapter.Name ?? "legacy adapter"}, {subject.Adapter.MacAddress ?? "no address"}", "synthetic", "Msvm_EmulatedEthernetPortSettingData"),
            Fact(subject.Host, "devices", "Switch", subject.Adapter.SwitchName),
            Fact(subject.Host, "virtualMachines", "Boot order", subject.Vm.BootOrder is { } order ? string.Join(", ", order) : null),
            Fact(subject.Host, "guests", "Guest version", guest?.OsVersion),
            Fact(subject.Host, "guests", "Heartbeat", guest?.Heartbeat.ToString()),
        ],
    };

    public override ImmutableArray<Example<NetworkAdapterSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a legacy adapter in a guest with heartbeat", Nic(NetworkAdapterKind.Legacy, Sample.Guest)),
        Fires(Severity.Error, "a legacy adapter in 64-bit 2003", Nic(NetworkAdapterKind.Legacy, Sample.Guest with { OsMajor = 5, OsMinor = 2 })),
        Fires(Severity.Info, "a legacy adapter to start from the network", Nic(NetworkAdapterKind.Legacy, Sample.Guest, BootDevice.Network)),
        Fires(Severity.Info, "a legacy adapter beside a connected synthetic one", Beside()),
        Fires(Severity.Error, "five legacy adapters", Many(5)),
        Fires(Severity.Warning, "four legacy adapters", Many(4)),
        Skips("a VM that starts from the network on purpose", Nic(NetworkAdapterKind.Legacy, Sample.Guest, BootDevice.Network), Given.Tagged("boot:pxe")),
        Passes("a synthetic adapter", Nic(NetworkAdapterKind.Synthetic, Sample.Guest)),
        Skips("a guest without drivers", Nic(NetworkAdapterKind.Legacy, Sample.Guest with { Heartbeat = IntegrationState.NoContact })),
        CannotTell("a running guest of which nothing is known", Nic(NetworkAdapterKind.Legacy, null)),
    ];

    private static NetworkAdapterSubject Nic(NetworkAdapterKind kind, Guest? guest, params BootDevice[] order)
    {
        var nic = Sample.Nic with { Kind = kind };
        var vm = Given.GenerationOne with { BootOrder = [.. order] };
        return new(nic, vm, new(Sample.Host with
        {
            VirtualMachines = Sample.Read(new VirtualMachineList { Items = [vm] }),
            Devices = Sample.Read(new DeviceList { Controllers = [], Drives = [], NetworkAdapters = [nic] }),
            Guests = Sample.Read(new GuestList { Items = guest is null ? [] : [guest] }),
        }));
    }

    private static NetworkAdapterSubject Beside() => Given.Host().With(Given.GenerationOne).With(Sample.Nic with { Kind = NetworkAdapterKind.Legacy }, Sample.Nic with { Id = "other" }).With(Sample.Guest).Adapter();

    private static NetworkAdapterSubject Many(int count) =>
        Given.Host().With(Given.GenerationOne).With([.. Enumerable.Range(0, count).Select(i => Sample.Nic with { Id = $"{i}", Kind = NetworkAdapterKind.Legacy })]).With(Sample.Guest).Adapter();
}
