using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Devices;

public sealed class ScsiLimitExceeded : Rule<VirtualMachineSubject>
{
    // What every released Hyper-V takes; a pre-release takes more, and its VMs then do not fit.
    private const int ReleasedDevices = 64;

    private static readonly Verdict[] Fine = [Verdict.Passed];
    private static readonly Verdict[] WithoutController = [NotFor("The VM has no SCSI controller.")];

    public override RuleCard Card { get; } = new("HVD404", "scsi-limits", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "SCSI controllers or devices per controller reach or exceed the limit of the release",
        Why = "A configuration over the limit is refused when the VM starts or is imported.",
        Fix = "Spread devices over controllers, or merge small data disks.",
        Quiet = "Below 90 % of the devices and with a controller to spare. Replica copies are not told from their primaries.",
        Sections = ["devices", "virtualMachines", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, first post; published limits",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "devices", "operatingSystem") ?? Without(subject)) is { } unreadable)
        {
            return [unreadable];
        }

        var profile = subject.Host.Profile!.Profile;
        List<Verdict>? fires = null;
        int controllers = 0;
        foreach (var controller in subject.Host.ControllersOf[subject.Vm.Id])
        {
            if (controller.Kind != ControllerKind.Scsi)
            {
                continue;
            }

            controllers++;
            if (Judge(subject, context, controller) is { } fire)
            {
                (fires ??= []).Add(fire);
            }
        }

        if (controllers == 0)
        {
            return WithoutController;
        }

        if (controllers >= profile.ScsiControllers)
        {
            (fires ??= []).Add(Fire(subject, "controllers", controllers > profile.ScsiControllers ? Severity.Error : Severity.Info,
                $"{subject.Vm.Name} has {controllers} of {profile.ScsiControllers} SCSI controllers", "", $"{controllers}", $"at most {profile.ScsiControllers}"));
        }

        return fires ?? (IEnumerable<Verdict>)Fine;
    }

    private static Verdict? Without(VirtualMachineSubject subject) =>
        subject.Host.Reading.Devices.Content!.Drives is null || subject.Host.Reading.Devices.Content.Controllers is null ? NotSaid("devices", "the VM's drives")
        : subject.Host.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { IsBeyondKnown: true } => new Verdict.Unknown("operatingSystem", "The limits of this build are not known (HVD801)."),
            _ when DriveFacts.HasDriveOnUnknownController(subject.Host.DrivesOf[subject.Vm.Id]) => NotSaid("devices", "which controller a drive is on"),
            _ => null,
        };

    private static Verdict.Fire? Judge(VirtualMachineSubject subject, RuleContext context, DriveController controller)
    {
        var profile = subject.Host.Profile!.Profile;
        var (count, highest) = Devices(subject, controller);
        bool isOver = count > profile.ScsiDevices || highest >= profile.ScsiDevices;
        bool isForPreRelease = profile.ScsiDevices > ReleasedDevices && (count > ReleasedDevices || highest >= ReleasedDevices);
        if (!isOver && !isForPreRelease && count * 100 < profile.ScsiDevices * context.Settings.ScsiWarnPercent)
        {
            return null;
        }

        string found = highest < 0 ? $"{count} devices, at locations that were not told" : $"{count} devices, highest location {highest}";
        string limit = $"{profile.ScsiDevices} devices, locations 0 to {profile.ScsiDevices - 1} ({profile.Key})";
        return isOver
            ? Fire(subject, "over", Severity.Error, $"SCSI controller {controller.Number} of {subject.Vm.Name} exceeds {profile.ScsiDevices} devices ({found})", controller.Id, found, limit)
            : isForPreRelease
                ? Fire(subject, "shrink", Severity.Warning, $"SCSI controller {controller.Number} of {subject.Vm.Name} will not move to released Hyper-V: it takes {ReleasedDevices} devices ({found})", controller.Id, found, $"{ReleasedDevices} devices after the update")
                : Fire(subject, "near", Severity.Warning, $"SCSI controller {controller.Number} of {subject.Vm.Name} is {count * 100 / profile.ScsiDevices} % full ({count} of {profile.ScsiDevices})", controller.Id, found, limit);
    }

