using System.Net.Http.Headers;
using System.Text.Json;
using HyperVDash.Agent.Targets;
using HyperVDash.Web.Fleet;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class EmbeddedAgentTests
{
    private static readonly LocalHyperV Host = new(() => true, key => key.EndsWith("vmms", StringComparison.Ordinal));
    private static readonly LocalHyperV NoHost = new(() => true, _ => false);

    [Fact]
    public async Task With_the_role_here_and_nothing_configured_this_computer_is_watched()
    {
        var hosts = await HostsAsync(Host);

        Assert.Equal([("mmi", "host", Environment.MachineName)], hosts);
    }

    [Fact]
    public async Task Without_the_role_the_demo_is_shown()
    {
        var hosts = await HostsAsync(NoHost);

        Assert.NotEmpty(hosts);
        Assert.All(hosts, h => Assert.Equal(("wsman", "lab"), (h.Door, h.Origin)));
    }

    [Theory]
    [InlineData("Web:Demo", "demo")]
    [InlineData("Web:DemoFrozen", "true")]
    public async Task Demo_that_the_settings_ask_for_is_shown_on_a_host_too(string key, string value)
    {
        var hosts = await HostsAsync(Host, (key, value));

        Assert.All(hosts, h => Assert.Equal("lab", h.Origin));
    }

    [Fact]
    public async Task Hosts_in_the_settings_are_watched_and_no_other()
    {
        string passwordFile = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(passwordFile, "secret", TestContext.Current.CancellationToken);
        var hosts = await HostsAsync(Host, ("Agent:Targets:0:Key", "hv09"), ("Agent:Targets:0:Url", "https://127.0.0.1:9/wsman"),
            ("Agent:Targets:0:User", "watcher"), ("Agent:Targets:0:PasswordFile", passwordFile));
        File.Delete(passwordFile);

        Assert.Equal([("wsman", "host", "https://127.0.0.1:9/wsman")], hosts);
    }

    private static async Task<List<(string Door, string Origin, string Target)>> HostsAsync(LocalHyperV local, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        await using var embedded = new EmbeddedAgent(new WebOptions(), configuration, new RuleBook(), local, TimeProvider.System);
        var agent = Assert.Single(await embedded.StartAsync(TestContext.Current.CancellationToken));
        using var http = new HttpClient { BaseAddress = agent.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", agent.Token);

        var read = new List<(string, string, string)>();
        foreach (string key in (await JsonAsync(http, "v1/hosts")).EnumerateArray().Select(h => h.GetProperty("key").GetString()!))
        {
            var host = await JsonAsync(http, $"v1/hosts/{key}");
            read.Add((host.GetProperty("door").GetString()!, host.GetProperty("origin").GetString()!, host.GetProperty("target").GetString()!));
        }

        return read;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient http, string path) =>
        JsonElement.Parse(await http.GetStringAsync(path, TestContext.Current.CancellationToken));
}
