using System.Collections.Immutable;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Performance;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Releases;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules.Engine;

/// <summary>A host, with its facts joined for all rules: each join is made when the first one asks, and once.</summary>
public sealed class HostSubject : ISubject
{
    private readonly SectionGate?[] _gates = new SectionGate?[SectionLens.All.Length];
    private ReleaseMatch? _profile;
    private bool _isProfileKnown;
    private long[]? _staleAt;
    private ImmutableArray<(string? Mount, string Id, Volume Volume)> _mounts;
    private string? _sharedVolumesRoot;
    private bool _isRootKnown;
    private Verdict.Pass? _passes;
    private RowOfVm<VirtualMachine>? _vmOf;
    private RowOfVm<Guest>? _guestOf;
    private RowsOfVm<Drive>? _drivesOf;
    private RowsOfVm<DriveController>? _controllersOf;
    private RowsOfVm<NetworkAdapter>? _adaptersOf;
    private RowOfVm<ClusteredVirtualMachine>? _clustered;
    private RowsOfVm<Checkpoint>? _checkpointsOf;
    private Dictionary<string, VirtualDisk>? _diskOf;
    private Dictionary<string, int>? _childrenOf;
    private Dictionary<string, Drive>? _driveAt;
    private RowOfVm<VirtualMachinePerformance>? _performanceOf;
    private RowOfVm<VirtualMachineCounters>? _countersOf;
    private ILookup<string, (VirtualMachine Vm, NetworkAdapter Adapter)>? _adaptersAt;
    private RowOfVm<ReplicationStatistics>? _replicationOf;
    private ILookup<string, VirtualMachine>? _vmsCalled;

    public HostSubject(HostReading reading)
    {
        Whole = reading;
        Reading = new GuardedReading(reading);
        Identity = new(ObjectKind.Host, Id, Name, Id);
    }

    /// <summary>The same host after a newer reading: joins of sections whose content is the very same are taken over.</summary>
    internal HostSubject(HostReading reading, HostSubject before)
        : this(reading)
    {
        var old = before.Whole;
        _passes = before._passes?.Object == Identity ? before._passes : null;
        if (ReferenceEquals(reading.OperatingSystem.Content, old.OperatingSystem.Content))
        {
            (_profile, _isProfileKnown) = (before._profile, before._isProfileKnown);
        }

        _vmOf = ReferenceEquals(reading.VirtualMachines.Content, old.VirtualMachines.Content) ? before._vmOf : null;
        _guestOf = ReferenceEquals(reading.Guests.Content, old.Guests.Content) ? before._guestOf : null;
        _clustered = ReferenceEquals(reading.Cluster.Content, old.Cluster.Content) ? before._clustered : null;
        _checkpointsOf = ReferenceEquals(reading.Checkpoints.Content, old.Checkpoints.Content) ? before._checkpointsOf : null;
        (_diskOf, _childrenOf) = ReferenceEquals(reading.VirtualDisks.Content, old.VirtualDisks.Content) ? (before._diskOf, before._childrenOf) : (null, null);
        _performanceOf = ReferenceEquals(reading.Performance.Content, old.Performance.Content) ? before._performanceOf : null;
        _countersOf = ReferenceEquals(reading.Counters.Content, old.Counters.Content) ? before._countersOf : null;
        _replicationOf = ReferenceEquals(reading.ReplicaServer.Content, old.ReplicaServer.Content) ? before._replicationOf : null;
        if (ReferenceEquals(reading.Devices.Content, old.Devices.Content))
        {
            (_drivesOf, _controllersOf, _adaptersOf, _driveAt) = (before._drivesOf, before._controllersOf, before._adaptersOf, before._driveAt);
            _adaptersAt = ReferenceEquals(reading.VirtualMachines.Content, old.VirtualMachines.Content) ? before._adaptersAt : null;
        }

        _vmsCalled = ReferenceEquals(reading.VirtualMachines.Content, old.VirtualMachines.Content) && ReferenceEquals(reading.Guests.Content, old.Guests.Content) ? before._vmsCalled : null;
    }

    /// <summary>What rules read.</summary>
    public GuardedReading Reading { get; }

    /// <summary>The reading itself, for the engine and for pages; a rule uses <see cref="Reading"/>, which notes what it looks at.</summary>
    public HostReading Whole { get; }

    /// <summary>Limits and facts of the host's release; null while the release is not known. Reads <c>operatingSystem</c>.</summary>
    public ReleaseMatch? Profile
    {
        get
        {
            SectionNotes.Content(SectionPlace.OperatingSystem);
            if (!_isProfileKnown)
            {
                (_profile, _isProfileKnown) = (ReleaseProfiles.Resolve(Whole.OperatingSystem.Content), true);
            }

            return _profile;
        }
    }

