using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Disks;

public sealed class VirtualDiskDoesNotFitHost : Rule<DriveSubject>, IExamines<ClusterSubject>
{
    // Limits of the formats themselves, on every release that opens them.
    private const long LargestVhd = 2040L << 30;
    private const long LargestVhdx = 64L << 40;
    private const double Near = 0.95;

    private static readonly Verdict[] Fine = [Verdict.Passed];

    public override RuleCard Card { get; } = new("HVD413", "vhd-format-limits", RuleScope.Drive, RuleKind.Configuration)
    {
        Title = "Virtual disk format, size or sector size does not fit the host (or the hosts it may move to)",
        Why = "A host that does not know the format cannot open the disk. A disk of the wrong sector size pays a read and a write more for each small write.",
        Fix = "Convert the disk to VHDX with the VM off; set its physical sector size; take compression or encryption off the file.",
        Quiet = "Formats that every possible owner opens. On a host with disks of both sector sizes the variant sectors cannot be told: which disk a volume lies on is not collected.",
        Sections = ["virtualDisks", "virtualMachines", "devices", "operatingSystem"],
        Mentions = ["cluster", "volumes"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, first post; Best Practices Analyzer for Hyper-V, rules 60, 61, 62 and 110; published limits of the formats; field practice for compressed and encrypted files",
    };

    public override IEnumerable<Verdict> Examine(DriveSubject subject, RuleContext context)
    {
        if ((Unreadable(subject.Host, context, "virtualMachines", "devices") ?? Skip(subject.Drive) ?? Unreadable(subject.Host, context, "virtualDisks", "operatingSystem")) is { } gap)
        {
            return [gap];
        }

        if (subject.Host.DiskOf.GetValueOrDefault(subject.Drive.Path!) is not { } disk)
        {
            return [new Verdict.Unknown("virtualDisks", "The file was not looked at yet.")];
        }

        if (DiskChain.IsLost(disk))
        {
            return [NotFor("The file is missing or damaged, which HVD409 tells.")];
        }

        if (disk is not { Format: not VirtualDiskFormat.Unknown, MaximumSize: not null })
        {
            // What the host itself says of the file is enough to tell.
            return [Attributes(subject, disk) ?? new Verdict.Unknown("virtualDisks", disk.Error ?? "The file's header was not read yet.")];
        }

        if (subject.Host.Profile is null)
        {
            return [NotSaid("operatingSystem", "its build")];
        }

        List<Verdict>? verdicts = null;
        foreach (var verdict in (ReadOnlySpan<Verdict?>)[Format(subject, disk), Size(subject, disk), Attributes(subject, disk), Sectors(subject, disk, context)])
        {
            if (verdict is not null)
            {
                (verdicts ??= []).Add(verdict);
            }
        }

        return verdicts is null ? Fine : verdicts.Exists(v => v is Verdict.Fire) ? verdicts : [Verdict.Passed, .. verdicts];
    }

    /// <summary>Nodes of an older release may not know the format of a clustered VM's disk.</summary>
    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } gap)
        {
            return [gap];
        }

        if (subject.Cluster.VirtualMachines is not { } clustered)
        {
            return [NotSaid("cluster", "its VMs")];
        }

        var members = subject.Members.ToLookup(m => m.Node.Name, StringComparer.OrdinalIgnoreCase);
        var vms = subject.VirtualMachinesById();
        // Said of the node, so that what is open about a disk on it stays so.
        List<Verdict> verdicts = [.. subject.Hosts.Select(h => (Host: h, Verdict: GapOf(h, context))).Where(g => g.Verdict is Verdict.Unknown).Select(g => g.Verdict! with { Object = g.Host.Identity })];
        bool isMissing = false;
        foreach (var resource in clustered)
        {
            if (!vms.TryGetValue(resource.VirtualMachineId, out var vm))
            {
                isMissing = true;
            }
            else if (GapOf(vm.Host, context) is null)
            {
                verdicts.AddRange(Owners(vm, [.. (resource.PossibleOwners ?? [.. subject.Members.Select(m => m.Node.Name)]).SelectMany(n => members[n]).Where(m => m.Host != vm.Host)], context));
            }
        }

        if (isMissing && subject.Members.Where(m => m.Host is null).Select(m => m.Node.Name).ToList() is { Count: > 0 } unread)
        {
            verdicts.Add(new Verdict.Unknown("virtualMachines", $"No agent reads {string.Join(", ", unread)}."));
        }

        return verdicts.Count > 0 ? verdicts : [NotFor("No virtual disk of a clustered VM was read.")];
    }

    private static Verdict? GapOf(HostSubject host, RuleContext context) => Unreadable(host, context, "virtualMachines", "devices", "virtualDisks")
        ?? (host.Reading.Devices.Content!.Drives is null ? NotSaid("devices", "the VMs' drives") : null);

    private static Verdict.NotApplicable? Skip(Drive drive) => drive is { Kind: DriveKind.Disk, Content: DriveContent.Image, Path: not null } ? null : new("Not a virtual disk.");

    private static IEnumerable<Verdict> Owners(VirtualMachineSubject vm, List<ClusterMember> others, RuleContext context)
    {
        var known = others.FindAll(m => m.Host is not null && Unreadable(m.Host, context, "operatingSystem") is null && m.Host.Profile is not null);
        foreach (var drive in vm.Host.DrivesOf[vm.Vm.Id].Where(d => Skip(d) is null).Select(d => new DriveSubject(d, vm.Vm, vm.Host)))
        {
            if (vm.Host.DiskOf.GetValueOrDefault(drive.Drive.Path!) is not { Format: not VirtualDiskFormat.Unknown } disk)
            {
                if (others.Count > 0)
                {
                    yield return new Verdict.Unknown("virtualDisks", vm.Host.DiskOf.GetValueOrDefault(drive.Drive.Path!)?.Error ?? "The file's header was not read yet.") { Object = drive.Identity };
                }

                continue;
            }

            var refusing = known.FindAll(m => !m.Host!.Profile!.Profile.DiskFormats.Contains(disk.Format));
            yield return (refusing.Count > 0
                ? Fire(drive, disk, "owner", Severity.Error, $"{vm.Vm.Name} at {Slot.Of(drive.Drive)} is a {Word(disk.Format)}, which {string.Join(", ", refusing.Select(m => m.Node.Name))} cannot open", $"a format that every possible owner opens",
                    Mend(vm.Host, RemedyRisk.Online, "Take these nodes from the possible owners until they are upgraded, or convert the disk to a format that they know.", "Take these nodes from the possible owners in Failover Cluster Manager, or convert the disk with Edit Disk.",
                        PowerShell.Line($"Get-ClusterGroup -VMId {vm.Vm.Id} | Get-ClusterResource | Set-ClusterOwnerNode -Owners {vm.Host.Name}"))) with
                {
                    Impact = $"It cannot fail over to {string.Join(", ", refusing.Select(m => m.Node.Name))}.",
                    Affected = [.. refusing.Select(m => new AffectedObject(AffectedRole.Cause, m.Host!.Identity))],
                }
                : known.Count < others.Count ? new Verdict.Unknown("operatingSystem", $"The release is not known on {string.Join(", ", others.Except(known).Select(m => m.Node.Name))}.")
                : (Verdict)Verdict.Passed) with { Object = drive.Identity };
        }
    }

    private static Verdict? Format(DriveSubject subject, VirtualDisk disk)
    {
        var profile = subject.Host.Profile!.Profile;
        return !profile.DiskFormats.Contains(disk.Format)
            ? Fire(subject, disk, "format", Severity.Error, $"{Where(subject)} is a {Word(disk.Format)}, which {profile.Name} cannot open", string.Join(", ", profile.DiskFormats.Select(Word)),
                new Remedy("Convert the disk on a host that opens it to a format of this release, or move the VM to such a host.") { Risk = RemedyRisk.NeedsVirtualMachineOff })
            : disk.Format == VirtualDiskFormat.Vhd && profile.DiskFormats.Contains(VirtualDiskFormat.Vhdx)
                ? Fire(subject, disk, "old", Severity.Info, $"{Where(subject)} is a VHD on a host that knows VHDX", "VHDX", Convert(subject)) with { Impact = "VHD ends at 2,040 GiB and does not survive a power failure as well." }
            : null;
    }

    private static string Where(DriveSubject subject) => $"{subject.Vm.Name} at {Slot.Of(subject.Drive)}";

    private static Verdict? Size(DriveSubject subject, VirtualDisk disk)
    {
        long limit = disk.Format == VirtualDiskFormat.Vhd ? LargestVhd : LargestVhdx;
        long size = disk.MaximumSize!.Value.Bytes;
        if (size < limit * Near)
        {
            return null;
        }

        string title = $"{Where(subject)} has {disk.MaximumSize}; a {Word(disk.Format)} takes {new ByteSize(limit)}";
        return size > limit ? Fire(subject, disk, "tooLarge", Severity.Error, title, $"at most {new ByteSize(limit)}", Convert(subject)) with { Impact = "It cannot be opened." }
            : Fire(subject, disk, "nearLimit", Severity.Warning, title, string.Create(CultureInfo.InvariantCulture, $"below {Near:P0} of {new ByteSize(limit)}"), Convert(subject)) with { Impact = "It cannot be made larger." };
    }

    private static Verdict? Attributes(DriveSubject subject, VirtualDisk disk)
    {
        bool isRefused = disk.Fault == DiskFault.NotPlain || disk.ChainFault == DiskFault.NotPlain;
        string? word = disk.IsCompressed == true ? "compressed" : disk.IsEncrypted == true ? "encrypted" : isRefused ? "sparse, compressed or encrypted" : null;
        string file = subject.Drive.Path!;
        return word is null ? null
            // What an attribute of the file alone leads to was not seen on every release; the refusal itself was.
            : Fire(subject, disk, "attributes", isRefused ? Severity.Error : Severity.Warning, $"The file of {subject.Vm.Name} at {Slot.Of(subject.Drive)} is {word}", "a plain file",
                new Remedy("With the VM off take the attribute off the file, on the host that holds it.")
                {
                    Risk = RemedyRisk.NeedsVirtualMachineOff,
                    Commands = disk.IsEncrypted == true ? [$"cipher /d {PowerShell.Quote(file)}"] : disk.IsCompressed == true ? [$"compact /u {PowerShell.Quote(file)}"] : [$"compact /u {PowerShell.Quote(file)}", $"fsutil sparse setflag {PowerShell.Quote(file)} 0"],
                }) with { Impact = "Hyper-V refuses to open such a file when the VM starts (0xC03A001A)." };
    }

    /// <summary>A disk that says 512 bytes on a volume whose disk takes only 4,096 at a time.</summary>
    private static Verdict? Sectors(DriveSubject subject, VirtualDisk disk, RuleContext context)
    {
        if (disk.PhysicalSectorSize != 512 || Unreadable(subject.Host, context, "volumes") is not null || subject.Host.Reading.Volumes.Content!.Disks is not { } disks)
        {
            return null;
        }

        int native = disks.Count(d => d.LogicalSectorSize == 4096);
        return native == 0 ? null
            : native < disks.Length ? new Verdict.Unknown("volumes", "The host has disks of both sector sizes; which one the file lies on is not collected.") { Variant = "sectors" }
            : Fire(subject, disk, "sectors", Severity.Warning, $"{subject.Vm.Name} at {Slot.Of(subject.Drive)} has sectors of 512 bytes; the disks of {subject.Host.Name} have 4,096", "4096",
                Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "With the VM off give the disk the sector size of the volume.", "Convert the disk on a newer host.", PowerShell.Line($"Set-VHD -ComputerName {subject.Host} -Path {subject.Drive.Path} -PhysicalSectorSizeBytes {4096}"))) with
            {
                Impact = "Each small write becomes a read and a write.",
            };
    }

    private static Remedy Convert(DriveSubject subject)
    {
        string path = subject.Drive.Path!;
        return Mend(subject.Host, RemedyRisk.NeedsVirtualMachineOff, "Shut the VM down, convert the disk and attach the new file.", "Move data to a second disk; this release knows no larger format.",
            PowerShell.Line($"Convert-VHD -ComputerName {subject.Host} -Path {path} -DestinationPath {path[..^Path.GetExtension(path).Length] + ".vhdx"}"));
    }

    private static string Word(VirtualDiskFormat format) => format switch { VirtualDiskFormat.VhdSet => "VHD set", _ => format.ToString().ToUpperInvariant() };

    private static Verdict.Fire Fire(DriveSubject subject, VirtualDisk disk, string variant, Severity severity, string title, string expected, Remedy remedy) => new(variant, severity, title)
    {
        Remedy = remedy,
        Evidence =
        [
            Fact(subject.Host, "virtualDisks", "File", VisibleText.Of(subject.Drive.Path!)),
            Fact(subject.Host, "virtualDisks", "Format and type", $"{Word(disk.Format)}, {disk.Type.ToString().ToLowerInvariant()}", variant is "format" or "old" or "owner" ? expected : null, "Msvm_VirtualHardDiskSettingData.Format"),
            Fact(subject.Host, "virtualDisks", "Size the guest sees", disk.MaximumSize?.ToString(), variant is "tooLarge" or "nearLimit" ? expected : null, "Msvm_VirtualHardDiskSettingData.MaxInternalSize"),
            Fact(subject.Host, "virtualDisks", "Sectors", $"logical {Number(disk.LogicalSectorSize)}, physical {Number(disk.PhysicalSectorSize)}", variant == "sectors" ? expected : null, "Msvm_VirtualHardDiskSettingData.PhysicalSectorSize"),
            Fact(subject.Host, "virtualDisks", "File attributes", $"compressed {Said(disk.IsCompressed)}, encrypted {Said(disk.IsEncrypted)}", variant == "attributes" ? expected : null, "CIM_DataFile.Compressed"),
            Fact(subject.Host, "operatingSystem", "Release of the host", subject.Host.Profile?.Profile.Name),
        ],
    };

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "not said";

    private static string Said(bool? value) => value is { } said ? said ? "yes" : "no" : "not said";

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<DriveSubject>> Examples { get; } =
    [
        Passes("a VHDX of 500 GiB on 2022", Drive("2022", Sample.VirtualDisk with { MaximumSize = ByteSize.FromGiB(500) })),
        Fires(Severity.Error, "a VHD set on 2012 R2", Drive("2012R2", Sample.VirtualDisk with { Format = VirtualDiskFormat.VhdSet })),
        Fires(Severity.Info, "a VHD on 2012", Drive("2012", Vhd(100))),
        Passes("a VHD on 2008 R2", Drive("2008R2", Vhd(100))),
        Fires(Severity.Warning, "a VHD of 95 % of its limit", Drive("2008R2", Vhd(1938))),
        Passes("a VHD of less", Drive("2008R2", Vhd(1937))),
        Fires(Severity.Error, "a VHD over its limit", Drive("2008R2", Vhd(2041))),
        Fires(Severity.Warning, "a VHD at its limit", Drive("2008R2", Vhd(2040))),
        Fires(Severity.Warning, "a compressed file", Drive("2022", Sample.VirtualDisk with { IsCompressed = true })),
        Fires(Severity.Error, "a file that Hyper-V refused to open for it", Drive("2022", Sample.VirtualDisk with { Fault = DiskFault.NotPlain, Format = VirtualDiskFormat.Unknown })),
        Fires(Severity.Warning, "sectors of 512 bytes on disks of 4,096", Drive("2022", Sample.VirtualDisk with { PhysicalSectorSize = 512 }, 4096)),
        Passes("sectors of 512 bytes on disks that take them", Drive("2022", Sample.VirtualDisk with { PhysicalSectorSize = 512 }, 512)),
        Skips("an empty drive", Given.Host().With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, null)).Drive()),
        CannotTell("a host with disks of both sizes", Drive("2022", Sample.VirtualDisk with { PhysicalSectorSize = 512 }, 512, 4096)),
        CannotTell("a file whose header was not read", Drive("2022", Sample.VirtualDisk with { Format = VirtualDiskFormat.Unknown })),
        CannotTell("files that could not be read", (Given.Host().With(Sample.Vm) with { VirtualDisks = Sample.Failed<VirtualDiskList>(SectionState.Denied, "no right") }).Drive()),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("a VHDX that may move from 2012 to 2008 R2", Cluster("2008R2"), "fires Error"),
        new("the same among nodes of 2012", Cluster("2012"), "passes"),
        new("a possible owner that no agent reads", Cluster(null), "cannot tell for"),
        new("the node of the VM, which does not tell of its disks", Cluster("2008R2", h => h with { VirtualDisks = Sample.Failed<VirtualDiskList>(SectionState.Denied, "no right") }), "cannot tell for"),
        new("a file whose header was not read, and two possible owners", Cluster("2008R2", disk: Sample.VirtualDisk with { Format = VirtualDiskFormat.Unknown }), "cannot tell for"),
        new("a cluster that no node can read any more", Given.Unread(Cluster("2008R2")), "cannot tell for"),
    ];

    private static VirtualDisk Vhd(double size) => Sample.VirtualDisk with { Format = VirtualDiskFormat.Vhd, MaximumSize = ByteSize.FromGiB(size) };

    private static HostReading Reading(string release, VirtualDisk disk, params int[] sectors) => Given.Host(release).With(Sample.Vm).With(Given.Disk(ControllerKind.Scsi, 0, 0, disk.Path)) with
    {
        VirtualDisks = Sample.Read(new VirtualDiskList { Items = [disk] }),
        Volumes = Sample.Read(Sample.Host.Volumes.Content! with { Disks = [.. sectors.Select((s, i) => new HostDisk(i) { LogicalSectorSize = s })] }),
    };

    private static DriveSubject Drive(string release, VirtualDisk disk, params int[] sectors) => Reading(release, disk, sectors).Drive();

    private static ClusterSubject Cluster(string? other, Func<HostReading, HostReading>? change = null, VirtualDisk? disk = null) => Given.Cluster(
        (change ?? (h => h))(Reading("2012", disk ?? Sample.VirtualDisk).With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [new(Sample.VmId, "SQL01") { PossibleOwners = ["N0", "N1"] }] })),
        other is null ? null : Given.Host(other).With(Array.Empty<Model.VirtualMachines.VirtualMachine>()));
}
