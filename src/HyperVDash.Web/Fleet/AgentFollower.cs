using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
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

    private readonly ConcurrentDictionary<string, Task> _streams = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, HostReading> _readings = new(StringComparer.OrdinalIgnoreCase);
    private DateTimeOffset? _heardAt;
    private string? _reason;

    public AgentAddress Agent => agent;

    /// <summary>Runs until cancelled; an agent that does not answer is asked again and again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var client = Client(Silence);
                var hosts = await client.GetFromJsonAsync<List<HostSummary>>("v1/hosts", AgentJson.Options, cancellationToken) ?? [];
                Heard(hosts.Count);
                failures = 0;
                foreach (var host in hosts)
                {
                    _ = _streams.GetOrAdd(host.Key, key => FollowAsync(key, cancellationToken));
                }
            }
            catch (Exception failed) when (failed is HttpRequestException or JsonException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                failures++;
                Lost(failed);
            }

            try
            {
                await Task.Delay(failures == 0 ? ListInterval : TimeSpan.FromSeconds(Math.Min(5, failures)), time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Asks the agent to read now.</summary>
    public async Task<VerifyAnswer?> VerifyAsync(string key, string sections, CancellationToken cancellationToken)
    {
        using var client = Client(TimeSpan.FromSeconds(35));
        using var response = await client.PostAsync(new Uri($"v1/hosts/{Uri.EscapeDataString(key)}/verify?sections={Uri.EscapeDataString(sections)}", UriKind.Relative), null, cancellationToken);
        return await response.Content.ReadFromJsonAsync<VerifyAnswer>(AgentJson.Options, cancellationToken);
    }

    public bool Reads(string key) => _readings.ContainsKey(key);

    private async Task FollowAsync(string key, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await StreamAsync(key, cancellationToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed) when (failed is HttpRequestException or JsonException or IOException or OperationCanceledException)
            {
                failures++;
                Lost(failed);
            }

            await Task.Delay(TimeSpan.FromSeconds(Math.Min(5, 1 + failures)), time, CancellationToken.None);
        }
    }

    private async Task StreamAsync(string key, CancellationToken cancellationToken)
    {
        using var client = Client(Timeout.InfiniteTimeSpan);
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        quiet.CancelAfter(Silence);
        string since = _readings.TryGetValue(key, out var known) ? $"?since={Uri.EscapeDataString(known.Revision)}" : "";
        using var response = await client.GetAsync($"v1/hosts/{Uri.EscapeDataString(key)}/watch{since}", HttpCompletionOption.ResponseHeadersRead, quiet.Token);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(quiet.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(quiet.Token))
        {
            // An agent says something every 5 s; one that says nothing is as good as gone.
            quiet.CancelAfter(Silence);
            Heard(null);
            if (Merge(_readings.GetValueOrDefault(key), item.EventType, item.Data) is { } reading)
            {
                _readings[key] = reading;
                await grains.GetGrain<IHostGrain>(reading.Id ?? reading.Key).Apply(reading);
            }
        }

        throw new IOException("The agent ended the stream.");
    }

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

    private void Heard(int? hosts)
    {
        _heardAt = time.GetUtcNow();
        _reason = null;
        feed.PutAgent(Link(true), hosts);
    }

    private void Lost(Exception failed)
    {
        string reason = failed is OperationCanceledException ? "It says nothing." : failed.Message;
        if (_reason is null)
        {
            LogLost(agent.Name, reason);
        }

        _reason = reason;
        feed.PutAgent(Link(false), null);
    }

    private AgentLink Link(bool isConnected) =>
        new(agent.Name, agent.Url, _heardAt, isConnected, _reason) { HostIds = [.. _readings.Values.Select(r => r.Id ?? r.Key).Order(StringComparer.OrdinalIgnoreCase)] };

    [LoggerMessage(LogLevel.Warning, "Lost contact with agent {Agent}: {Reason}")]
    private partial void LogLost(string agent, string reason);
}
