using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Guests;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Devices;

public sealed class SyntheticDeviceWithoutDriver : IntegrationRule
{
    // Tags for systems without drivers in the box: silent, they tell nothing themselves.
    private static readonly string[] WithoutDrivers = ["os:nt4", "os:win9x", "os:dos", "os:unix", "os:os2", "os:netware"];

    public override RuleCard Card { get; } = new("HVD406", "scsi-without-vsc-guest", RuleScope.VirtualMachine, RuleKind.State)
    {
        Title = "Synthetic device given to a guest that has no driver (VSC) for it",
        Why = "The disk or adapter exists on the host and is invisible in the guest.",
        Fix = "Install integration components; until then put disks on IDE and add a legacy network adapter.",
        Quiet = "The guest is in setup; tag vsc:builtin; generation 2.",
        Sections = ["virtualMachines", "devices", "guests"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Error],
        Confidence = 0.75,
        Origin = "Field notes of December 2007, first post",
    };

    public override Verdict Decide(VirtualMachineSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Judge(subject, context);

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context)
    {
        var content = subject.Host.Reading.Devices.Content!;
        if (subject.Vm.Generation == 2 || context.Settings.HasTag(subject.Identity.Id, "vsc:builtin"))
        {
            return new Verdict.NotApplicable(subject.Vm.Generation == 2 ? "Generation 2 runs only guests with drivers." : "Tagged vsc:builtin.");
        }

        if (!subject.Host.DrivesOf[subject.Vm.Id].Any(IsSyntheticDisk) && !subject.Host.AdaptersOf[subject.Vm.Id].Any(IsSyntheticAdapter))
        {
            return content.Drives is null ? NotSaid("devices", "the VM's drives")
                : content.NetworkAdapters is null ? NotSaid("devices", "the VM's network adapters")
                : NotFor("The VM has no synthetic disk or adapter.");
        }

        if ((Uptime.Gate(subject, context) ?? Unreadable(subject.Host, context, "guests")) is { } early)
        {
            return early;
        }

        var guest = subject.Guest;
        bool? isSilent = Uptime.IsSilent(subject);
        string? system = WithoutDriver(subject.Host.Profile?.Profile ?? ReleaseProfiles.All[^1], guest)
            ?? (isSilent == true ? context.Settings.TagsOf(subject.Identity.Id, "os:").FirstOrDefault(t => WithoutDrivers.Contains(t, StringComparer.OrdinalIgnoreCase)) : null);
        return system is not null ? Fire(subject, system)
            : isSilent == true ? NotFor("Silent, and nothing tells which system runs in it (tag os:…).")
            : guest is { OsMajor: not null } or { Family: GuestFamily.Linux } or { Heartbeat: IntegrationState.Ok or IntegrationState.Degraded } ? Verdict.Passed
            : Uptime.CannotTell(guest);
    }

    private static bool IsSyntheticDisk(Drive drive) => drive.ControllerKind == ControllerKind.Scsi && DriveFacts.IsFilledDisk(drive);

    private static bool IsSyntheticAdapter(NetworkAdapter adapter) => adapter.Kind == NetworkAdapterKind.Synthetic;

