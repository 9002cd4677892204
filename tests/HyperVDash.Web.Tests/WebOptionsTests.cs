using HyperVDash.Lab.Scenarios;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests;

public sealed class WebOptionsTests
{
    [Theory]
    [InlineData("hv01:5090", "Web:Agents:0:Url is 'hv01:5090'", "begin with http:// or https://")]
    [InlineData("ftp://hv01/", "Web:Agents:0:Url is 'ftp://hv01/'", "begin with http:// or https://")]
    [InlineData("https://anna:secret@hv01:5090", "Web:Agents:0:Url holds a user name", "Web:Agents:0:TokenEnv")]
    [InlineData("anna:secret@hv01:5090", "Web:Agents:0:Url is '…'", "begin with http:// or https://")]
    public void An_address_that_is_none_is_named_with_what_it_must_be(string url, string said, string next)
    {
        string mistake = Assert.Single(new WebOptions { Agents = [new() { Url = new Uri(url) }] }.Mistakes());

        Assert.StartsWith(said, mistake, StringComparison.Ordinal);
        Assert.Contains(next, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://hv01:5090", "t", false)]
    [InlineData("https://hv01:5090", "t", true)]
    [InlineData("http://127.0.0.1:5090", "t", true)]
    [InlineData("http://hv01:5090", null, true)]
    public void A_token_does_not_travel_where_it_can_be_read(string url, string? token, bool isFine)
    {
        var mistakes = new WebOptions { Agents = [new() { Url = new Uri(url), Token = token }] }.Mistakes();

        Assert.Equal(isFine, mistakes.Count == 0);
        Assert.All(mistakes, m => Assert.Contains("use https://hv01:5090", m, StringComparison.Ordinal));
    }

    [Fact]
    public void A_variable_that_holds_no_token_is_a_mistake()
    {
        var mistakes = new WebOptions { TokenEnv = "HVD_NOT_SET", Agents = [new() { Url = new Uri("https://hv01"), TokenEnv = "HVD_NOT_SET" }] }.Mistakes();

        Assert.Equal(["Web:TokenEnv", "Web:Agents:0:TokenEnv"], mistakes.Select(m => m.Split(' ')[0]));
    }

    [Fact]
    public void Two_agents_of_one_name_are_a_mistake() =>
        Assert.StartsWith("Web:Agents: the name 'site' is used 2 times", Assert.Single(new WebOptions { Agents = [Agent("site"), Agent("Site")] }.Mistakes()), StringComparison.Ordinal);

    [Fact]
    public void A_lab_that_nobody_knows_is_a_mistake_with_those_that_there_are() =>
        Assert.Equal($"Web:Demo is 'typo'; it may be {string.Join(", ", LabScenarios.Names)}.", Assert.Single(new WebOptions { Demo = "typo" }.Mistakes()));

    [Theory]
    [InlineData("localhost;127.0.0.1;[::1]", true)]
    [InlineData("localhost;dash.lab.example", false)]
    [InlineData("*", false)]
    [InlineData(null, false)]
    public void Where_others_may_call_the_names_they_call_by_must_be_allowed(string? allowed, bool isMistake)
    {
        var mistakes = new WebOptions { Listen = new Uri("https://0.0.0.0:5080"), Token = "t", Certificate = typeof(WebOptions).Assembly.Location }.Mistakes(allowed);

        Assert.Equal(isMistake ? ["AllowedHosts"] : [], mistakes.Select(m => m.Split(' ')[0]));
    }

    private static AgentOptions Agent(string name) => new() { Name = name, Url = new Uri("http://127.0.0.1:1") };
}
