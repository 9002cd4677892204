using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Devices;

public sealed class LeftoverEmulatedDevice : Rule<VirtualMachineSubject>
{
    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD416", "leftover-emulated-devices", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Floppy image, COM port pipe or other emulated leftover is still configured",
        Why = "It is harmless until a migration, a backup or an upgrade trips over it: the image or the pipe is not there on the other host.",
        Fix = "Take the image out of the floppy drive, disconnect the COM port, remove the 3D graphics adapter.",
        Quiet = "The empty floppy drive that every generation 1 VM has; COM ports of VMs tagged debug:com, such as an appliance that logs there.",
        Sections = ["devices", "virtualMachines"],
        Mentions = ["cluster", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Field notes of December 2007, first post; inbox rules for generation 2 VMs; published list of removed features",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "virtualMachines", "devices") is { } gap)
        {
            return [gap];
        }

        if (subject.Host.Reading.Devices.Content!.Drives is null || OtherDevices.Of(subject) is not { } others)
        {
            return [NotSaid("devices", "the VM's devices")];
        }

        List<Verdict>? fires = null;
        foreach (var drive in subject.Host.DrivesOf[subject.Vm.Id])
        {
            if (drive is { Kind: DriveKind.Floppy, Content: DriveContent.Image, Path: { Length: > 0 } image })
            {
                (fires ??= []).Add(Floppy(subject, image));
            }
        }

        if (others.Any(IsConnectedPort) && !context.Settings.HasTag(subject.Identity.Id, "debug:com"))
        {
            (fires ??= []).AddRange(others.Where(IsConnectedPort).OrderBy(d => d.Number).Select(p => Port(subject, p, context)));
        }

        if (others.Any(d => d.Kind == VirtualDeviceKind.RemoteFxVideo))
        {
            (fires ??= []).Add(RemoteFx(subject));
        }

        return fires ?? (IEnumerable<Verdict>)Fine;
    }

    private static bool IsConnectedPort(VirtualDevice device) => device is { Kind: VirtualDeviceKind.ComPort, Connection.Length: > 0 };

    private static bool IsClustered(VirtualMachineSubject subject) => subject.Host.Clustered.ContainsKey(subject.Vm.Id);

    private static Verdict.Fire Floppy(VirtualMachineSubject subject, string image)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        bool isBound = IsClustered(subject) && !FilePlace.Of(host, image).IsReachableFromOthers;
        return Fire(subject, "floppy", isBound ? Severity.Warning : Severity.Info, $"{vm.Name} has {VisibleText.Of(image)} in its floppy drive{(isBound ? $", which only {host.Name} can reach" : "")}",
            "Floppy drive", image, "empty", PowerShell.Line($"Set-VMFloppyDiskDrive -ComputerName {host} -VMName {vm.Name} -Path $null"));
    }

    private static Verdict.Fire Port(VirtualMachineSubject subject, VirtualDevice port, RuleContext context)
    {
        var (vm, host) = (subject.Vm, subject.Host);
        bool isBound = IsClustered(subject) && port.Connection!.StartsWith(@"\\.\", StringComparison.Ordinal);
        bool isProduction = context.Settings.HasTag(subject.Identity.Id, "prod");
        string name = $"COM{port.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? " port"}";
        return Fire(subject, "com", isBound || isProduction ? Severity.Warning : Severity.Info,
            $"{name} of {vm.Name} leads to {VisibleText.Of(port.Connection!)}{(vm.Generation == 2 ? "; generation 2 has COM ports for debugging only" : isBound ? $", which only {host.Name} has" : "")}",
            name, port.Connection!, "not connected", PowerShell.Line($"Set-VMComPort -ComputerName {host} -VMName {vm.Name} -Number {port.Number} -Path ''")) with
        {
            Discriminator = $"{port.Number}",
        };
    }

    // Before 2016 it works as it was made to.
    private static Verdict.Fire RemoteFx(VirtualMachineSubject subject) =>
        Fire(subject, "remoteFx", subject.Host.Profile?.IsFrom("2016") == true ? Severity.Warning : Severity.Info, $"{subject.Vm.Name} has a RemoteFX 3D graphics adapter, which updates have removed from Windows",
            "Graphics", "RemoteFX 3D", "none", PowerShell.Line($"Remove-VMRemoteFx3dVideoAdapter -ComputerName {subject.Host} -VMName {subject.Vm.Name}"));

    private static Verdict.Fire Fire(VirtualMachineSubject subject, string variant, Severity severity, string title, string device, string value, string expected, string command) => new(variant, severity, title)
    {
        Impact = severity == Severity.Warning ? "It can stop the VM from starting elsewhere, or after an update." : null,
        Remedy = Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Take it out of the VM if nothing needs it.", $"Shut {subject.Vm.Name} down and take it out in its settings.", command),
        Evidence = [Fact(subject.Host, "devices", device, VisibleText.Of(value), expected, "Msvm_ResourceAllocationSettingData.Connection")],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a clustered VM with a floppy image on one node", Vm([Floppy(@"D:\iso\drv.vfd")], isClustered: true)),
        Passes("an empty floppy drive and COM ports that lead nowhere", Vm([Floppy(null)], others: [Com(1, null), Com(2, "")])),
        Fires(Severity.Info, "the same in a VM that is not clustered", Vm([Floppy(@"D:\iso\drv.vfd")])),
        Fires(Severity.Info, "clustered, with the image on a file server", Vm([Floppy(@"\\sofs\iso\drv.vfd")], isClustered: true)),
        Fires(Severity.Info, "a COM port that leads to a pipe", Vm([], others: [Com(1, @"\\.\pipe\debug")])),
        Fires(Severity.Warning, "the same in production", Vm([], others: [Com(1, @"\\.\pipe\debug")]), Given.Tagged("prod")),
        Fires(Severity.Warning, "the same in a clustered VM", Vm([], isClustered: true, others: [Com(1, @"\\.\pipe\debug")])),
        Passes("a pipe that is meant", Vm([], others: [Com(1, @"\\.\pipe\debug")]), Given.Tagged("debug:com")),
        Fires(Severity.Warning, "a RemoteFX adapter on 2016", Vm([], others: [new("rfx", Sample.VmId, VirtualDeviceKind.RemoteFxVideo)], release: "2016")),
        Fires(Severity.Info, "a RemoteFX adapter on 2012 R2", Vm([], others: [new("rfx", Sample.VmId, VirtualDeviceKind.RemoteFxVideo)], release: "2012R2")),
        CannotTell("devices that were not read", new(Sample.Vm, new(Given.Host() with { Devices = Sample.Read(new DeviceList { Drives = [] }) }))),
        CannotTell("devices that may not be read", new(Sample.Vm, new(Given.Host() with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "no right") }))),
    ];

    private static Drive Floppy(string? path) => new("floppy", Sample.VmId, null, DriveKind.Floppy, 0) { ControllerKind = ControllerKind.Floppy, Content = path is null ? DriveContent.Empty : DriveContent.Image, Path = path };

    private static VirtualDevice Com(int number, string? pipe) => new($"com{number}", Sample.VmId, VirtualDeviceKind.ComPort) { Number = number, Connection = pipe };

    private static VirtualMachineSubject Vm(Drive[] drives, bool isClustered = false, VirtualDevice[]? others = null, string release = "2022")
    {
        var host = Given.Host(release).With(Given.GenerationOne);
        return ((isClustered ? host.WithClusteredVm() : host) with { Devices = Sample.Read(new DeviceList { Drives = [.. drives], Others = [.. others ?? []], Controllers = [], NetworkAdapters = [] }) }).Vm();
    }
}
