using HyperVDash.Model.Fleet;
using HyperVDash.Web.Tuning;

namespace HyperVDash.Web.Fleet;

/// <summary>Starts a follower for every agent, and the embedded agent where none is named.</summary>
public sealed class FleetService(
    IAgentSource source, TuningStore tuning, IHttpClientFactory http, IGrainFactory grains, FleetFeed feed, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private volatile IReadOnlyList<AgentFollower> _followers = [];

    /// <summary>The agent that reads a host and the host's key there, for "verify now"; one that answers goes before one that does not.</summary>
    public (AgentFollower Follower, string Key)? FollowerOf(HostReading host) => _followers
        .OrderBy(f => f.IsSilent)
        .Select(f => f.KeyOf(host) is { } key ? (f, key) : ((AgentFollower, string)?)null)
        .FirstOrDefault(f => f is not null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not in the way of the first page.
        await Task.Yield();
        var agents = await source.StartAsync(stoppingToken);
        // What the settings file says is known now, and nothing was judged yet.
        await tuning.OpenAsync(source.IsDemo, stoppingToken);
        _followers = [.. agents.Select(a => new AgentFollower(a, http, grains, feed, time, logs.CreateLogger<AgentFollower>()))];
        foreach (var agent in agents)
        {
            feed.PutAgent(new AgentLink(agent.Name, agent.Url, null, false, null), null);
        }

        await Task.WhenAll(_followers.Select(f => f.RunAsync(stoppingToken)));
    }
}

/// <summary>Where the agents are.</summary>
public interface IAgentSource
{
    /// <summary>The agents to follow; starts the embedded one if it is needed.</summary>
    Task<IReadOnlyList<AgentAddress>> StartAsync(CancellationToken cancellationToken);

    /// <summary>The hosts are those of the embedded demo lab; known when it has started.</summary>
    bool IsDemo { get; }
}
