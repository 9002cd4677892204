using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Checkpoints;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Hosts;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.Replication;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect;

/// <summary>
/// Reads one host, section by section, and keeps the newest reading. What fails keeps its last content and says why.
/// Two reads may run at a time if they have no section in common.
/// </summary>
public sealed class HostCollector : IAsyncDisposable
{
    // Windows computes the start from its clock, which is set now and then.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMinutes(1);

    private readonly Func<ICimSession> _open;
    private readonly TimeProvider _time;
    private readonly HostQuestions _questions;
    private readonly TableSet _tables = new();
    private readonly HostMemory _memory;
    private readonly string _epoch;
    private readonly CollectorOptions _options;
    private readonly HostRoom _room;
    private readonly Lock _building = new();
    private readonly Lock _opening = new();
    private CautiousSession? _session;
    private volatile bool _isSignInRefused;
    private volatile bool _isUnreachable;
    private int _reads;
    private long _revision;
    private HostFacts _facts;

    /// <param name="key">The target's name in the settings.</param>
    /// <param name="open">Opens the way to the host; called again after the session broke. Opening costs nothing until something is asked.</param>
    /// <param name="epoch">New at each start of the agent.</param>
    /// <param name="memory">What is remembered of the host; null: nothing beyond this collector's life.</param>
    public HostCollector(
        string key, string door, Origin origin, string target, Func<ICimSession> open, CollectorOptions options, string epoch, TimeProvider time, HostMemory? memory = null)
    {
        _memory = memory ?? HostMemory.Volatile();
        _open = open;
        _time = time;
        _epoch = epoch;
        _options = options;
        _room = new HostRoom(options.Parallel);
        _questions = new HostQuestions(options, _memory, time);
        _facts = new HostFacts(key, null, null, IsBeforeRelease: true, time.GetUtcNow());
        Current = new HostReading(key, key) { Door = door, Origin = origin, Target = target, Revision = $"{epoch}-0", Intervals = options.Intervals() };
    }

    /// <summary>The newest reading; replaced, never changed.</summary>
    public HostReading Current { get; private set; }

    /// <summary>The newest read ended at the sign-in: the account was refused, and tried once.</summary>
    public bool IsSignInRefused => _isSignInRefused;

    /// <summary>The newest read ended because nothing could be reached.</summary>
    public bool IsUnreachable => _isUnreachable;

    /// <summary>Set for a host that is read from a capture file, which is opened once.</summary>
    internal DateTimeOffset? CapturedAt
    {
        get => Current.CapturedAt;
        init => Current = Current with { CapturedAt = value };
    }

    /// <summary>Reads some sections now and returns the new reading. Never throws for what a host answers, nor for a way to it that cannot be opened.</summary>
    /// <param name="sections">JSON names, e.g. <c>virtualMachines</c>.</param>
    public Task<HostReading> ReadAsync(IReadOnlyCollection<string> sections, CancellationToken cancellationToken) => ReadAsync(sections, isWhole: false, cancellationToken);

