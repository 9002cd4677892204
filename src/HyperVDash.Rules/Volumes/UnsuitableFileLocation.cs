using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Volumes;

public sealed class UnsuitableFileLocation : Rule<VirtualMachineSubject>, IExamines<HostSubject>
{
    private const long Roomy = 500L << 30;
    private static readonly Version FirstDialect = new(3, 0);

    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD414", "vm-file-location", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "VM files on the system drive, in the root of a volume or share, or on an unsuitable share",
        Why = "A full system drive takes the host down with its VMs. In the root of a drive or share permissions break, and a share that is not made for Hyper-V loses the VM at a failover of the server.",
        Fix = "Move the storage of the VM to a folder of a data volume or of a continuously available share; set the host's default folders.",
        Quiet = "Cluster shared volumes; client Windows; hosts tagged host:single-volume. A system volume above 500 GiB of which more than half is free is only told as info.",
        Sections = ["operatingSystem", "virtualMachines", "devices"],
        Mentions = ["volumes", "cluster", "hyperVSettings"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Best Practices Analyzer for Hyper-V, rules 19 and 20; published rules for the location of VM files",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "devices", "operatingSystem") ?? Without(subject.Host)) is { } gap)
        {
            return [gap];
        }

        var paths = PathsOf(subject);
        List<Verdict> verdicts = [];
        if (System(subject, paths, context) is { } system)
        {
            verdicts.Add(system);
        }

        if (Root(subject, paths) is { } root)
        {
            verdicts.Add(root);
        }

        if (Paging(subject, context) is { } paging)
        {
            verdicts.Add(paging);
        }

        if (SharesOf(paths) is { Count: > 0 } shares)
        {
            verdicts.AddRange(Shares(subject, shares, context));
        }

        return verdicts.Exists(v => v is Verdict.Fire) ? verdicts
            : paths.Count == 0 || subject.Vm.ConfigurationPath is null ? [NotSaid("virtualMachines", "where the VM's files are"), .. verdicts]
            : verdicts.Count == 0 ? Fine
            : [Verdict.Passed, .. verdicts];
    }

