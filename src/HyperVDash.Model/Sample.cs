using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;

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
        Processors = 4,
        StartupMemory = ByteSize.FromGiB(8),
        IsDynamicMemory = false,
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
        Family = GuestFamily.Windows,
        OsMajor = 10,
        OsMinor = 0,
        OsBuild = 20348,
        ProductType = 3,
        ProcessorArchitecture = 9,
    };

    public static readonly Checkpoint Checkpoint = new(
        new Guid("22222222-2222-2222-2222-222222222222"), VmId, "before update", CheckpointKind.User, Now.AddHours(-1));

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
            new(Lane.Guest, TimeSpan.FromSeconds(60)), new(Lane.Host, TimeSpan.FromMinutes(10)),
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
            HyperVVersion = "10.0.20348.2700", RoleAddedAt = Now.AddDays(-299),
        }),
        Locale = Read(new LocaleSettings { OsLanguage = 1033, SystemLocale = 1033, InstallLanguage = 1033, FormatLocale = 1033, DisplayLanguages = ["en-US"] }),
        Roles = Read(new RoleList { Items = [new(20, 0, "Hyper-V"), new(481, 0, "File and Storage Services")] }),
        Services = Read(new ServiceList
        {
            Items = [new("vmms", ServiceState.Running, ServiceStartMode.Auto), new("vmcompute", ServiceState.Running, ServiceStartMode.Manual)],
            Workers = [new(4711, VmId)],
        }),
        PhysicalNetwork = Read(new PhysicalAdapterList { Items = [Adapter], Teams = [] }),
        Switches = Read(new VirtualSwitchList { Items = [Switch] }),
        VirtualMachines = Read(new VirtualMachineList { Items = [Vm] }),
        Devices = Read(new DeviceList { Controllers = [Scsi], Drives = [Disk], NetworkAdapters = [Nic] }),
        Guests = Read(new GuestList { Items = [Guest] }),
        Checkpoints = Read(new CheckpointList()),
        Cluster = new Section<ClusterView> { Attempt = new(SectionState.Absent, Now, TookMs: 3) },
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
