using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Tests.Settings;

public sealed class RuleSettingsTests
{
    [Fact]
    public void Thresholds_tags_and_lists_come_from_the_settings()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Rules:ScsiWarnPercent"] = "80",
            ["Rules:Tags:11111111-1111-1111-1111-11111111ABCD:0"] = "os:linux",
            ["Rules:Tags:11111111-1111-1111-1111-11111111ABCD:1"] = "role:dc",
            ["Rules:IgnoredExtensions:0"] = "EA24CD6C-D17A-4348-9190-09F0D5BE83DD",
            ["Rules:MinimumLinuxIntegration"] = "4.0",
        }).Build();

        var rules = new SettingsReader(configuration).Read<RuleSettings>("Rules");

        Assert.Equal(80, rules.ScsiWarnPercent);
        Assert.True(rules.HasTag("11111111-1111-1111-1111-11111111abcd", "os:linux"));
        Assert.True(rules.HasTag("11111111-1111-1111-1111-11111111abcd", "role:dc"));
        Assert.Equal(["EA24CD6C-D17A-4348-9190-09F0D5BE83DD"], rules.IgnoredExtensions);
        Assert.Equal(new Version(4, 0), rules.MinimumLinuxIntegration);
    }

    [Fact]
    public void Without_settings_the_defaults_hold() =>
        Assert.Equal(90, new SettingsReader(new ConfigurationBuilder().Build()).Read<RuleSettings>("Rules").ScsiWarnPercent);
}
