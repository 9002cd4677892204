using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Events;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Jobs;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Migration;
using HyperVDash.Model.Performance;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Print;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Switches;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;

namespace HyperVDash.Model;

/// <summary>One small valid record of each kind, healthy, to vary with <c>with</c>: rule examples and tests start here.</summary>
public static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static readonly Guid VmId = new("11111111-1111-1111-1111-111111111111");

    public static readonly VirtualMachine Vm = new(VmId, "SQL01")
    {
        State = VirtualMachineState.Running,
        StateCode = 2,
        Health = VirtualMachineHealth.Ok,
        OperationalStatus = [2],
        StartedAt = Now.AddHours(-90),
        StateChangedAt = Now.AddHours(-90),
        ConfigurationChangedAt = Now.AddDays(-20),
        WorkerProcessId = 4711,
        Generation = 2,
        ConfigurationVersion = "10.0",
        CreatedAt = Now.AddDays(-100),
        LastBackupAt = Now.AddDays(-1),
        Processors = 4,
        StartupMemory = ByteSize.FromGiB(8),
        IsDynamicMemory = false,
        IsSecureBoot = true,
        SecureBootTemplate = new Guid("1734c6e8-3154-4dda-ba5f-a874cc483422"),
        BiosId = VmId,
        CheckpointPolicy = CheckpointPolicy.Production,
        TakesAutomaticCheckpoints = false,
        ConfigurationPath = @"D:\VMs\SQL01",
        CheckpointPath = @"D:\VMs\SQL01",
        SmartPagingPath = @"D:\VMs\SQL01",
        AllowsFullScsiCommands = false,
        LimitsProcessorFeatures = false,
    };

    public static readonly DriveController Scsi = new($@"Microsoft:{VmId}\5f053ddb-3c35-4a44-8e4e-2056cc3a440a\0", VmId, ControllerKind.Scsi, 0);

    public static readonly DriveController Ide0 = new($@"Microsoft:{VmId}\83f8638b-8dca-4152-9eda-2ca8b33039b4\0", VmId, ControllerKind.Ide, 0);

    public static readonly Drive Disk = new($@"{Scsi.Id}\0\D", VmId, Scsi.Id, DriveKind.Disk, 0)
    {
        ControllerKind = ControllerKind.Scsi,
        ControllerNumber = 0,
        Content = DriveContent.Image,
        Path = @"D:\VMs\SQL01\os.vhdx",
    };

    public static readonly VirtualSwitch Switch = new("aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "Prod")
    {
        Type = SwitchType.External,
        IsSharedWithHost = true,
        Uplinks = [new() { AdapterId = new Guid("bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb"), Description = "Intel(R) Ethernet X550", BitsPerSecond = 10_000_000_000 }],
        IsSrIovPreferred = false,
        BandwidthMode = BandwidthMode.Weight,
        IsEmbeddedTeaming = false,
        CreatedAt = Now.AddDays(-200),
    };

    public static readonly NetworkAdapter Nic = new($@"Microsoft:{VmId}\99999999-9999-9999-9999-999999999999", VmId, NetworkAdapterKind.Synthetic)
    {
        Name = "Network Adapter",
        MacAddress = "00155D010203",
        Connection = ConnectionState.Connected,
        SwitchId = Switch.Id,
        SwitchName = Switch.Name,
        Vlan = VlanMode.Untagged,
    };

    public static readonly PhysicalAdapter Adapter = new()
    {
        Id = new Guid("bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb"),
        Name = "Ethernet",
        Description = "Intel(R) Ethernet X550",
        Medium = NetworkMedium.Ethernet,
        MediumCode = "physical 14, medium 0",
        IsConnected = true,
        IsEnabled = true,
        BitsPerSecond = 10_000_000_000,
    };

    public static readonly Guest Guest = new(VmId)
    {
        Heartbeat = IntegrationState.Ok,
        KeyValueExchange = IntegrationState.Ok,
        Services = [new(IntegrationServiceKind.Heartbeat, true, IntegrationState.Ok) { StatusCode = 2 }],
        IntegrationVersion = IntegrationVersionState.UpToDate,
        Family = GuestFamily.Windows,
        OsMajor = 10,
        OsMinor = 0,
        OsBuild = 20348,
        ProductType = 3,
        ProcessorArchitecture = 9,
        CustomItems = [new("UEFICA2023Status", "Updated")],
    };

    public static readonly Checkpoint Checkpoint = new(
        new Guid("22222222-2222-2222-2222-222222222222"), VmId, "before update", CheckpointKind.User, Now.AddHours(-1));

    public static readonly HostProcessor Processor = new("CPU0")
    {
        Name = "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", Manufacturer = "GenuineIntel", Family = 6, Model = 85, Stepping = 7, Cores = 16, LogicalProcessors = 32,
        MegaHertz = 2100, HasVirtualization = true, HasSecondLevelTranslation = true,
    };

    public static readonly Volume SystemVolume = new(@"\\?\Volume{44444444-4444-4444-4444-444444444444}\")
    {
        Path = @"C:\", FileSystem = "NTFS", Size = ByteSize.FromGiB(200), Free = ByteSize.FromGiB(120), AllocationUnit = 4096, IsSystem = true,
    };

    public static readonly Volume DataVolume = new(@"\\?\Volume{55555555-5555-5555-5555-555555555555}\")
    {
        Path = @"D:\", Label = "VMs", FileSystem = "NTFS", Size = ByteSize.FromGiB(4000), Free = ByteSize.FromGiB(2000), AllocationUnit = 4096, IsSystem = false,
    };

    public static readonly VirtualDisk VirtualDisk = new(@"D:\VMs\SQL01\os.vhdx")
    {
        Format = VirtualDiskFormat.Vhdx, Type = VirtualDiskType.Fixed, MaximumSize = ByteSize.FromGiB(100), FileSize = ByteSize.FromGiB(100), LogicalSectorSize = 512,
        PhysicalSectorSize = 4096, Exists = true, ModifiedAt = Now.AddHours(-1), IsWriteable = true, IsCompressed = false, IsEncrypted = false, ReadAt = Now, Fault = DiskFault.None,
        FirstSeenAt = Now.AddDays(-100),
    };

    public static readonly HostReading Host = new("HV01", "HV01")
    {
        Id = "33333333-3333-3333-3333-333333333333-hv01",
        Origin = Origin.Host,
        Door = "wsman",
        Target = "https://hv01:5986/wsman",
        Revision = "e-1",
        Intervals =
        [
            new(Lane.State, TimeSpan.FromSeconds(5)), new(Lane.Switches, TimeSpan.FromSeconds(30)), new(Lane.Topology, TimeSpan.FromMinutes(5)),
            new(Lane.Guest, TimeSpan.FromSeconds(60)), new(Lane.Host, TimeSpan.FromMinutes(10)), new(Lane.Disks, TimeSpan.FromHours(1)), new(Lane.Daily, TimeSpan.FromHours(24)),
            new(Lane.Counters, TimeSpan.FromSeconds(15)),
        ],
        ComputerSystem = Read(new ComputerSystem
        {
            NetBiosName = "HV01", MachineId = new Guid("33333333-3333-3333-3333-333333333333"), Domain = "corp.example",
            IsDomainMember = true, DomainRole = DomainRole.MemberServer, Memory = ByteSize.FromGiB(256), LogicalProcessors = 32,
        }),
        OperatingSystem = Read(new HostOperatingSystem
        {
            Version = "10.0.20348", Build = 20348, UpdateRevision = 2700, BuildLab = "20348.1.amd64fre.fe_release.210507-1500",
            ProductType = ProductType.Server, InstalledAt = Now.AddDays(-300), BootedAt = Now.AddDays(-30), NamespaceVersion = 2,
            HyperVVersion = "10.0.20348.2700", RoleAddedAt = Now.AddDays(-299), SystemDrive = "C:", RegistryComputerName = "HV01",
        }),
        Locale = Read(new LocaleSettings { OsLanguage = 1033, SystemLocale = 1033, InstallLanguage = 1033, FormatLocale = 1033, DisplayLanguages = ["en-US"] }),
        Roles = Read(new RoleList { Items = [new(20, 0, "Hyper-V"), new(481, 0, "File and Storage Services")] }),
        Services = Read(new ServiceList
        {
            Items = [new("vmms", ServiceState.Running, ServiceStartMode.Auto), new("vmcompute", ServiceState.Running, ServiceStartMode.Manual)],
            Workers = [new(4711, VmId)],
        }),
        PhysicalNetwork = Read(new PhysicalAdapterList { Items = [Adapter], Teams = [] }),
        Switches = Read(new VirtualSwitchList { Items = [Switch], HostAdapters = [] }),
        VirtualMachines = Read(new VirtualMachineList { Items = [Vm] }),
        Devices = Read(new DeviceList { Controllers = [Scsi], Drives = [Disk], NetworkAdapters = [Nic], Others = [] }),
        Guests = Read(new GuestList { Items = [Guest] }),
        Checkpoints = Read(new CheckpointList()),
        Cluster = new Section<ClusterView> { Attempt = new(SectionState.Absent, Now, TookMs: 3) },
        HyperVSettings = Read(new HyperVSettings
        {
            DefaultVirtualMachinePath = @"D:\VMs", DefaultVirtualDiskPath = @"D:\VHDs", MinimumMacAddress = "00155D010000", MaximumMacAddress = "00155D0100FF",
            IsNumaSpanning = true, Partitions = 2,
        }),
        Processors = Read(new ProcessorList { Items = [Processor], HasDataExecutionPrevention = true }),
        Numa = Read(new NumaTopology { Nodes = [new(0) { LogicalProcessors = 32, Memory = ByteSize.FromGiB(256), AvailableMemory = ByteSize.FromGiB(200) }] }),
        Volumes = Read(new VolumeList { Items = [SystemVolume, DataVolume], Disks = [], SmbConnections = [] }),
        VirtualDisks = Read(new VirtualDiskList { Items = [VirtualDisk] }),
        Jobs = Read(new JobList()),
        LiveMigration = Read(new LiveMigrationSettings { IsEnabled = true, Authentication = MigrationAuthentication.Kerberos, MaximumMigrations = 2, MaximumStorageMigrations = 2, Networks = [] }),
        ReplicaServer = Read(new ReplicaServer { IsEnabled = false, AllowedPrimaries = [] }),
        Clock = Read(new HostClock { Samples = [new(Now, TimeSpan.Zero, 40)], Skew = TimeSpan.Zero, SourceType = "NT5DS" }),
        PendingRestart = Read(new PendingRestart()),
        Updates = Read(new UpdateList()),
        Licence = Read(new LicenceState { Status = LicenceStatus.Licensed, GraceRemaining = TimeSpan.Zero, IsEvaluation = false, PartialKey = "ABCDE" }),
        EventLog = Read(new EventLog { Channels = ["System", "Microsoft-Windows-Hyper-V-VMMS-Admin"], Since = Now.AddHours(-24) }),
        LoadBalancing = new Section<LoadBalancingState> { Attempt = new(SectionState.Absent, Now, TookMs: 3) },
        PrintServer = new Section<PrintServer> { Attempt = new(SectionState.Absent, Now, TookMs: 3) },
        Dns = new Section<DnsAnswers> { Attempt = new(SectionState.Absent, Now, TookMs: 3) },
        Performance = Read(new PerformanceSample { VirtualMachines = [new(VmId, 12, ByteSize.FromGiB(8))] }),
        Counters = Read(new CounterSample { Host = new() { ProcessorPercent = 20, FreeMemory = ByteSize.FromGiB(200) }, VirtualMachines = [] }),
    };

    /// <summary>A section that was just read in full.</summary>
    public static Section<T> Read<T>(T content) where T : class => new(content)
    {
        ReadAt = Now,
        TookMs = 40,
        Attempt = new(SectionState.Complete, Now, TookMs: 40),
        Revision = 1,
    };

    /// <summary>A section whose newest attempt failed and that never had content.</summary>
    public static Section<T> Failed<T>(SectionState state, string reason) where T : class =>
        new() { Attempt = new(state, Now, TookMs: 3, Reason: reason) };
}
