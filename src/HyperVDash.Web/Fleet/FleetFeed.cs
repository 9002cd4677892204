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
public sealed class FleetFeed(TimeProvider time) : IFleetFeed
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FindingBook> _books = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AgentLink> _agents = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _expected = new(StringComparer.OrdinalIgnoreCase);
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

    public void PutHost(HostReading reading, FindingBook book) => Change(() =>
    {
        _hosts[reading.Id ?? reading.Key] = reading;
        _history.Note(reading);
        if (reading.Id is not null && !reading.Id.Equals(reading.Key, StringComparison.OrdinalIgnoreCase))
        {
            // It was known by its key until it told its id.
            _hosts.Remove(reading.Key);
            _books.Remove($"host/{reading.Key}");
        }

        _books[$"host/{reading.Id ?? reading.Key}"] = book;
    });

    public void PutCluster(string id, FindingBook book) => Change(() => _books[$"cluster/{id}"] = book);

    public void PutFarm(FindingBook book) => Change(() => _books["farm"] = book);

    public void PutAgent(AgentLink link, int? expectedHosts) => Change(() =>
    {
        _agents[link.Name] = link;
        if (expectedHosts is { } count)
        {
            _expected[link.Name] = count;
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
        _current = new FleetView(
            time.GetUtcNow(), [.. _agents.Values.OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)], [.. _hosts.Values],
            // A cluster's finding may be explained by a host's: each book alone cannot see that.
            Inhibition.Mark([.. findings]), Tally.Sum(_books.Values.SelectMany(b => b.Tallies)), _expected.Values.Sum()) { History = _history };
    }
}
