using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Dns;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Print;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Examples;

/// <summary>A healthy print farm of two servers P1 and P2, to vary: <c>GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2).Nlb(c => c with { Mode = NlbMode.Multicast }))</c>.</summary>
internal static class GivenPrint
{
    public const string Address = "10.0.0.50";
    public const string Name = "printnlb.lab";
    public const string OldName = "oldprn.lab";

    public static readonly Guid ClientAdapter = new("bbbbbbbb-0000-0000-0000-000000000001");
    public static readonly Guid OtherAdapter = new("bbbbbbbb-0000-0000-0000-000000000002");

    public static PrintQueue Queue { get; } = new("HP-2F", "HP2F") { Driver = "HP Universal PCL6", DriverVersion = "3", DriverFileVersion = "7.1", Environments = ["Windows x64"], Port = "IP_10.0.9.2", PortAddress = "10.0.9.2", PortNumber = 9100, PrintProcessor = "winprint", DataType = "RAW", Attributes = 0x2848 };

    public static FarmSubject Farm(params HostReading[] hosts) => new([.. hosts.Select(h => new HostSubject(h))]);

    /// <summary>Nothing is wrong with it.</summary>
    public static FarmSubject Healthy => Farm(Node(1), Node(2));

    /// <param name="number">1 or 2: P1 or P2.</param>
    public static HostReading Node(int number, string release = "2022") => Given.Host(release) with
    {
        Key = $"P{number}", Name = $"P{number}", Id = $"p{number}",
        ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { NetBiosName = $"P{number}", Domain = "lab", Manufacturer = "Contoso Systems", ProductModel = "R240" }),
        Services = Sample.Read(new ServiceList { Items = [new("Spooler", ServiceState.Running, ServiceStartMode.Auto), new("LanmanServer", ServiceState.Running, ServiceStartMode.Auto)] }),
        PhysicalNetwork = Sample.Read(new PhysicalAdapterList
        {
            Items = [Adapter(ClientAdapter, "Clients", $"00155D0A000{number}"), Adapter(OtherAdapter, "Management", $"00155D0A001{number}")],
            IpConfigurations = [new(ClientAdapter) { Addresses = [$"10.0.0.5{number}"], RegistersInDns = false, IsForwarding = true }, new(OtherAdapter) { Addresses = [$"10.0.1.5{number}"], Gateways = ["10.0.1.1"], RegistersInDns = true, IsForwarding = false }],
        }),
        LoadBalancing = Sample.Read(new LoadBalancingState { Clusters = [Cluster(number)] }),
        PrintServer = Sample.Read(new PrintServer
        {
            Queues = [Queue], Policy = SpoolerPolicy.Enabled, SpoolerStartedAt = Sample.Now.AddDays(-3),
            Aliases = new() { OptionalNames = ["OLDPRN", "PRINTNLB"], OptionalNamesType = RegistryType.MultiString, IsStrictNameCheckingOff = true, IsDnsOnWire = true, HardeningLevel = 0 },
        }),
        Dns = Sample.Read(Answers([Address], [Address])),
        VirtualMachines = new() { Attempt = new(SectionState.Absent, Sample.Now) },
        Devices = new() { Attempt = new(SectionState.Absent, Sample.Now) },
        Guests = new() { Attempt = new(SectionState.Absent, Sample.Now) },
    };

    /// <summary>The same server as a VM.</summary>
    public static HostReading Virtual(int number) =>
        Node(number) with { ComputerSystem = Sample.Read(Node(number).ComputerSystem.Content! with { Manufacturer = "Microsoft Corporation", ProductModel = "Virtual Machine" }) };

    public static HostReading Nlb(this HostReading host, Func<NlbCluster, NlbCluster> change) =>
        host with { LoadBalancing = Sample.Read(new LoadBalancingState { Clusters = [.. host.LoadBalancing.Content!.Clusters.Select(change)] }) };

    /// <summary>What the node says of itself.</summary>
    public static HostReading Is(this HostReading host, NlbNodeState state) =>
        host.Nlb(c => c with { Nodes = [.. c.Nodes.Select(n => n.IsLocal ? n with { State = state } : n)], StateSeenAt = Sample.Now.AddMinutes(-4) });

    public static HostReading Server(this HostReading host, Func<PrintServer, PrintServer> change) => host with { PrintServer = Sample.Read(change(host.PrintServer.Content!)) };

    public static HostReading Aliases(this HostReading host, Func<ServerAliases, ServerAliases> change) => host.Server(s => s with { Aliases = change(s.Aliases!) });

    public static HostReading Queues(this HostReading host, params PrintQueue[] queues) => host.Server(s => s with { Queues = [.. queues] });

    public static HostReading Asked(this HostReading host, DnsAnswers answers) => host with { Dns = Sample.Read(answers) };

    public static HostReading Service(this HostReading host, string name, ServiceState state, ServiceStartMode start = ServiceStartMode.Auto) =>
        host with { Services = Sample.Read(host.Services.Content! with { Items = [.. host.Services.Content!.Items.Select(s => s.Name == name ? s with { State = state, StartMode = start } : s)] }) };

    /// <summary>The farm's name and the one of a server it replaced, with what one DNS server answers.</summary>
    public static DnsAnswers Answers(string[] cluster, string[] old) => new()
    {
        Farms = [new(Name) { OldNames = [OldName] }],
        Items = [Answer(Name, cluster), Answer(OldName, old)],
    };

    public static DnsAnswer Answer(string name, params string[] addresses) => new(name, "zone lab of DC1") { Addresses = [.. addresses], TimeToLive = TimeSpan.FromMinutes(20), IsDynamic = false };

    /// <summary>A host that has nothing to do with printing.</summary>
    public static HostReading Other { get; } = Sample.Host;

    /// <summary>A Hyper-V host whose VMs are these nodes.</summary>
    public static HostReading HyperV(string name, params int[] nodes) => Hosting(name, nodes, n => n);

    /// <summary>The same, with each VM's adapter for clients changed.</summary>
    public static HostReading Hosting(string name, int[] nodes, Func<NetworkAdapter, NetworkAdapter> change) => Sample.Host with
    {
        Key = name, Name = name, Id = name.ToLowerInvariant(),
        VirtualMachines = Sample.Read(new VirtualMachineList { Items = [.. nodes.Select(n => Sample.Vm with { Id = VmId(n), Name = $"p{n}" })] }),
        Devices = Sample.Read(new DeviceList
        {
            Controllers = [], Others = [],
            Drives = [.. nodes.Select(n => Sample.Disk with { Id = $"disk{n}", VirtualMachineId = VmId(n), Path = $@"C:\ClusterStorage\Volume{n}\p{n}\os.vhdx" })],
            NetworkAdapters = [.. nodes.Select(n => change(Sample.Nic with { Id = $"nic{n}", VirtualMachineId = VmId(n), MacAddress = $"00155D0A000{n}", AllowsMacSpoofing = true }))],
        }),
        Guests = Sample.Read(new GuestList { Items = [.. nodes.Select(n => Sample.Guest with { VirtualMachineId = VmId(n), DnsName = $"P{n}.lab" })] }),
    };

    private static Guid VmId(int node) => new($"11111111-1111-1111-1111-00000000000{node}");

    private static PhysicalAdapter Adapter(Guid id, string name, string mac) => Sample.Adapter with { Id = id, Name = name, MacAddress = mac, IsUp = true };

    private static NlbCluster Cluster(int number) => new(Address)
    {
        Name = Name, NetworkMask = "255.255.255.0", MacAddress = "02BF0A000032", Mode = NlbMode.Unicast, AdapterId = ClientAdapter, HostPriority = number, StartsWithWindows = true,
        DedicatedAddress = $"10.0.0.5{number}", PortRules = [new(0, 65535, NlbProtocol.Both) { Filtering = NlbFiltering.Multiple, Affinity = NlbAffinity.Single, IsEnabled = true }],
        Nodes = [.. Enumerable.Range(1, 2).Select(n => new NlbNode($"P{n}", n, n != number ? NlbNodeState.Unknown : n == 1 ? NlbNodeState.ConvergedAsDefault : NlbNodeState.Converged) { IsLocal = n == number })],
    };
}