    private async Task<HostReading> ReadAsync(IReadOnlyCollection<string> sections, bool isWhole, CancellationToken cancellationToken)
    {
        var wanted = sections.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var started = _time.GetTimestamp();
        CautiousSession? session = null;
        bool isBroken = false;
        try
        {
            session = Begin();
            await using var way = new RoomSession(session, _room, wanted.All(s => SectionLens.Find(s) is { } lens && SlowLanes.Has(lens.Lane)));
            var gap = await _questions.AskAsync(way, _tables, _facts, Current, wanted, isWhole, cancellationToken).ConfigureAwait(false);
            lock (_building)
            {
                return Build(wanted, gap, started);
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // A password file that cannot be read, a certificate that is none, or a mistake of ours: whatever it is, the host is not "being read".
            isBroken = true;
            lock (_building)
            {
                return Failed(wanted, fault, started);
            }
        }
        finally
        {
            await EndAsync(session, isBroken).ConfigureAwait(false);
        }
    }

    /// <summary>What the session learned of the host holds as long as some read goes on, and is found out anew by the next.</summary>
    private CautiousSession Begin()
    {
        lock (_opening)
        {
            _session ??= new CautiousSession(_open());
            if (_reads++ == 0)
            {
                _session.Forget();
            }

            return _session;
        }
    }

    /// <summary>A session that led to nothing is given up with its last read: a password or certificate that was put right since is used by the next.</summary>
    private async ValueTask EndAsync(CautiousSession? session, bool isBroken)
    {
        _isSignInRefused = session?.IsSignInRefused == true;
        _isUnreachable = session?.IsUnreachable == true;
        if (session is null)
        {
            return;
        }

        lock (_opening)
        {
            // Over WS-Management a new connection is made for the next question anyway; the native doors hold on to a broken one.
            session.IsSpent |= isBroken || (session.IsUnreachable && Current.Door is "mmi" or "dcom");
            if (--_reads > 0 || !session.IsSpent || CapturedAt is not null)
            {
                return;
            }

            _session = null;
        }

        await session.DisposeAsync().ConfigureAwait(false);
    }

    private HostReading Failed(HashSet<string> wanted, Exception fault, long started)
    {
        var reading = new ReadingBuilder(Current, wanted, _time.GetUtcNow(), (long)_time.GetElapsedTime(started).TotalMilliseconds);
        reading.PutFailed(fault is CimException or FormatException ? fault.Message : $"{Current.Target} could not be asked: {fault.Message}");
        Current = reading.Build(_epoch, ref _revision);
        return Current;
    }

    private HostReading Build(HashSet<string> wanted, HyperVGap? gap, long started)
    {
        _facts = _questions.Facts(_facts.Key, _tables, _time.GetUtcNow());
        var bootedBefore = Current.OperatingSystem.Content?.BootedAt;
        _room.IsOld = _facts.IsV1;
        var reading = new ReadingBuilder(Current, wanted, _facts.Now, (long)_time.GetElapsedTime(started).TotalMilliseconds);
        Fill(reading, gap);
        var sources = new SectionSources(_tables, _facts, _memory, Current, _options) { Gap = gap };
        foreach (var reader in SectionReaders.Of(wanted))
        {
            reader.Put(reading, sources, gap);
        }

        Current = Identified(reading.Build(_epoch, ref _revision));
        if (Current.OperatingSystem.Content?.BootedAt - bootedBefore is { } moved && moved.Duration() > ClockStep)
        {
            _questions.Forget();
        }

        return Current;
    }

    /// <summary>Reads every section, and goes on with those that take a bounded part of their work a read until nothing waits.</summary>
    public async Task<HostReading> ReadAllAsync(CancellationToken cancellationToken)
    {
        var reading = await ReadAsync([.. SectionLens.All.Select(l => l.Name)], cancellationToken).ConfigureAwait(false);
        // Apart from the others: what they tell would be old by the time that the last of many disks was read.
        string[] unfinished = [.. reading.VirtualDisks.Content is { Waiting: > 0 } ? ["virtualDisks"] : Array.Empty<string>(), .. StatisticsQuestion.IsWaiting(_tables) ? ["replicaServer"] : Array.Empty<string>()];
        return unfinished.Length > 0 ? await ReadAsync(unfinished, isWhole: true, cancellationToken).ConfigureAwait(false) : reading;
    }

    private void Fill(ReadingBuilder reading, HyperVGap? gap)
    {
        var host = _facts;
        reading.Put("computerSystem", r => r.ComputerSystem, () => HostReaders.Computer(_tables, host), (r, s) => r with { ComputerSystem = s });
        reading.Put("operatingSystem", r => r.OperatingSystem, () => HostReaders.Os(_tables, host, _questions.Files), (r, s) => r with { OperatingSystem = s });
        reading.Put("locale", r => r.Locale, () => HostReaders.Locale(_tables), (r, s) => r with { Locale = s });
        reading.Put("roles", r => r.Roles, () => HostReaders.Roles(_tables), (r, s) => r with { Roles = s });
        reading.Put("services", r => r.Services, () => HostReaders.Services(_tables), (r, s) => r with { Services = s });
        reading.Put("virtualMachines", r => r.VirtualMachines, () => gap.Or(() => VirtualMachineReader.Read(_tables, host, reading.Before.VirtualMachines.Content)), (r, s) => r with { VirtualMachines = s });
        reading.Put("devices", r => r.Devices, () => gap.Or(() => DeviceReader.Read(_tables, host)), (r, s) => r with { Devices = s });
        reading.Put("checkpoints", r => r.Checkpoints, () => gap.Or(() => CheckpointReader.Read(_tables, host)), (r, s) => r with { Checkpoints = s });
        reading.Put("performance", r => r.Performance, () => gap.Or(() => PerformanceReader.Read(_tables, host, _memory)), (r, s) => r with { Performance = s });
    }

    private static HostReading Identified(HostReading reading)
    {
        if (reading.ComputerSystem.Content is not ComputerSystem { NetBiosName: { } name } computer)
        {
            return reading;
        }

        string id = computer.MachineId is { } machine
            ? $"{machine:D}-{name}"
            : computer.Domain is { } domain ? $"{name}.{domain}" : name;
        return reading with { Name = name, Id = id.ToLowerInvariant() };
    }

    public async ValueTask DisposeAsync()
    {
        _questions.Dispose();
        _room.Dispose();
        if (_session is not null)
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
