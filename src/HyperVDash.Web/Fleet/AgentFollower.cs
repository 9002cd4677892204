using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Web.Fleet;

/// <summary>Follows one agent: its list of hosts, and a stream of changes for each, which it hands to the hosts' grains.</summary>
public sealed partial class AgentFollower(
    AgentAddress agent, IHttpClientFactory http, IGrainFactory grains, FleetFeed feed, TimeProvider time, ILogger<AgentFollower> log)
{
    private static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HostStream> _streams = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, StreamFault> _faults = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, HostReading> _readings = new(StringComparer.OrdinalIgnoreCase);
    private DateTimeOffset? _heardAt;
    private volatile string[]? _keys;
    private volatile string? _listFault;

    public AgentAddress Agent => agent;

    /// <summary>It was asked and did not answer. One host whose stream is broken does not make it so while it tells of others.</summary>
    public bool IsSilent => Reason is not null;

    private string? Reason => _listFault ?? (_keys is { Length: > 0 } keys && Array.TrueForAll(keys, _faults.ContainsKey) ? _faults.GetValueOrDefault(keys[0])?.Reason : null);

    /// <summary>Runs until cancelled; an agent that does not answer is asked again and again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        try
        {
            while (true)
            {
                try
                {
                    using var client = Client(Silence);
                    using var response = await client.GetAsync(new Uri("v1/hosts", UriKind.Relative), cancellationToken);
                    await AgentRefusalException.ThrowIfRefusedAsync(response, cancellationToken);
                    var hosts = await response.Content.ReadFromJsonAsync<List<HostSummary>>(AgentJson.Options, cancellationToken)
                        ?? throw new JsonException("The agent's answer is no list of hosts.");
                    string[] keys = [.. hosts.Select(h => h.Key)];
                    HeardList(keys);
                    await KeepToAsync(keys, cancellationToken);
                    failures = 0;
                }
                catch (Exception failed) when (!IsStop(failed, cancellationToken))
                {
                    failures++;
                    LostList(failed);
                }

                await Task.Delay(failures == 0 ? ListInterval : TimeSpan.FromSeconds(Math.Min(5, failures)), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(_streams.Values.Select(s => s.EndAsync()));
        }
    }

    /// <summary>Asks the agent to read now; what went wrong is the answer's reason.</summary>
    public async Task<VerifyAnswer> VerifyAsync(string key, string sections, CancellationToken cancellationToken)
    {
        try
        {
            using var client = Client(TimeSpan.FromSeconds(35));
            using var response = await client.PostAsync(new Uri($"v1/hosts/{Uri.EscapeDataString(key)}/verify?sections={Uri.EscapeDataString(sections)}", UriKind.Relative), null, cancellationToken);
            await AgentRefusalException.ThrowIfRefusedAsync(response, cancellationToken);
            return await response.Content.ReadFromJsonAsync<VerifyAnswer>(AgentJson.Options, cancellationToken) ?? throw new JsonException("The answer is empty.");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or JsonException or OperationCanceledException && !IsStop(failed, cancellationToken))
        {
            return new VerifyAnswer("") { Reason = $"Agent {agent.Name} did not read: {ReasonOf(failed)}" };
        }
    }

    /// <summary>The key under which it reads a host; null if it does not.</summary>
    public string? KeyOf(HostReading host) => _readings.FirstOrDefault(r => host.Id is { } id
        ? id.Equals(r.Value.Id, StringComparison.OrdinalIgnoreCase)
        : r.Value.Id is null && r.Key.Equals(host.Key, StringComparison.OrdinalIgnoreCase) && r.Value.Target == host.Target).Key;

    /// <summary>Follows these hosts and no others; one that is not listed any more leaves the fleet.</summary>
    private async Task KeepToAsync(string[] keys, CancellationToken cancellationToken)
    {
        foreach (string gone in _streams.Keys.Except(keys, StringComparer.OrdinalIgnoreCase).ToList())
        {
            // Out of the list at once: what fails below must not leave an ended stream there, for then the host would never be followed again.
            _streams.Remove(gone, out var stream);
            await stream!.EndAsync();
            _faults.TryRemove(gone, out _);
        }

        // After the end of its stream, for a reading on its way would bring the host back. One that failed to leave is tried again with the next list.
        foreach (var (gone, last) in _readings.Where(r => !keys.Contains(r.Key, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            await grains.GetGrain<IHostGrain>(HostOf(gone, last)).Leave(SourceOf(gone));
            _readings.TryRemove(gone, out _);
        }

        foreach (string key in keys)
        {
            if (_streams.TryGetValue(key, out var following))
            {
                if (!following.Following.IsCompleted)
                {
                    continue;
                }

                // Nothing should end it; if something does, its host must not stay unheard until the next start.
                LogEnded(following.Following.Exception, agent.Name, key);
                following.Stop.Dispose();
            }

            var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _streams[key] = new HostStream(FollowAsync(key, stop.Token), stop);
        }
    }

    private async Task FollowAsync(string key, CancellationToken cancellationToken)
    {
        int failures = 0;
        try
        {
            while (true)
            {
                try
                {
                    await StreamAsync(key, () => failures = 0, cancellationToken);
                }
                catch (Exception failed) when (!IsStop(failed, cancellationToken))
                {
                    LostStream(key, failed, failures);
                }

                failures++;
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(5, failures)), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host is no longer listed, or the dashboard stops.
        }
    }

    private async Task StreamAsync(string key, Action heard, CancellationToken cancellationToken)
    {
        using var client = Client(Timeout.InfiniteTimeSpan);
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        quiet.CancelAfter(Silence);
        string since = _readings.TryGetValue(key, out var known) ? $"?since={Uri.EscapeDataString(known.Revision)}" : "";
        using var response = await client.GetAsync($"v1/hosts/{Uri.EscapeDataString(key)}/watch{since}", HttpCompletionOption.ResponseHeadersRead, quiet.Token);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            // The agent is there and reads it no more; its next list tells the same.
            return;
        }

        await AgentRefusalException.ThrowIfRefusedAsync(response, quiet.Token);
        await using var body = await response.Content.ReadAsStreamAsync(quiet.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(quiet.Token))
        {
            // An agent says something every 5 s; one that says nothing is as good as gone.
            quiet.CancelAfter(Silence);
            if (Merge(_readings.GetValueOrDefault(key), item.EventType, item.Data) is { } reading)
            {
                await PutAsync(key, reading);
            }

            heard();
            HeardStream(key);
        }

        throw new IOException("The agent ended the stream.");
    }

    /// <summary>Hands a reading to its host; if that was another until now, the other loses this source.</summary>
    private async Task PutAsync(string key, HostReading reading)
    {
        string host = HostOf(key, reading);
        await grains.GetGrain<IHostGrain>(host).Apply(SourceOf(key), reading);
        if (_readings.TryGetValue(key, out var known) && HostOf(key, known) is var before && before != host)
        {
            await grains.GetGrain<IHostGrain>(before).Leave(SourceOf(key));
        }

        // Not before: what did not arrive there must be sent again.
        _readings[key] = reading;
    }

    private string SourceOf(string key) => FleetFeed.SourceOf(agent.Name, key);

    // Before a host tells its id it is known by its key, and two agents may use the same.
    private string HostOf(string key, HostReading reading) => reading.Id ?? SourceOf(key);

    private static bool IsStop(Exception failed, CancellationToken cancellationToken) =>
        failed is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private static HostReading? Merge(HostReading? known, string type, string data) => type switch
    {
        "reading" => JsonSerializer.Deserialize<HostReading>(data, AgentJson.Options) is { } fresh ? SectionMerge.Renew(known, fresh) : null,
        "section" or "performance" when known is not null && JsonSerializer.Deserialize<SectionEvent>(data, AgentJson.Options) is { } change =>
            change.Sections.Aggregate(known, (reading, name) => SectionMerge.Take(reading, change.Reading, name)) with
            {
                Revision = change.Revision.Length > 0 ? change.Revision : known.Revision,
                Id = change.Reading.Id ?? known.Id,
                Name = change.Reading.Name.Length > 0 ? change.Reading.Name : known.Name,
            },
        "alive" when known is not null && JsonSerializer.Deserialize<AliveEvent>(data, AgentJson.Options) is { } alive =>
            alive.Sections.Aggregate(known, SectionMerge.Pulse),
        _ => null,
    };

    private HttpClient Client(TimeSpan timeout)
    {
        var client = http.CreateClient("agent");
        client.BaseAddress = agent.Url;
        client.Timeout = timeout;
        client.DefaultRequestHeaders.Authorization = agent.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        return client;
    }

    private void HeardList(string[] keys)
    {
        _listFault = null;
        _keys = keys;
        _heardAt = time.GetUtcNow();
        Tell(keys);
    }

    private void HeardStream(string key)
    {
        _faults.TryRemove(key, out _);
        _heardAt = time.GetUtcNow();
        Tell(null);
    }

    private void LostList(Exception failed)
    {
        string reason = ReasonOf(failed);
        if (!IsExpected(failed) && _listFault != reason)
        {
            LogFault(failed, agent.Name);
        }
        else if (_listFault is null)
        {
            LogLost(agent.Name, reason);
        }

        _listFault = reason;
        Tell(null);
    }

    private void LostStream(string key, Exception failed, int failuresBefore)
    {
        var known = _faults.GetValueOrDefault(key);
        var fault = new StreamFault(ReasonOf(failed), known?.IsLogged ?? false);
        _faults[key] = fault;
        if (!IsExpected(failed) && known?.Reason != fault.Reason)
        {
            LogHostFault(failed, agent.Name, key);
            _faults[key] = fault with { IsLogged = true };
        }
        else if (!fault.IsLogged && failuresBefore > 0 && !IsSilent)
        {
            // Not at the first time: with its agent every stream breaks, and that is one line.
            LogHostLost(agent.Name, key, fault.Reason);
            _faults[key] = fault with { IsLogged = true };
        }

        Tell(null);
    }

    private static bool IsExpected(Exception failed) => failed is HttpRequestException or IOException or JsonException or OperationCanceledException;

    private string ReasonOf(Exception failed) => failed switch
    {
        OperationCanceledException => "It says nothing.",
        // Of a token that is wrong the agent tells its own setting; here it is the dashboard's that mends it.
        AgentRefusalException { StatusCode: { } code and not HttpStatusCode.Unauthorized } said => $"It answers {(int)code}: {said.Message}",
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => "It refuses the token; see Token and TokenEnv of this agent in Web:Agents.",
        HttpRequestException { StatusCode: { } code } => $"It answers {(int)code}, which an agent does not; see Url of this agent in Web:Agents.",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => $"Nothing listens at {agent.Url}.",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"The name {agent.Url.Host} is not known.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } why } => $"No secure connection to {agent.Url}: {why.Message}",
        _ => failed.Message,
    };

    /// <summary>Tells the pages how the agent is; one after the other, so that the last word stands.</summary>
    private void Tell(string[]? keys)
    {
        lock (_gate)
        {
            string? reason = Reason;
            feed.PutAgent(new AgentLink(agent.Name, agent.Url, _heardAt, reason is null, reason)
            {
                Listed = _keys?.Length,
                HostIds = [.. _readings.Values.Select(r => r.Id ?? r.Key).Order(StringComparer.OrdinalIgnoreCase)],
                Faults =
                [
                    // A copy first: to sort the dictionary itself fails when another stream breaks meanwhile.
                    .. _faults.ToArray().OrderBy(f => f.Key, StringComparer.OrdinalIgnoreCase)
                        .Select(f => new HostFault(f.Key, _readings.TryGetValue(f.Key, out var read) ? read.Id ?? read.Key : null, f.Value.Reason)),
                ],
            }, keys);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost contact with agent {Agent}: {Reason}")]
    private partial void LogLost(string agent, string reason);

    [LoggerMessage(LogLevel.Error, "What agent {Agent} told could not be taken in; it is asked again")]
    private partial void LogFault(Exception failed, string agent);

    [LoggerMessage(LogLevel.Warning, "Agent {Agent} tells nothing of {Host}: {Reason}")]
    private partial void LogHostLost(string agent, string host, string reason);

    [LoggerMessage(LogLevel.Error, "Following {Host} at agent {Agent} ended, and begins anew")]
    private partial void LogEnded(Exception? fault, string agent, string host);

    [LoggerMessage(LogLevel.Error, "What agent {Agent} told of {Host} could not be taken in; it is asked again")]
    private partial void LogHostFault(Exception failed, string agent, string host);

    /// <param name="IsLogged">Once for as long as it lasts.</param>
    private sealed record StreamFault(string Reason, bool IsLogged);

    private sealed record HostStream(Task Following, CancellationTokenSource Stop)
    {
        public async Task EndAsync()
        {
            await Stop.CancelAsync();
            await Following;
            Stop.Dispose();
        }
    }
}