    /// <summary>How many devices a controller has, and the highest location in use; -1 if none is.</summary>
    private static (int Count, int Highest) Devices(VirtualMachineSubject subject, DriveController controller)
    {
        int count = 0;
        int? highest = null;
        foreach (var drive in subject.Host.DrivesOf[subject.Vm.Id])
        {
            if (drive.ControllerKind == ControllerKind.Scsi && IsOf(controller.Id, drive.ControllerId))
            {
                count++;
                highest = highest > drive.Location ? highest : drive.Location ?? highest;
            }
        }

        return (count, highest ?? -1);
    }

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, string controllerId, string found, string limit) => new(variant, severity, title)
    {
        Discriminator = controllerId.ToLowerInvariant(),
        Impact = severity == Severity.Error ? "The configuration is refused at the next start or import." : null,
        Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Spread the devices over controllers, or merge small data disks.",
            $"In the settings of {subject.Vm.Name} add a SCSI controller and move devices to it, or merge small data disks.",
            variant == "controllers" ? [] : [.. Spread(subject, controllerId)]),
        Evidence = [Fact(subject.Host, "devices", "SCSI", found, limit, "Msvm_ResourceAllocationSettingData")],
    };

    private static IEnumerable<string> Spread(VirtualMachineSubject subject, string controllerId)
    {
        var controllers = subject.Host.ControllersOf[subject.Vm.Id].Where(c => c.Kind == ControllerKind.Scsi).ToList();
        var other = controllers.Where(c => !IsOf(c.Id, controllerId)).OrderBy(c => subject.Host.DrivesOf[subject.Vm.Id].Count(d => IsOf(c.Id, d.ControllerId))).FirstOrDefault();
        if (other is null)
        {
            yield return PowerShell.Line($"Add-VMScsiController -ComputerName {subject.Host} -VMName {subject.Vm.Name}");
        }

        // The outermost device is the one that goes.
        if (subject.Host.DrivesOf[subject.Vm.Id].Where(d => IsOf(controllerId, d.ControllerId) && d.Location is not null).MaxBy(d => d.Location) is { } last)
        {
            yield return PowerShell.Line($"Get-VMHardDiskDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -ControllerType SCSI -ControllerNumber {last.ControllerNumber} -ControllerLocation {last.Location} | Set-VMHardDiskDrive -ToControllerNumber {other?.Number ?? controllers.Count}");
        }
    }

    private static bool IsOf(string controller, string? drive) => controller.Equals(drive, StringComparison.OrdinalIgnoreCase);

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "59 of 64 devices", Vm("2022", Enumerable.Range(0, 59))),
        Fires(Severity.Error, "location 120 on 2008", Vm("2008", [0, 1, 120])),
        Fires(Severity.Warning, "location 64 on a pre-release host that takes 255", Vm("pre2008", [0, 64])),
        Fires(Severity.Info, "four controllers", Given.VmWithDrives("2022", Model.Sample.Vm, [.. Enumerable.Range(0, 4).Select(c => Given.Disk(ControllerKind.Scsi, c, 0))])),
        Fires(Severity.Warning, "60 devices on 2008, the same that pass before its release", Vm("2008", Enumerable.Range(0, 60))),
        Fires(Severity.Error, "65 devices", Vm("2022", Enumerable.Range(0, 65))),
        Fires(Severity.Warning, "58 of 64 devices, just above 90 %", Vm("2022", Enumerable.Range(0, 58))),
        Fires(Severity.Error, "location 255 on a pre-release host", Vm("pre2008", [0, 255])),
        Fires(Severity.Warning, "58 devices whose locations were not told", Given.VmWithDrives("2022", Model.Sample.Vm, [.. Enumerable.Range(0, 58).Select(i => Given.Disk(ControllerKind.Scsi, 0, i) with { Id = $"disk{i}", Location = null })])),
        Fires(Severity.Warning, "58 devices on the fuller of two controllers, whose drives spell its id in another case", OtherCase()),
        Fires(Severity.Warning, "two controllers that are both nearly full", Given.VmWithDrives("2022", Model.Sample.Vm, [.. Enumerable.Range(0, 60).Select(i => Given.Disk(ControllerKind.Scsi, 0, i)), .. Enumerable.Range(0, 58).Select(i => Given.Disk(ControllerKind.Scsi, 1, i))])),
        Passes("40 devices on each of two controllers", Given.VmWithDrives("2022", Model.Sample.Vm, [.. Enumerable.Range(0, 80).Select(i => Given.Disk(ControllerKind.Scsi, i / 40, i % 40))])),
        Passes("exactly 64 devices on a pre-release host", Vm("pre2008", Enumerable.Range(0, 64))),
        Fires(Severity.Error, "location 120 named before another", Vm("2008", [0, 120, 1])),
        Fires(Severity.Error, "five controllers", Given.VmWithDrives("2022", Model.Sample.Vm, [.. Enumerable.Range(0, 5).Select(c => Given.Disk(ControllerKind.Scsi, c, 0))])),
        CannotTell("a host newer than every known release", Given.Host().With(Model.Sample.Vm).With(new Model.Hosts.HostOperatingSystem { Build = 29500 }).Vm()),
        Skips("a VM without a SCSI controller", Given.VmWithDrives("2022", Given.GenerationOne, Given.Disk(ControllerKind.Ide, 0, 0))),
        Passes("57 of 64 devices, just below 90 %", Vm("2022", Enumerable.Range(0, 57))),
        Passes("60 devices on a pre-release host", Vm("pre2008", Enumerable.Range(0, 60))),
        CannotTell("a host that did not tell its build", new(Model.Sample.Vm, new(Model.Sample.Host with { OperatingSystem = Model.Sample.Read(new Model.Hosts.HostOperatingSystem()) }))),
    ];

    private static VirtualMachineSubject OtherCase()
    {
        var host = Given.Host().With(Model.Sample.Vm).With([.. Enumerable.Range(0, 58).Select(i => Given.Disk(ControllerKind.Scsi, 0, i)), Given.Disk(ControllerKind.Scsi, 1, 0)]);
        var devices = host.Devices.Content!;
        return (host with { Devices = Model.Sample.Read(devices with { Drives = [.. devices.Drives!.Value.Select(d => d with { ControllerId = d.ControllerId!.ToUpperInvariant() })] }) }).Vm();
    }

    private static VirtualMachineSubject Vm(string release, IEnumerable<int> locations) =>
        Given.VmWithDrives(release, Model.Sample.Vm, [.. locations.Select(l => Given.Disk(ControllerKind.Scsi, 0, l))]);
}
