using System.Net;
using System.Text.RegularExpressions;
using Bunit;
using HyperVDash.Agent.SelfTest;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Tests;
using HyperVDash.Web.Features.Hosts;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Tests.Documentation;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Failed_steps_are_explained_in_the_words_of_the_command() =>
        Assert.Contains($"| failed step | what it means |\n|---|---|\n{string.Concat(SelfTestStep.All.Select(s => $"| {s.Name} | {s.Meaning} |\n"))}", Readme, StringComparison.Ordinal);

    [Fact]
    public void Failed_steps_are_explained_in_the_same_words_where_no_host_is_being_watched()
    {
        using var context = new BunitContext();

        string text = WebUtility.HtmlDecode(context.Render<SelfTestSteps>().Markup);

        Assert.All(SelfTestStep.All, s => Assert.Contains(s.Meaning, text, StringComparison.Ordinal));
        Assert.All(SelfTestStep.All, s => Assert.Contains(s.Name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_to_a_file_leads_to_one() =>
        Assert.All(Links().Matches(Readme).Select(m => m.Groups[1].Value), path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));

    [Fact]
    public void Settings_that_are_shown_can_be_read()
    {
        var blocks = JsonBlocks().Matches(Readme).Select(m => $"{{{m.Groups[1].Value}}}").ToList();

        Assert.NotEmpty(blocks);

        // As the shell lines beside the settings set it: a variable that is missing is a mistake.
        Environment.SetEnvironmentVariable("HV_PASSWORD", "…");
        Environment.SetEnvironmentVariable("AGENT_A", "…");
        Assert.All(blocks, block =>
        {
            var reader = new SettingsReader(new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(block))).Build());
            var agent = reader.Read<HyperVDash.Agent.Serve.AgentOptions>("Agent");
            var web = reader.Read<WebOptions>("Web");
            // A door that only Windows opens is shown for Windows; elsewhere it is the one mistake.
            Assert.DoesNotContain(reader.With([.. agent.Mistakes(), .. web.Mistakes()]), m => OperatingSystem.IsWindows() || !m.Contains(":Door is 'mmi', which opens sessions on Windows alone; ", StringComparison.Ordinal));
            Assert.True(agent.Targets.Count + web.Agents.Count > 0);
        });
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlocks();
}
