using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Targets;
using HyperVDash.Lab.Faults;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Serve;

/// <summary>An agent over the demo lab, asked over HTTP.</summary>
public sealed class AgentApiTests : IAsyncLifetime
{
    private Source _lab = null!;
    private AgentHost _agent = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await LabTargets.StartAsync("demo", frozen: true, [], 0, TimeProvider.System, Stop);
        var options = new AgentOptions { Listen = new Uri("http://127.0.0.1:0"), Token = "open sesame", Targets = [.. _lab.Targets.Where(t => t.Key is "HV03" or "HV06")] };
        _agent = await AgentHost.StartAsync(options, _lab.Rules, TimeProvider.System, _ => { }, Stop);
        _client = new HttpClient { BaseAddress = _agent.Url };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "open sesame");
        (await _client.PostAsync("/v1/hosts/HV03/verify", null, Stop)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task The_list_of_hosts_names_each_with_its_state_and_origin()
    {
        var hosts = await JsonAsync("/v1/hosts");

        Assert.Equal(["HV03", "HV06"], hosts.EnumerateArray().Select(h => h.GetProperty("key").GetString()));
        Assert.All(hosts.EnumerateArray(), h => Assert.Equal("lab", h.GetProperty("origin").GetString()));
    }

    [Fact]
    public async Task A_reading_that_the_client_has_is_not_sent_again()
    {
        var tag = (await _client.GetAsync("/v1/hosts/HV03", Stop)).Headers.ETag!;
        while (true)
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/hosts/HV03");
            again.Headers.IfNoneMatch.Add(tag);
            var second = await _client.SendAsync(again, Stop);
            if (second.StatusCode == HttpStatusCode.NotModified)
            {
                Assert.Empty(await second.Content.ReadAsByteArrayAsync(Stop));
                return;
            }

            // The host was read again in between: it is sent for no other reason.
            Assert.NotEqual(tag, second.Headers.ETag);
            tag = second.Headers.ETag!;
        }
    }

    [Fact]
    public async Task A_host_nobody_reads_is_404_with_the_names_of_those_that_are()
    {
        var answer = await _client.GetAsync("/v1/hosts/HV99", Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("It reads: HV03, HV06", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_reads_only_what_was_asked_and_says_how_each_section_went()
    {
        // Another host than the fixture's, because calls for one host within 5 s join.
        var answer = await _client.PostAsync("/v1/hosts/HV06/verify?sections=services,roles", null, Stop);

        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
        Assert.Equal(2, json.GetProperty("sections").GetArrayLength());
        Assert.All(json.GetProperty("sections").EnumerateArray(), s => Assert.Equal("complete", s.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Verify_of_a_section_that_does_not_exist_names_those_that_do()
    {
        var answer = await _client.PostAsync("/v1/hosts/HV03/verify?sections=weather", null, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("There is no section 'weather'. Known: computerSystem", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watcher_gets_the_whole_reading_first_and_then_the_section_that_changed()
    {
        using var stream = await WatchAsync("/v1/hosts/HV03/watch");
        await using var events = SseParser.Create(await stream.Content.ReadAsStreamAsync(Stop)).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("reading", events.Current.EventType);
        Assert.Equal("HV03", JsonDocument.Parse(events.Current.Data).RootElement.GetProperty("key").GetString());

        _lab.Lab!.Server.Faults.Set(LabFault.Parse("HV03/Msvm_ComputerSystem=denied"));
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.EventType != "section" || !events.Current.Data.Contains("\"denied\"", StringComparison.Ordinal));

        Assert.Contains("virtualMachines", events.Current.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watcher_from_another_life_of_the_agent_gets_everything_anew()
    {
        using var stream = await WatchAsync("/v1/hosts/HV03/watch?since=anotherlife-12");
        await using var events = SseParser.Create(await stream.Content.ReadAsStreamAsync(Stop)).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("reading", events.Current.EventType);
    }

    [Fact]
    public async Task A_beat_comes_without_a_change_and_lists_when_each_section_was_tried_and_read()
    {
        using var stream = await WatchAsync("/v1/hosts/HV03/watch");
        await using var events = SseParser.Create(await stream.Content.ReadAsStreamAsync(Stop)).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.EventType != "alive");

        var alive = JsonDocument.Parse(events.Current.Data).RootElement;
        Assert.Equal(SectionLens.All.Length, alive.GetProperty("sections").GetArrayLength());
        Assert.All(alive.GetProperty("sections").EnumerateArray(), s => Assert.True(s.TryGetProperty("state", out _) && s.TryGetProperty("at", out _) && s.TryGetProperty("readAt", out _)));
    }

    [Fact]
    public async Task A_client_that_lost_contact_between_two_sections_of_one_revision_gets_both()
    {
        using var stream = await WatchAsync("/v1/hosts/HV03/watch");
        await using var events = SseParser.Create(await stream.Content.ReadAsStreamAsync(Stop)).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        _lab.Lab!.Server.Faults.Set(LabFault.Parse("HV03=refuse"));
        string? before;
        do
        {
            before = events.Current.EventId;
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.EventType != "section" || !events.Current.Data.Contains("\"failed\"", StringComparison.Ordinal));

        // Performance fails with it and comes after: until then the client must not name the new revision.
        Assert.Equal(before, events.Current.EventId);
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.EventType == "section");

        Assert.Equal("performance", events.Current.EventType);
        Assert.NotEqual(before, events.Current.EventId);
    }

    [Fact]
    public async Task Streams_end_when_the_agent_stops()
    {
        using var stream = await WatchAsync("/v1/hosts/HV03/watch");
        var body = await stream.Content.ReadAsStreamAsync(Stop);

        await _agent.DisposeAsync();

        // Without an end this would wait for the 30 s of a stop that is held up, or for ever.
        await body.CopyToAsync(Stream.Null, Stop);
    }

    [Theory]
    [InlineData("GET", "evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("GET", "localhost:5090", null, HttpStatusCode.OK)]
    [InlineData("GET", "[::1]:5090", null, HttpStatusCode.OK)]
    [InlineData("GET", "127.0.0.1", "https://evil.example", HttpStatusCode.OK)]
    [InlineData("POST", "127.0.0.1", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "127.0.0.1", "null", HttpStatusCode.Forbidden)]
    [InlineData("POST", "127.0.0.1", null, HttpStatusCode.OK)]
    public async Task An_agent_without_a_token_answers_programs_here_and_no_web_page(string method, string host, string? origin, HttpStatusCode expected)
    {
        await using var agent = await AgentHost.StartAsync(
            new AgentOptions { Listen = new Uri("http://127.0.0.1:0"), Targets = [_lab.Targets.Single(t => t.Key == "HV03")] }, _lab.Rules, TimeProvider.System, _ => { }, Stop);
        using var client = new HttpClient { BaseAddress = agent.Url };
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "GET" ? "/v1/hosts" : "/v1/hosts/HV03/verify?sections=services");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        Assert.Equal(expected, (await client.SendAsync(request, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("GET /v1/hosts HTTP/1.0\r\n\r\n")]
    [InlineData("GET /v1/hosts HTTP/1.0\r\nHost:\r\n\r\n")]
    [InlineData("GET /v1/hosts HTTP/1.1\r\nHost: a..b\r\nConnection: close\r\n\r\n")]
    public async Task A_caller_that_names_no_host_is_refused_with_the_names_that_are_answered(string request)
    {
        await using var agent = await AgentHost.StartAsync(new AgentOptions { Listen = new Uri("http://127.0.0.1:0"), Targets = [] }, _lab.Rules, TimeProvider.System, _ => { }, Stop);
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(agent.Url.Host, agent.Url.Port, Stop);
        await socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(request), Stop);

        string answer = await new StreamReader(socket.GetStream()).ReadToEndAsync(Stop);

        Assert.Contains(" 400 ", answer.Split('\r')[0], StringComparison.Ordinal);
        Assert.Contains("This agent answers only as localhost", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_a_sentence()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => AgentHost.StartAsync(
            new AgentOptions { Listen = _agent.Url, Targets = [] }, _lab.Rules, TimeProvider.System, _ => { }, Stop));

        Assert.Contains("choose another port", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/hosts")]
    [InlineData("/v1/hosts/HV03")]
    [InlineData("/v1/hosts/HV03/findings")]
    [InlineData("/v1/hosts/HV03/watch")]
    public async Task Nothing_is_told_without_the_token(string path)
    {
        using var stranger = new HttpClient { BaseAddress = _agent.Url };

        var answer = await stranger.GetAsync(path, Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("wants its token", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("HV03", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_hold_what_one_host_can_tell_and_say_that_cluster_rules_are_judged_elsewhere()
    {
        var report = await JsonAsync("/v1/hosts/HV03/findings");

        Assert.NotEmpty(report.GetProperty("findings").EnumerateArray());
        var parity = report.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("ruleId").GetString() == "HVD201");
        Assert.Contains("evaluated by the dashboard", parity.GetProperty("notEvaluated").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_and_the_description_of_the_api_can_be_read()
    {
        Assert.Contains("hypervdash_section_complete{host=\"HV03\",section=\"virtualMachines\",origin=\"lab\"} 1", await _client.GetStringAsync("/metrics", Stop), StringComparison.Ordinal);
        Assert.True((await JsonAsync("/openapi/v1.json")).GetProperty("paths").TryGetProperty("/v1/hosts/{host}/verify", out _));
        Assert.Equal("ok", await _client.GetStringAsync("/healthz", Stop));
    }

    [Fact]
    public async Task The_description_of_the_api_knows_words_sizes_and_every_answer()
    {
        var document = await JsonAsync("/openapi/v1.json");

        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Contains("denied", schemas.GetProperty("SectionState").GetProperty("enum").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal("integer", schemas.GetProperty("ByteSize").GetProperty("type").GetString());
        var answers = document.GetProperty("paths").GetProperty("/v1/hosts/{host}").GetProperty("get").GetProperty("responses");
        Assert.Equal(["200", "304", "404"], answers.EnumerateObject().Select(a => a.Name).Order());
    }

    [Fact]
    public async Task Mistakes_in_the_settings_are_all_named_at_once()
    {
        var options = new AgentOptions
        {
            Listen = new Uri("http://192.0.2.1:5090"),
            Targets = [new TargetOptions { Key = "a", Url = new Uri("https://user:secret@hv01:5986/wsman") }, new TargetOptions { Key = "A", Door = "window" }],
        };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => AgentHost.StartAsync(options, _lab.Rules, TimeProvider.System, _ => { }, Stop));

        Assert.Contains("that needs https", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Agent:Targets:0:Url holds an @", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Agent:Targets:1:Door is 'window'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the key 'a' is used 2 times", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> WatchAsync(string path)
    {
        var answer = await _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return answer;
    }

    private async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path, Stop)).RootElement;
}
