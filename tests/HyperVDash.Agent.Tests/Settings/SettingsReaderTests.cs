using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Every_mistake_is_named_with_key_value_and_what_is_allowed()
    {
        var reader = Reader(
            ("Agent:Listen", "somewhere"),
            ("Agent:Lisen", "http://127.0.0.1:1"),
            ("Agent:Targets:0:Intervals:StateInterval", "often"),
            ("Agent:Targets:0:Intervals:HostInterval", "5"),
            ("Agent:Targets:1:Intervals:Parallel", "40"),
            ("Agent:Targets:1:AllowBasicOverHttp", "perhaps"),
            ("Agent:Targets:1:Origin", "moon"),
            ("Agent:Token:Value", "x"));

        reader.Read<AgentOptions>("Agent");

        Assert.Equal(
        [
            "Agent:Lisen is no setting; Agent knows Listen, Token, TokenEnv, Certificate, CertificatePasswordEnv, StateFolder, Targets, PrintFarms.",
            "Agent:Listen is 'somewhere'; it may be an absolute address such as https://hv01:5986.",
            "Agent:Targets:0:Intervals:HostInterval is '5'; it may be 00:00:10 to 7.00:00:00.",
            "Agent:Targets:0:Intervals:StateInterval is 'often'; it may be 00:00:01 to 01:00:00.",
            "Agent:Targets:1:AllowBasicOverHttp is 'perhaps'; it may be true or false.",
            "Agent:Targets:1:Intervals:Parallel is '40'; it may be 1 to 16.",
            "Agent:Targets:1:Origin is 'moon'; it may be Host, Lab, Capture.",
            "Agent:Token is a list or a group of settings; it may be text.",
        ], reader.Mistakes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_right_is_read_whatever_the_case_of_its_key()
    {
        var reader = Reader(
            ("agent:listen", "http://127.0.0.1:7000"),
            ("Agent:Targets:0:Key", "hv01"),
            ("Agent:Targets:0:Url", "https://hv01:5986/wsman"),
            ("Agent:Targets:0:Intervals:StateInterval", "00:00:20"),
            ("Agent:Targets:1:Key", "hv02"),
            ("Agent:Targets:1:Door", "dcom"));

        var options = reader.Read<AgentOptions>("Agent");

        Assert.Empty(reader.Mistakes);
        Assert.Equal(7000, options.Listen.Port);
        Assert.Equal(["hv01", "hv02"], options.Targets.Select(t => t.Key));
        Assert.Equal(["wsman", "dcom"], options.Targets.Select(t => t.Door));
        Assert.Equal(TimeSpan.FromSeconds(20), options.Targets[0].Intervals.StateInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Targets[0].Intervals.SwitchesInterval);
    }

    [Fact]
    public void Tags_and_ignored_extensions_reach_the_rules()
    {
        var reader = Reader(
            ("Rules:Tags:8A7E0F5C-0000-4000-8000-000000000001:0", "os:linux"),
            ("Rules:Tags:8A7E0F5C-0000-4000-8000-000000000001:1", "ic:none"),
            ("Rules:IgnoredExtensions:0", "{ea24cd6c-d17a-4348-9190-09f0d5be83dd}"),
            ("Rules:MinimumLinuxIntegration", "4.2"));

        var rules = reader.Read<RuleSettings>("Rules");

        Assert.Empty(reader.Mistakes);
        Assert.True(rules.HasTag("8a7e0f5c-0000-4000-8000-000000000001", "ic:none"));
        Assert.Equal(["{ea24cd6c-d17a-4348-9190-09f0d5be83dd}"], rules.IgnoredExtensions);
        Assert.Equal(new Version(4, 2), rules.MinimumLinuxIntegration);
    }

    [Fact]
    public void A_value_under_a_misspelt_key_is_not_repeated_because_it_may_be_a_secret()
    {
        var reader = Reader(("Agent:Tokem", "open sesame"));

        reader.Read<AgentOptions>("Agent");

        Assert.DoesNotContain("sesame", Assert.Single(reader.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_whose_environment_variable_is_empty_is_a_mistake_and_not_an_open_door() =>
        Assert.Equal(
            ["Agent:TokenEnv names no environment variable that holds anything; it must be the variable's name, not the token."],
            new AgentOptions { TokenEnv = "s3cr3t" }.Mistakes());

    [Theory]
    [InlineData("https://watcher:s3/cr3t@hv01:5986/wsman")]
    [InlineData("https://watcher:s3#cr3t@hv01:5986/wsman")]
    [InlineData("https://watcher:s3?cr3t@hv01:5986/wsman")]
    [InlineData("https://watcher:s3cr3t@hv01:5986/wsman")]
    [InlineData("https://watcher/s3cr3t@hv01:5986/wsman")]
    [InlineData("watcher:s3cr3t@hv01:5986/wsman")]
    [InlineData("ftp://watcher:s3cr3t@hv01/wsman")]
    [InlineData("s3cr3t@hv01")]
    public void An_address_with_a_password_in_it_is_a_mistake_that_repeats_no_part_of_it(string address)
    {
        foreach (string door in new[] { "wsman", "mmi" })
        {
            var reader = Reader(("Agent:Listen", address), ("Agent:Targets:0:Key", "hv01"), ("Agent:Targets:0:Door", door), ("Agent:Targets:0:Computer", "hv01"), ("Agent:Targets:0:Url", address));

            var mistakes = reader.With(reader.Read<AgentOptions>("Agent").Mistakes());

            Assert.Contains(mistakes, m => m.StartsWith("Agent:Targets:0:Url ", StringComparison.Ordinal));
            Assert.Contains(mistakes, m => m.StartsWith("Agent:Listen ", StringComparison.Ordinal));
            Assert.DoesNotContain(mistakes, m => m.Contains("cr3t", StringComparison.Ordinal) || m.Contains("watcher", StringComparison.Ordinal));
        }
    }

    private static SettingsReader Reader(params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build());
}
