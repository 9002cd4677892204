using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>Gives the newest view of the fleet, and newer ones as they come.</summary>
public interface IFleetFeed
{
    FleetView Current { get; }

    /// <summary>The current view first; a slow reader skips views. Ends with the token.</summary>
    IAsyncEnumerable<FleetView> FollowAsync(CancellationToken cancellationToken);
}

/// <summary>This process's read model: grains and followers put parts in, pages read wholes.</summary>
/// <param name="rules">Tells which rules are off; null: none is.</param>
public sealed class FleetFeed(TimeProvider time, RuleBook? rules = null) : IFleetFeed
{
    private const string ClusterPrefix = "cluster/";

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FindingBook> _books = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AgentLink> _agents = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyCollection<string>> _expected = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _hostOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Refusal> _refusals = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Channel<FleetView>> _followers = [];
    private readonly History.CounterHistory _history = new();
    private FleetView _current = FleetView.Empty;
    private bool _isDirty;
    private ITimer? _timer;

    public FleetView Current
    {
        get
        {
            lock (_gate)
            {
                if (_isDirty)
                {
                    Rebuild();
                }

                return _current;
            }
        }
    }

    public int FollowerCount
    {
        get
        {
            lock (_gate)
            {
                return _followers.Count;
            }
        }
    }

    /// <summary>Keys of the actors whose findings are shown.</summary>
    public (ImmutableArray<string> Hosts, ImmutableArray<string> Clusters) Examined
    {
        get
        {
            lock (_gate)
            {
                return ([.. _hosts.Keys], [.. _books.Keys.Where(k => k.StartsWith(ClusterPrefix, StringComparison.Ordinal)).Select(k => k[ClusterPrefix.Length..])]);
            }
        }
    }

    /// <summary>An agent and one of its keys: where readings of a host come from. Two may lead to one host.</summary>
    public static string SourceOf(string agent, string key) => $"{agent}/{key}";

    /// <param name="host">Key of the host's actor; null: the reading's own id.</param>
    public void PutHost(HostReading reading, FindingBook book, string? host = null) => Change(() =>
    {
        string id = host ?? reading.Id ?? reading.Key;
        _hosts[id] = reading;
        _history.Note(reading);
        _books[$"host/{id}"] = book;
        if (_refusals.GetValueOrDefault(IdOf(reading))?.IsOver(reading) == true)
        {
            _refusals.Remove(IdOf(reading));
        }
    });

    /// <summary>Where the readings of a source go from now on; the host they went to before is forgotten with its last source.</summary>
    public void PutSource(string source, string host)
    {
        lock (_gate)
        {
            if (_hostOf.TryGetValue(source, out string? known) && known.Equals(host, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        Change(() =>
        {
            _hostOf.Remove(source, out string? before);
            _hostOf[source] = host;
            ForgetUnread(before);
        });
    }

    /// <summary>The source reads that host no more; one that has moved on to another stays there.</summary>
    public void RemoveSource(string source, string host) => Change(() =>
    {
        if (_hostOf.TryGetValue(source, out string? known) && known.Equals(host, StringComparison.OrdinalIgnoreCase))
        {
            _hostOf.Remove(source);
        }

        ForgetUnread(host);
    });

    public void PutCluster(string id, FindingBook book) => Change(() => _books[$"{ClusterPrefix}{id}"] = book);

    public void PutFarm(FindingBook book) => Change(() => _books["farm"] = book);

    /// <param name="keys">The hosts it is set to read; null: as before.</param>
    public void PutAgent(AgentLink link, IReadOnlyCollection<string>? keys)
    {
        lock (_gate)
        {
            // It is heard every second; that alone is nothing to draw.
            bool isNews = !_agents.TryGetValue(link.Name, out var known) || !known.IsSameAs(link);
            _agents[link.Name] = link;
            if (keys is not null && !(_expected.TryGetValue(link.Name, out var before) && before.SequenceEqual(keys)))
            {
                _expected[link.Name] = [.. keys];
                isNews = true;
            }

            if (!isNews)
            {
                return;
            }
        }

        Change(() => { });
    }

    /// <summary>Why a host could not be read when somebody asked for it; null: it was. Stands until what was asked for is tried again.</summary>
    /// <param name="sections">JSON names, comma-separated; the VM list stands for all.</param>
    public void PutRefusal(string hostId, string? reason, string sections) => Change(() =>
    {
        _refusals.Remove(hostId);
        if (reason is not null && _hosts.Values.FirstOrDefault(h => IdOf(h).Equals(hostId, StringComparison.OrdinalIgnoreCase)) is { } host)
        {
            _refusals[hostId] = Refusal.Of(reason, host, sections);
        }
    });

    public async IAsyncEnumerable<FleetView> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<FleetView>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _followers.Add(channel);
        }

        channel.Writer.TryWrite(Current);
        try
        {
            await foreach (var view in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return view;
            }
        }
        finally
        {
            lock (_gate)
            {
                _followers.Remove(channel);
            }
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            // Many changes in a moment are one new view.
            if (!_isDirty)
            {
                _isDirty = true;
                _timer ??= time.CreateTimer(_ => Publish(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Redraw, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Publish()
    {
        lock (_gate)
        {
            if (_isDirty)
            {
                Rebuild();
            }

            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(_current);
            }
        }
    }

    private void Rebuild()
    {
        _isDirty = false;
        var findings = _books.Values.SelectMany(b => b.Findings).DistinctBy(f => f.Id);
        // Two keys may lead to one host; a key that nothing came for yet is a host more.
        var unread = _expected.SelectMany(a => a.Value.Where(key => !_hostOf.ContainsKey(SourceOf(a.Key, key))).Select(key => (Agent: a.Key, Key: key))).ToList();
        _current = new FleetView(
            time.GetUtcNow(), [.. _agents.Values.OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)], [.. _hosts.Values],
            // A cluster's finding may be explained by a host's: each book alone cannot see that.
            Inhibition.Mark([.. findings]), Tally.Sum(_books.Values.SelectMany(b => b.Tallies)),
            _hosts.Count + unread.Count,
            _refusals.ToImmutableDictionary(r => r.Key, r => r.Value.Reason, StringComparer.OrdinalIgnoreCase),
            unread.Count(u => _agents.GetValueOrDefault(u.Agent)?.IsLost(u.Key) == true))
        {
            History = _history,
            Off = rules?.Off ?? FrozenSet<string>.Empty,
            Doubles = Doubles(),
        };
    }

    private ImmutableArray<DoubleTarget> Doubles() =>
    [
        .. from agent in _expected.OrderBy(a => a.Key, StringComparer.OrdinalIgnoreCase)
           from key in agent.Value
           let host = _hostOf.GetValueOrDefault(SourceOf(agent.Key, key))
           where host is not null && _hosts.ContainsKey(host)
           group (agent.Key, key) by host.ToLowerInvariant() into targets
           where targets.Count() > 1
           select new DoubleTarget(IdOf(_hosts[targets.Key]), [.. targets]),
    ];

    private static string IdOf(HostReading reading) => reading.Id ?? reading.Key;

    private void ForgetUnread(string? host)
    {
        if (host is not null && !_hostOf.Values.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            if (_hosts.Remove(host, out var last))
            {
                _refusals.Remove(IdOf(last));
            }

            _books.Remove($"host/{host}");
        }
    }
}
