using System.Collections.Immutable;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios;

/// <summary>A lab that is ready to be served: its hosts, and what it was described as.</summary>
public sealed class LabScenario
{
    private readonly TimeProvider _time;
    private readonly bool _isFrozen;
    private readonly Func<DateTimeOffset, LabDescription> _describe;
    private readonly Func<LabDescription, ImmutableArray<Happening>>? _happenings;

    internal LabScenario(string name, Func<DateTimeOffset, LabDescription> describe, TimeProvider time, bool isFrozen, Func<LabDescription, ImmutableArray<Happening>>? happenings = null)
    {
        _describe = describe;
        _happenings = happenings;
        Name = name;
        _time = time;
        _isFrozen = isFrozen;

        // Whole seconds, because CIM times are coarser than those of .NET; a frozen lab stands at the full hour,
        // so that two of them that are started one after the other answer the same.
        var now = time.GetUtcNow();
        StartedAt = now.AddTicks(-(now.Ticks % (isFrozen ? TimeSpan.TicksPerHour : TimeSpan.TicksPerSecond)));
        Description = describe(StartedAt);
        Happenings = happenings?.Invoke(Description) ?? [];
        Hosts = [.. Description.Hosts.Select(h => LivingHost.Create(this, h))];
    }

    public string Name { get; }

    /// <summary>All times of the lab count from here.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The lab at its start.</summary>
    public LabDescription Description { get; }

    public ImmutableArray<LabHost> Hosts { get; }

    /// <summary>What the product's settings say about the lab's objects: VM or host id → tags.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<string>> Tags => Description.Tags;

    internal ImmutableArray<Happening> Happenings { get; }

    /// <summary>The instant whose happenings are told: it stands still in a frozen lab.</summary>
    internal DateTimeOffset Now => _isFrozen ? StartedAt : _time.GetUtcNow();

    /// <summary>What the hosts' clocks say. They go on in a frozen lab too, or its machines would start anew at each look.</summary>
    internal DateTimeOffset Clock => _time.GetUtcNow();

    /// <summary>The same lab with hosts that write in these words.</summary>
    internal LabScenario In(LabWords words) => new(Name, start => InWords(_describe(start), words), _time, _isFrozen, _happenings);

    private static LabDescription InWords(LabDescription lab, LabWords words) => lab with { Hosts = [.. lab.Hosts.Select(h => h with { Locale = h.Locale with { Words = words } })] };

    /// <summary>The lab with everything that has happened by then.</summary>
    internal LabDescription At(DateTimeOffset now)
    {
        var lab = Description;
        foreach (var happening in Happenings)
        {
            var (number, began) = happening.At(now - StartedAt);
            lab = lab with { Hosts = [.. lab.Hosts.Select(h => h.Name == happening.Host ? happening.Apply(h, number, StartedAt + began) : h)] };
        }

        return lab;
    }
}