    /// <summary>Reads <c>virtualMachines</c>.</summary>
    public RowOfVm<VirtualMachine> VmOf => _vmOf ??= new("virtualMachines", Whole.VirtualMachines.Content?.Items ?? [], v => v.Id);

    /// <summary>Reads <c>guests</c>.</summary>
    public RowOfVm<Guest> GuestOf => _guestOf ??= new("guests", Whole.Guests.Content?.Items ?? [], g => g.VirtualMachineId);

    /// <summary>Reads <c>devices</c>.</summary>
    public RowsOfVm<Drive> DrivesOf => _drivesOf ??= new("devices", Whole.Devices.Content?.Drives ?? [], d => d.VirtualMachineId);

    /// <summary>Reads <c>devices</c>.</summary>
    public RowsOfVm<DriveController> ControllersOf => _controllersOf ??= new("devices", Whole.Devices.Content?.Controllers ?? [], c => c.VirtualMachineId);

    /// <summary>Reads <c>devices</c>.</summary>
    public RowsOfVm<NetworkAdapter> AdaptersOf => _adaptersOf ??= new("devices", Whole.Devices.Content?.NetworkAdapters ?? [], n => n.VirtualMachineId);

    /// <summary>VMs' adapters by MAC address, in the order of the VMs. Reads <c>virtualMachines</c> and <c>devices</c>.</summary>
    public ILookup<string, (VirtualMachine Vm, NetworkAdapter Adapter)> AdaptersAt
    {
        get
        {
            SectionNotes.Content(SectionPlace.VirtualMachines);
            SectionNotes.Content(SectionPlace.Devices);
            return _adaptersAt ??= (
                from vm in Whole.VirtualMachines.Content?.Items ?? []
                from adapter in AdaptersOf[vm.Id]
                where adapter.MacAddress is not null
                select (Vm: vm, Adapter: adapter)).ToLookup(a => a.Adapter.MacAddress!, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>VMs by the name that the guest has in DNS, without a dot at its end. Reads <c>virtualMachines</c> and <c>guests</c>.</summary>
    public ILookup<string, VirtualMachine> VmsCalled
    {
        get
        {
            SectionNotes.Content(SectionPlace.VirtualMachines);
            SectionNotes.Content(SectionPlace.Guests);
            return _vmsCalled ??= (
                from vm in Whole.VirtualMachines.Content?.Items ?? []
                let name = GuestOf.GetValueOrDefault(vm.Id)?.DnsName
                where name is not null
                select (Vm: vm, Name: name.TrimEnd('.'))).ToLookup(v => v.Name, v => v.Vm, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>Reads <c>cluster</c>.</summary>
    public RowOfVm<ClusteredVirtualMachine> Clustered => _clustered ??= new("cluster", Whole.Cluster.Content?.VirtualMachines ?? [], v => v.VirtualMachineId);

    /// <summary>Every checkpoint of a VM. Reads <c>checkpoints</c>.</summary>
    public RowsOfVm<Checkpoint> CheckpointsOf => _checkpointsOf ??= new("checkpoints", Whole.Checkpoints.Content?.Items ?? [], c => c.VirtualMachineId);

    /// <summary>What is known of an image file, by its path. Reads <c>virtualDisks</c>.</summary>
    public IReadOnlyDictionary<string, VirtualDisk> DiskOf
    {
        get
        {
            SectionNotes.Content(SectionPlace.VirtualDisks);
            return _diskOf ??= (Whole.VirtualDisks.Content?.Items ?? []).DistinctBy(d => d.Path, StringComparer.OrdinalIgnoreCase).ToDictionary(d => d.Path, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>How many image files name a file as their parent, by its path. Reads <c>virtualDisks</c>.</summary>
    public IReadOnlyDictionary<string, int> ChildrenOf
    {
        get
        {
            SectionNotes.Content(SectionPlace.VirtualDisks);
            return _childrenOf ??= (Whole.VirtualDisks.Content?.Items ?? []).Select(d => d.ParentPath).OfType<string>().CountBy(p => p, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>The first disk drive with an image file in it, by the file's path. Reads <c>devices</c>.</summary>
    public IReadOnlyDictionary<string, Drive> DriveAt
    {
        get
        {
            SectionNotes.Content(SectionPlace.Devices);
            return _driveAt ??= (Whole.Devices.Content?.Drives ?? []).Where(d => d is { Kind: DriveKind.Disk, Path: not null }).DistinctBy(d => d.Path!, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(d => d.Path!, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>Mount point and id of each volume as paths are compared. Reads <c>volumes</c>.</summary>
    internal ImmutableArray<(string? Mount, string Id, Volume Volume)> Mounts
    {
        get
        {
            SectionNotes.Content(SectionPlace.Volumes);
            return _mounts.IsDefault ? _mounts = [.. (Whole.Volumes.Content?.Items ?? []).Select(v => (v.Path is { } mount ? FilePlace.Plain(mount) : null, FilePlace.Plain(v.Id), v))] : _mounts;
        }
    }

    /// <summary>The folder under which shared volumes are; null: nobody said. Reads <c>cluster</c> and <c>operatingSystem</c>.</summary>
    internal string? SharedVolumesRoot
    {
        get
        {
            SectionNotes.Content(SectionPlace.Cluster);
            if (Whole.Cluster.Content?.SharedVolumesRoot is not { Length: > 3 })
            {
                SectionNotes.Content(SectionPlace.OperatingSystem);
            }

            if (!_isRootKnown)
            {
                (_sharedVolumesRoot, _isRootKnown) = (FilePlace.SharedRootOf(Whole), true);
            }

            return _sharedVolumesRoot;
        }
    }

    /// <summary>Reads <c>performance</c>.</summary>
    public RowOfVm<VirtualMachinePerformance> PerformanceOf => _performanceOf ??= new("performance", Whole.Performance.Content?.VirtualMachines ?? [], v => v.VirtualMachineId);

    /// <summary>Reads <c>counters</c>.</summary>
    public RowOfVm<VirtualMachineCounters> CountersOf => _countersOf ??= new("counters", Whole.Counters.Content?.VirtualMachines ?? [], v => v.VirtualMachineId);

    /// <summary>How the replication of a VM goes. Reads <c>replicaServer</c>.</summary>
    public RowOfVm<ReplicationStatistics> ReplicationOf => _replicationOf ??= new("replicaServer", Whole.ReplicaServer.Content?.Statistics ?? [], s => s.VirtualMachineId);

    public string Id => Whole.Id ?? Whole.Key;

    public string Name => Whole.Name;

    public ObjectRef Identity { get; }

    public IEnumerable<HostSubject> Hosts => [this];

    /// <summary>For rules over several hosts, that this one is fine; the same object as long as the host is called the same.</summary>
    internal Verdict.Pass Passes => _passes ??= new Verdict.Pass { Object = Identity };

    /// <summary>Every join, to tell which VMs' rows changed.</summary>
    internal IRowsOfVm[] Joins =>
    [
        VmOf, GuestOf, DrivesOf, ControllersOf, AdaptersOf, Clustered, CheckpointsOf, PerformanceOf, CountersOf, ReplicationOf,
    ];

    /// <exception cref="ArgumentException">There is no section of that JSON name.</exception>
    public Section Section(string name)
    {
        int index = SectionBits.IndexOf(name);
        SectionNotes.Gate(index);
        SectionNotes.Times(index);
        SectionNotes.Content(index);
        return Gate(index).Section;
    }

    /// <summary>From when on a section is too old for a verdict, without a new reading; null: never, or no verdict may rest on it anyway.</summary>
    /// <inheritdoc cref="Section"/>
    public DateTimeOffset? StaleAt(string name)
    {
        int index = SectionBits.IndexOf(name);
        SectionNotes.Gate(index);
        SectionNotes.Times(index);
        return Gate(index).StaleAt;
    }

    /// <summary>When a section was read, for evidence.</summary>
    internal DateTimeOffset? ReadAt(string name)
    {
        int index = SectionBits.IndexOf(name);
        SectionNotes.Times(index);
        return Gate(index).Section.ReadAt;
    }

    /// <summary>Some section becomes too old after the one moment and not after the other.</summary>
    internal bool IsAnyStaleBetween(DateTimeOffset then, DateTimeOffset now)
    {
        if (now == then)
        {
            return false;
        }

        if (_staleAt is null)
        {
            var instants = new HashSet<long>();
            for (int i = 0; i < _gates.Length; i++)
            {
                if (Gate(i).StaleAt is { } at)
                {
                    instants.Add(at.UtcTicks);
                }
            }

            _staleAt = [.. instants];
        }

        foreach (long at in _staleAt)
        {
            if (at > then.UtcTicks && at <= now.UtcTicks)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>For the engine: notes nothing.</summary>
    internal SectionGate Gate(int section) => _gates[section] ??= SectionGate.Of(Whole, SectionLens.All[section]);
}
