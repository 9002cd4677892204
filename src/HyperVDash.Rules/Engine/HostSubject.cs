using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Performance;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Engine;

/// <summary>A host, with its facts joined once for all rules.</summary>
public sealed class HostSubject : ISubject
{
    private readonly Dictionary<string, SectionGate> _gates;
    private readonly ReleaseMatch? _profile;
    private readonly Dictionary<Guid, Guest> _guestOf;
    private readonly ILookup<Guid, Drive> _drivesOf;
    private readonly ILookup<Guid, DriveController> _controllersOf;
    private readonly ILookup<Guid, NetworkAdapter> _adaptersOf;
    private readonly Dictionary<Guid, ClusteredVirtualMachine> _clustered;
    private readonly ILookup<Guid, Checkpoint> _checkpointsOf;
    private readonly Dictionary<string, VirtualDisk> _diskOf;
    private readonly Dictionary<Guid, VirtualMachinePerformance> _performanceOf;
    private readonly Dictionary<Guid, VirtualMachineCounters> _countersOf;

    public HostSubject(HostReading reading)
    {
        Whole = reading;
        Reading = new GuardedReading(reading);
        Identity = new(ObjectKind.Host, Id, Name, Id);
        _gates = SectionLens.All.ToDictionary(l => l.Name, l => SectionGate.Of(reading, l), StringComparer.Ordinal);
        _profile = ReleaseProfiles.Resolve(reading.OperatingSystem.Content);
        _guestOf = (reading.Guests.Content?.Items ?? []).DistinctBy(g => g.VirtualMachineId).ToDictionary(g => g.VirtualMachineId);
        _drivesOf = (reading.Devices.Content?.Drives ?? []).ToLookup(d => d.VirtualMachineId);
        _controllersOf = (reading.Devices.Content?.Controllers ?? []).ToLookup(c => c.VirtualMachineId);
        _adaptersOf = (reading.Devices.Content?.NetworkAdapters ?? []).ToLookup(n => n.VirtualMachineId);
        _clustered = (reading.Cluster.Content?.VirtualMachines ?? []).DistinctBy(v => v.VirtualMachineId).ToDictionary(v => v.VirtualMachineId);
        _checkpointsOf = (reading.Checkpoints.Content?.Items ?? []).ToLookup(c => c.VirtualMachineId);
        _diskOf = (reading.VirtualDisks.Content?.Items ?? []).DistinctBy(d => d.Path, StringComparer.OrdinalIgnoreCase).ToDictionary(d => d.Path, StringComparer.OrdinalIgnoreCase);
        _performanceOf = (reading.Performance.Content?.VirtualMachines ?? []).DistinctBy(v => v.VirtualMachineId).ToDictionary(v => v.VirtualMachineId);
        _countersOf = (reading.Counters.Content?.VirtualMachines ?? []).DistinctBy(v => v.VirtualMachineId).ToDictionary(v => v.VirtualMachineId);
    }

    /// <summary>What rules read.</summary>
    public GuardedReading Reading { get; }

    /// <summary>The reading itself, for the engine and for pages; a rule uses <see cref="Reading"/>, which notes what it looks at.</summary>
    public HostReading Whole { get; }

    /// <summary>Limits and facts of the host's release; null while the release is not known. Reads <c>operatingSystem</c>.</summary>
    public ReleaseMatch? Profile => Noted("operatingSystem", _profile);

    /// <summary>Reads <c>guests</c>.</summary>
    public IReadOnlyDictionary<Guid, Guest> GuestOf => Noted("guests", _guestOf);

    /// <summary>Reads <c>devices</c>.</summary>
    public ILookup<Guid, Drive> DrivesOf => Noted("devices", _drivesOf);

    /// <summary>Reads <c>devices</c>.</summary>
    public ILookup<Guid, DriveController> ControllersOf => Noted("devices", _controllersOf);

    /// <summary>Reads <c>devices</c>.</summary>
    public ILookup<Guid, NetworkAdapter> AdaptersOf => Noted("devices", _adaptersOf);

    /// <summary>Reads <c>cluster</c>.</summary>
    public IReadOnlyDictionary<Guid, ClusteredVirtualMachine> Clustered => Noted("cluster", _clustered);

    /// <summary>Every checkpoint of a VM. Reads <c>checkpoints</c>.</summary>
    public ILookup<Guid, Checkpoint> CheckpointsOf => Noted("checkpoints", _checkpointsOf);

    /// <summary>What is known of an image file, by its path. Reads <c>virtualDisks</c>.</summary>
    public IReadOnlyDictionary<string, VirtualDisk> DiskOf => Noted("virtualDisks", _diskOf);

    /// <summary>Reads <c>performance</c>.</summary>
    public IReadOnlyDictionary<Guid, VirtualMachinePerformance> PerformanceOf => Noted("performance", _performanceOf);

    /// <summary>Reads <c>counters</c>.</summary>
    public IReadOnlyDictionary<Guid, VirtualMachineCounters> CountersOf => Noted("counters", _countersOf);

    public string Id => Whole.Id ?? Whole.Key;

    public string Name => Whole.Name;

    public ObjectRef Identity { get; }

    public IEnumerable<HostSubject> Hosts => [this];

    /// <exception cref="ArgumentException">There is no section of that JSON name.</exception>
    public Section Section(string name) => Gate(name).Section;

    /// <summary>From when on a section is too old for a verdict, without a new reading; null: never, or no verdict may rest on it anyway.</summary>
    /// <inheritdoc cref="Section"/>
    public DateTimeOffset? StaleAt(string name) => Gate(name).StaleAt;

    /// <inheritdoc cref="Section"/>
    internal SectionGate Gate(string name) =>
        _gates.TryGetValue(name, out var gate) ? gate : throw new ArgumentException($"There is no section {name}.", nameof(name));

    private static T Noted<T>(string section, T value)
    {
        SectionRecorder.Note(section);
        return value;
    }
}
