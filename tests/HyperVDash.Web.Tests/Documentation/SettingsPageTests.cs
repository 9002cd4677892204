using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Tests;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Web.Tests.Documentation;

public sealed class SettingsPageTests
{
    [Fact]
    public void Page_of_settings_in_docs_is_up_to_date() => Repository.AssertPage("docs/settings.md", SettingsPage.Render());

    [Fact]
    public void Settings_file_that_comes_with_the_program_holds_no_mistake()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "appsettings.json")).Build());

        var web = reader.Read<WebOptions>("Web");
        var agent = reader.Read<HyperVDash.Agent.Serve.AgentOptions>("Agent");

        Assert.Empty(reader.With([.. web.Mistakes(), .. agent.Mistakes()]));
        Assert.Equal(5080, web.Listen.Port);
    }
}