    private static string? WithoutDriver(ReleaseProfile profile, Guest? guest)
    {
        foreach (var listed in guest is null ? [] : profile.GuestsWithoutDriver)
        {
            if (listed.Matches(guest!))
            {
                return listed.Name;
            }
        }

        return null;
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string system)
    {
        var disks = subject.Host.DrivesOf[subject.Vm.Id].Where(IsSyntheticDisk).ToList();
        var adapters = subject.Host.AdaptersOf[subject.Vm.Id].Where(IsSyntheticAdapter).ToList();
        var devices = subject.Host.Reading.Devices.Content!;
        string[] unseen =
        [
            .. disks.Count == 0 ? [] : (string[])[$"{disks.Count} SCSI disk{(disks.Count == 1 ? "" : "s")}"],
            .. adapters.Count == 0 ? [] : (string[])[$"{adapters.Count} synthetic adapter{(adapters.Count == 1 ? "" : "s")}"],
        ];
        return new("noDriver", Severity.Error, $"{subject.Vm.Name} ({system}) has {string.Join(" and ", unseen)} it cannot see")
        {
            Impact = "The guest works without these disks and networks.",
            Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Install integration components if there are any for this system; else move disks to IDE and use a legacy network adapter.",
                $"Install integration components if there are any for this system; else, in the settings of {subject.Vm.Name}, move disks to IDE and add a legacy network adapter.",
                [
                    .. disks.Select(d => PowerShell.Line($"Get-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType SCSI -ControllerNumber {d.ControllerNumber} -ControllerLocation {d.Location} | Set-VMHardDiskDrive -ToControllerType IDE")),
                    .. adapters.Select(a => PowerShell.Line($"Add-VMNetworkAdapter -ComputerName {subject.Host} -VMName {subject.Vm.Name} -IsLegacy $true -SwitchName {a.SwitchName}")),
                ]),
            Evidence =
            [
                Fact(subject.Host, "devices", "Synthetic disks", devices.Drives is null ? null : disks.Count == 0 ? "none" : DriveFacts.Map(disks), "none without drivers in the guest", "Msvm_ResourceAllocationSettingData"),
                Fact(subject.Host, "devices", "Synthetic adapters", devices.NetworkAdapters is null ? null : adapters.Count == 0 ? "none" : string.Join(", ", adapters.Select(a => a.Name ?? a.Id))),
                new Evidence("System recognised by", system),
                .. Evidence(subject),
            ],
        };
    }

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "NT 4 by its tag, silent, with a SCSI disk", WithScsi(Given.SilentGuest), Given.Tagged("os:nt4")),
        Fires(Severity.Error, "Windows 2000 service pack 3 by its facts", WithScsi(Sample.Guest with { OsMajor = 5, OsMinor = 0, ServicePack = 3 })),
        Fires(Severity.Error, "64-bit XP with service pack 1", WithScsi(Sample.Guest with { OsMajor = 5, OsMinor = 2, ProductType = 1, ServicePack = 1 })),
        Fires(Severity.Error, "Server 2003 with service pack 1", WithScsi(Sample.Guest with { OsMajor = 5, OsMinor = 2, ProductType = 3, ServicePack = 1 })),
        Passes("Server 2003 with service pack 2", WithScsi(Sample.Guest with { OsMajor = 5, OsMinor = 2, ProductType = 3, ServicePack = 2 })),
        Skips("an appliance with drivers of its own", WithScsi(Given.SilentGuest), Given.Tagged("vsc:builtin")),
        Skips("a silent guest of which nothing is known", WithScsi(Given.SilentGuest)),
        Passes("Windows 7 with heartbeat", WithScsi(Sample.Guest with { OsMajor = 6, OsMinor = 1, OsBuild = 7601 })),
        Passes("Windows 2000 service pack 4", WithScsi(Sample.Guest with { OsMajor = 5, OsMinor = 0, ServicePack = 4 })),
        Skips("generation 2", Vm(Given.SilentGuest)),
        CannotTell("a VM without components", WithScsi(null)),
        Fires(Severity.Error, "NT 4 with a synthetic adapter and its disk on IDE", With(Given.SilentGuest, [Given.Disk(ControllerKind.Ide, 0, 0)], [Synthetic("1")]), Given.Tagged("os:nt4")),
        Fires(Severity.Error, "NT 4 with two disks on SCSI and two synthetic adapters", With(Given.SilentGuest, [Given.Disk(ControllerKind.Scsi, 0, 0), Given.Disk(ControllerKind.Scsi, 0, 1)], [Synthetic("1"), Synthetic("2")]), Given.Tagged("os:nt4")),
        Fires(Severity.Error, "NT 4 with an emulated adapter beside its disk on SCSI", With(Given.SilentGuest, [Given.Disk(ControllerKind.Scsi, 0, 0)], [Legacy]), Given.Tagged("os:nt4")),
        Skips("NT 4 with an emulated adapter and its disk on IDE", With(Given.SilentGuest, [Given.Disk(ControllerKind.Ide, 0, 0)], [Legacy]), Given.Tagged("os:nt4")),
        Skips("NT 4 with an empty drive on SCSI", With(Given.SilentGuest, [Given.Disk(ControllerKind.Scsi, 0, 0, null) with { Content = DriveContent.Empty }], []), Given.Tagged("os:nt4")),
        Passes("a guest that answers, whatever system its tag names", WithScsi(Sample.Guest with { OsMajor = 6, OsMinor = 1, OsBuild = 7601 }), Given.Tagged("os:nt4")),
        Passes("Linux that tells no version", WithScsi(new(Sample.VmId) { Family = GuestFamily.Linux })),
        Passes("a guest with heartbeat that tells nothing else", WithScsi(new(Sample.VmId) { Heartbeat = IntegrationState.Ok })),
        Passes("a guest with a heartbeat of another version that tells nothing else", WithScsi(new(Sample.VmId) { Heartbeat = IntegrationState.Degraded })),
        Passes("a guest that tells its version and has no heartbeat now", WithScsi(new(Sample.VmId) { OsMajor = 6, OsMinor = 1 })),
        Skips("a VM that is off, while its guest cannot be read", WithScsi(null, h => h.With(Given.GenerationOne with { State = VirtualMachineState.Off }) with { Guests = Sample.Failed<GuestList>(SectionState.Denied, "no right") })),
        CannotTell("a guest that could not be read", WithScsi(null, h => h with { Guests = Sample.Failed<GuestList>(SectionState.Denied, "no right") })),
        CannotTell("a VM whose drives and adapters are not told", WithScsi(Given.SilentGuest, h => h with { Devices = Sample.Read(new DeviceList()) })),
        CannotTell("a VM with an emulated adapter whose drives are not told", WithScsi(Given.SilentGuest, h => h with { Devices = Sample.Read(new DeviceList { NetworkAdapters = [Legacy] }) }), Given.Tagged("os:nt4")),
        CannotTell("a VM with its disk on IDE whose adapters are not told", With(Given.SilentGuest, [Given.Disk(ControllerKind.Ide, 0, 0)], null), Given.Tagged("os:nt4")),
        Fires(Severity.Error, "NT 4 with a disk on SCSI where the adapters are not told", With(Given.SilentGuest, [Given.Disk(ControllerKind.Scsi, 0, 0)], null), Given.Tagged("os:nt4")),
        Fires(Severity.Error, "NT 4 with a synthetic adapter where the drives are not told", WithScsi(Given.SilentGuest, h => h with { Devices = Sample.Read(new DeviceList { NetworkAdapters = [Synthetic("1")] }) }), Given.Tagged("os:nt4")),
    ];

    private static NetworkAdapter Legacy => Sample.Nic with { Kind = NetworkAdapterKind.Legacy };

    private static NetworkAdapter Synthetic(string id) => Sample.Nic with { Id = id, Name = $"Adapter {id}", Kind = NetworkAdapterKind.Synthetic };

    /// <param name="adapters">Null: the host did not say.</param>
    private static VirtualMachineSubject With(Guest guest, Drive[] drives, NetworkAdapter[]? adapters)
    {
        var host = Given.Host().With(Given.GenerationOne).With(drives).With(guest);
        return (adapters is null ? host with { Devices = Sample.Read(host.Devices.Content! with { NetworkAdapters = null }) } : host.With(adapters)).Vm();
    }

    private static VirtualMachineSubject WithScsi(Guest? guest, Func<HostReading, HostReading>? change = null)
    {
        var host = Given.Host().With(Given.GenerationOne).With(Given.Disk(ControllerKind.Scsi, 0, 0));
        host = guest is null ? host.With(Array.Empty<Guest>()) : host.With(guest);
        return (change is null ? host : change(host)).Vm();
    }
}