    /// <summary>Where new VMs go.</summary>
    public IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "hyperVSettings", "operatingSystem") ?? Without(subject)) is { } gap)
        {
            yield return gap;
            yield break;
        }

        var settings = subject.Reading.HyperVSettings.Content!;
        (string What, string? Path, string Property)[] folders =
            [("Default folder of VMs", settings.DefaultVirtualMachinePath, "DefaultExternalDataRoot"), ("Default folder of virtual disks", settings.DefaultVirtualDiskPath, "DefaultVirtualHardDiskPath")];
        var bad = folders.Where(f => f.Path is not null && IsOnSystemDrive(subject, f.Path)).ToList();
        yield return bad.Count > 0 ? IsAccepted(subject, context) ? NotFor("The host has one volume, by its tag or as client Windows.") : new Verdict.Fire("defaults", Severity.Info, $"New VMs of {subject.Name} go to its system drive")
        {
            Remedy = Mend(subject, RemedyRisk.Online, "Set default folders on a data volume.", "Set other default folders in Hyper-V Settings.",
                PowerShell.Line($"Set-VMHost -ComputerName {subject} -VirtualHardDiskPath 'D:\\VHD' -VirtualMachinePath 'D:\\VM'")),
            Evidence = [.. bad.Select(f => Fact(subject, "hyperVSettings", f.What, VisibleText.Of(f.Path!), "on a data volume", $"Msvm_VirtualSystemManagementServiceSettingData.{f.Property}"))],
        }
            : folders.Any(f => f.Path is null) ? NotSaid("hyperVSettings", "its default folders")
            : Verdict.Passed;
    }

    private static Verdict.Unknown? Without(HostSubject host) => host.Reading.OperatingSystem.Content!.SystemDrive is null ? NotSaid("operatingSystem", "its system drive") : null;

    private static bool IsAccepted(HostSubject host, RuleContext context) =>
        host.Reading.OperatingSystem.Content!.ProductType == ProductType.Workstation || context.Settings.HasTag(host.Id, "host:single-volume");

    private static List<(string? What, string Path, Drive? Drive)> PathsOf(VirtualMachineSubject vm)
    {
        List<(string? What, string Path, Drive? Drive)> paths = [];
        if (vm.Vm.ConfigurationPath is { Length: > 0 } configuration)
        {
            paths.Add(("Configuration", configuration, null));
        }

        if (vm.Vm.CheckpointPath is { Length: > 0 } checkpoints)
        {
            paths.Add(("Checkpoints", checkpoints, null));
        }

        foreach (var drive in vm.Host.DrivesOf[vm.Vm.Id])
        {
            if (drive is { Kind: DriveKind.Disk, Path.Length: > 0 })
            {
                paths.Add((null, drive.Path, drive));
            }
        }

        return paths;
    }

    private static string Words((string? What, string Path, Drive? Drive) file) => file.What ?? $"Disk at {Slot.Of(file.Drive!)}";

    private static bool IsOnSystemDrive(HostSubject host, string path)
    {
        var drive = host.Reading.OperatingSystem.Content!.SystemDrive.AsSpan().TrimEnd('\\');
        return path.AsSpan().StartsWith(drive, StringComparison.OrdinalIgnoreCase) && path.Length > drive.Length && path[drive.Length] == '\\' && FilePlace.KindOf(host, path) == FilePlaceKind.Local
            // A volume mounted in a folder of the system drive is another one.
            && FilePlace.VolumeOf(host, path) is null or { IsSystem: not false };
    }

    private static Verdict.Fire? System(VirtualMachineSubject vm, List<(string? What, string Path, Drive? Drive)> paths, RuleContext context)
    {
        List<(string? What, string Path, Drive? Drive)> bad = [];
        foreach (var file in paths)
        {
            if (IsOnSystemDrive(vm.Host, file.Path))
            {
                bad.Add(file);
            }
        }

        if (bad.Count == 0 || IsAccepted(vm.Host, context))
        {
            return null;
        }

        var system = vm.Host.Reading.Volumes.Content?.Items.FirstOrDefault(v => v.IsSystem == true);
        bool isRoomy = system is { Size.Bytes: > Roomy and var size, Free: { } free } && free.Bytes * 2 > size;
        return new("systemDrive", isRoomy ? Severity.Info : Severity.Warning, $"{vm.Vm.Name} has {(bad.Count == 1 ? "a file" : $"{bad.Count} of its files")} on the system drive of {vm.Host.Name}")
        {
            Impact = "When it is full, the host fails with its VMs.",
            Remedy = Move(vm),
            Evidence =
            [
                .. bad.Take(10).Select(p => Fact(vm.Host, p.Drive is null ? "virtualMachines" : "devices", Words(p), VisibleText.Of(p.Path), "on a data volume")),
                Fact(vm.Host, "operatingSystem", "System drive", vm.Host.Reading.OperatingSystem.Content!.SystemDrive, null, "Win32_OperatingSystem.SystemDrive"),
                Fact(vm.Host, "volumes", "Free on it", system is null ? null : $"{system.Free} of {system.Size}", null, "Win32_Volume.FreeSpace"),
            ],
        };
    }

    private static Verdict.Fire? Root(VirtualMachineSubject vm, List<(string? What, string Path, Drive? Drive)> paths)
    {
        var bad = paths.FindAll(p => p.Drive is null ? FilePlace.IsRoot(p.Path) : FilePlace.IsInRoot(p.Path));
        return bad.Count == 0 ? null : new("root", bad.Exists(p => p.Drive is null) ? Severity.Error : Severity.Warning, $"{vm.Vm.Name} has {(bad.Exists(p => p.Drive is null) ? "its configuration" : "a disk")} in the root of a drive or share")
        {
            Impact = "Permissions that Hyper-V sets there hold for everything, and it is not supported.",
            Remedy = Move(vm),
            Evidence = [.. bad.Take(10).Select(p => Fact(vm.Host, p.Drive is null ? "virtualMachines" : "devices", Words(p), VisibleText.Of(p.Path), "in a folder of its own", p.Drive is null ? "Msvm_VirtualSystemSettingData.ConfigurationDataRoot" : null))],
        };
    }

    /// <summary>Paging files on the system drive beside a VM that lies elsewhere.</summary>
    private static Verdict.Fire? Paging(VirtualMachineSubject vm, RuleContext context) =>
        vm.Vm is { SmartPagingPath: { Length: > 0 } path, IsDynamicMemory: true, MinimumMemory: { } minimum, StartupMemory: { } startup } && minimum.Bytes < startup.Bytes
        && IsOnSystemDrive(vm.Host, path) && !IsAccepted(vm.Host, context) && vm.Vm.ConfigurationPath?.Equals(path, StringComparison.OrdinalIgnoreCase) != true
            ? new("paging", Severity.Info, $"{vm.Vm.Name} pages to the system drive of {vm.Host.Name} if it restarts under memory pressure")
            {
                Remedy = Mend(vm.Host, RemedyRisk.NeedsVirtualMachineOff, "Set another folder for smart paging.", "Set another smart paging folder in the VM's settings.", PowerShell.Line($"Set-VM -ComputerName {vm.Host} -Name {vm.Vm.Name} -SmartPagingFilePath 'D:\\Paging'")),
                Evidence = [Fact(vm.Host, "virtualMachines", "Smart paging", VisibleText.Of(path), "on a data volume", "Msvm_VirtualSystemSettingData.SwapFileDataRoot"), Fact(vm.Host, "virtualMachines", "Minimum / startup memory", $"{minimum} / {startup}")],
            }
            : null;

    private static List<(string Server, string Share)> SharesOf(List<(string? What, string Path, Drive? Drive)> paths)
    {
        List<(string Server, string Share)> shares = [];
        foreach (var file in paths)
        {
            if (FilePlace.ShareOf(file.Path) is { } share && !shares.Contains(share))
            {
                shares.Add(share);
            }
        }

        return shares;
    }

    private static IEnumerable<Verdict> Shares(VirtualMachineSubject vm, List<(string Server, string Share)> shares, RuleContext context)
    {
        var connections = Unreadable(vm.Host, context, "volumes") is null ? vm.Host.Reading.Volumes.Content!.SmbConnections : null;
        foreach (var (server, share) in shares)
        {
            var connection = (connections ?? []).FirstOrDefault(c => FilePlace.ShortName(c.Server) == server && c.Share.Equals(share, StringComparison.OrdinalIgnoreCase));
            if (connection?.Dialect is not { } text || !Version.TryParse(text, out var dialect))
            {
                yield return new Verdict.Unknown("volumes", $@"The host lists no open connection to \\{server}\{share} with its dialect.") { Variant = "dialect" };
            }
            else if (dialect < FirstDialect)
            {
                yield return Share(vm, connection, "dialect", Severity.Error, $"SMB {text}", "SMB 3.0 or later", "Dialect");
            }
            else if (connection.IsContinuouslyAvailable == false)
            {
                yield return Share(vm, connection, "availability", Severity.Warning, "not continuously available", "continuously available", "ContinuouslyAvailable");
            }
        }
    }

    private static Verdict.Fire Share(VirtualMachineSubject vm, SmbConnection connection, string variant, Severity severity, string words, string expected, string property) =>
        new(variant, severity, $@"{vm.Vm.Name} has files on \\{VisibleText.Of(connection.Server)}\{VisibleText.Of(connection.Share)}, which is {words}")
        {
            Discriminator = $@"\\{FilePlace.ShortName(connection.Server)}\{connection.Share}".ToLowerInvariant(),
            Impact = severity == Severity.Error ? "Hyper-V does not support it; data can be lost." : "The VM fails when the file server fails over.",
            Remedy = Move(vm),
            Evidence = [Fact(vm.Host, "volumes", $@"\\{VisibleText.Of(connection.Server)}\{VisibleText.Of(connection.Share)}", words, expected, $"MSFT_SmbConnection.{property}")],
        };

    private static Remedy Move(VirtualMachineSubject vm) => Mend(vm.Host, RemedyRisk.Online, "Move the VM's storage to a folder of its own on a data volume.", "Shut the VM down, export it and import it from a folder on a data volume.",
        PowerShell.Line($"Move-VMStorage -ComputerName {vm.Host} -VMName {vm.Vm.Name} -DestinationStoragePath {$@"D:\VM\{vm.Vm.Name}"}"));

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. HostExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a disk in the public documents of the system drive", Vm(@"C:\Users\Public\Documents\Hyper-V\a.vhdx")),
        Passes("a disk on a cluster shared volume", Vm(@"C:\ClusterStorage\V1\a\a.vhdx", change: h => h.WithClusteredVm())),
        Fires(Severity.Warning, "a folder left behind by a cluster, on the system drive", Vm(@"C:\ClusterStorage\V1\a\a.vhdx")),
        Passes("files on a data volume", Vm(@"D:\VMs\a\a.vhdx")),
        Fires(Severity.Info, "a system volume of 600 GiB, more than half free", Vm(@"C:\VMs\a.vhdx", change: h => h with { Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume with { Size = ByteSize.FromGiB(600), Free = ByteSize.FromGiB(301) }] }) })),
        Fires(Severity.Warning, "half of it free", Vm(@"C:\VMs\a.vhdx", change: h => h with { Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume with { Size = ByteSize.FromGiB(600), Free = ByteSize.FromGiB(300) }] }) })),
        Passes("a volume mounted in a folder of the system drive", Vm(@"C:\Data\a\a.vhdx", change: h => h with { Volumes = Sample.Read(new VolumeList { Items = [Sample.SystemVolume, Sample.DataVolume with { Path = @"C:\Data\" }] }) })),
        Passes("a host with one volume", Vm(@"C:\VMs\a.vhdx"), Given.Tagged("host:single-volume", Sample.Host.Id)),
        Fires(Severity.Warning, "a disk in the root of a drive", Vm(@"D:\a.vhdx")),
        Fires(Severity.Error, "a configuration in the root of a share", Vm(@"D:\VMs\a\a.vhdx", v => v with { ConfigurationPath = @"\\sofs\vms" })),
        Fires(Severity.Error, "a share of SMB 2.1", Vm(@"\\nas\vms\a\a.vhdx", change: h => Connected(h, new("nas.corp.example", "VMs", "2.1")))),
        Fires(Severity.Warning, "a share that is not continuously available", Vm(@"\\nas\vms\a\a.vhdx", change: h => Connected(h, new("nas", "vms", "3.1.1") { IsContinuouslyAvailable = false }))),
        Passes("a share of SMB 3.0 that is", Vm(@"\\nas\vms\a\a.vhdx", change: h => Connected(h, new("nas", "vms", "3.0.0") { IsContinuouslyAvailable = true }))),
        Fires(Severity.Info, "smart paging on the system drive", Vm(@"D:\VMs\a\a.vhdx", v => v with { SmartPagingPath = @"C:\Paging", IsDynamicMemory = true, MinimumMemory = ByteSize.FromGiB(1) })),
        CannotTell("a share without an open connection", Vm(@"\\nas\vms\a\a.vhdx")),
        CannotTell("a VM that does not say where its configuration is", Vm(@"D:\VMs\a\a.vhdx", v => v with { ConfigurationPath = null })),
        CannotTell("a host that does not say its system drive", Vm(@"D:\VMs\a\a.vhdx", change: h => h with { OperatingSystem = Sample.Read(h.OperatingSystem.Content! with { SystemDrive = null }) })),
    ];

    private static ImmutableArray<Example<HostSubject>> HostExamples { get; } =
    [
        new("new virtual disks go to the system drive", Defaults(@"C:\Users\Public\Documents\Hyper-V"), "fires Info"),
        new("new virtual disks go to a data volume", Defaults(@"D:\VHDs"), "passes"),
        new("the default folders were not said", Defaults(null), "cannot tell for"),
    ];

    private static HostReading Located(HostReading host) => host with { OperatingSystem = Sample.Read(host.OperatingSystem.Content! with { SystemDrive = "C:" }) };

    private static HostReading Connected(HostReading host, SmbConnection connection) => host with { Volumes = Sample.Read(host.Volumes.Content! with { SmbConnections = [connection] }) };

    private static VirtualMachineSubject Vm(string disk, Func<VirtualMachine, VirtualMachine>? vm = null, Func<HostReading, HostReading>? change = null) =>
        (change ?? (h => h))(Located(Given.Host())).With((vm ?? (v => v))(Sample.Vm with { ConfigurationPath = @"D:\VMs\a" })).With(Given.Disk(ControllerKind.Scsi, 0, 0, disk)).Vm();

    private static HostSubject Defaults(string? disks) => new(Located(Given.Host()) with { HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { DefaultVirtualDiskPath = disks }) });
}
