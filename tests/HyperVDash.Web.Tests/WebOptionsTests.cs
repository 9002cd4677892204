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
    [InlineData("https://anna:secret@0.0.0.0:5080")]
    [InlineData("anna:secret@dash:5080")]
    public void A_password_in_the_address_of_the_dashboard_is_not_repeated(string listen)
    {
        var mistakes = new WebOptions { Listen = new Uri(listen) }.Mistakes("localhost");

        Assert.NotEmpty(mistakes);
        Assert.All(mistakes, m => Assert.DoesNotContain("secret", m, StringComparison.Ordinal));
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
        // As if somebody had put the secret itself there: it is not printed.
        var mistakes = new WebOptions { TokenEnv = "s3cr3t", CertificatePasswordEnv = "s3cr3t", Agents = [new() { Url = new Uri("https://hv01"), TokenEnv = "s3cr3t" }] }.Mistakes();

        Assert.Equal(["Web:CertificatePasswordEnv", "Web:TokenEnv", "Web:Agents:0:TokenEnv"], mistakes.Select(m => m.Split(' ')[0]));
        Assert.All(mistakes, m => Assert.DoesNotContain("s3cr3t", m, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_agents_of_one_name_are_a_mistake() =>
        Assert.StartsWith("Web:Agents: the name 'site' is used 2 times", Assert.Single(new WebOptions { Agents = [Agent("site"), Agent("Site")] }.Mistakes()), StringComparison.Ordinal);

    [Fact]
    public void An_agent_without_a_name_is_called_by_its_place_which_no_other_may_be_called() =>
        Assert.StartsWith("Web:Agents: the name 'agent 2' is used 2 times", Assert.Single(new WebOptions { Agents = [Agent("agent 2"), Agent("")] }.Mistakes()), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_could_be_taken_for_another_agent_s_host_is_a_mistake() =>
        Assert.StartsWith("Web:Agents:0:Name is 'a/b'; it may hold no '/'", Assert.Single(new WebOptions { Agents = [Agent("a/b")] }.Mistakes()), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "http://localhost:5080")]
    [InlineData(" ; ", "http://localhost:5080")]
    [InlineData("", "https://0.0.0.0:5080")]
    public void Allowed_hosts_that_name_nobody_are_a_mistake_for_they_would_let_in_everybody(string allowed, string listen)
    {
        var mistakes = new WebOptions { Listen = new Uri(listen), Token = "t", Certificate = typeof(WebOptions).Assembly.Location }.Mistakes(allowed);

        Assert.StartsWith("AllowedHosts is empty, which would let in callers by any name", Assert.Single(mistakes), StringComparison.Ordinal);
    }

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
