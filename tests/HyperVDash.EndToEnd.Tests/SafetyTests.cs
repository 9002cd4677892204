using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace HyperVDash.EndToEnd.Tests;

public sealed partial class SafetyTests(FrozenDemo demo)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://10.0.0.7:5080")]
    [InlineData("https://0.0.0.0:0")]
    public async Task An_address_that_others_can_reach_without_TLS_and_token_is_refused_with_a_sentence(string listen)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(AppContext.BaseDirectory, "HyperVDash.Web.dll") }, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Web__Listen"] = listen;
        using var process = Process.Start(start)!;

        string said = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        Assert.Equal(64, process.ExitCode);
        Assert.Contains("which other machines can reach; that needs https with Web:Certificate, and Web:Token", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theme")]
    [InlineData("hosts/HV04/verify")]
    public async Task A_post_without_the_page_s_token_is_refused(string path)
    {
        using var form = new FormUrlEncodedContent([new("back", "vms")]);
        using var answer = await demo.Dashboard.Http.PostAsync(new Uri(demo.Dashboard.Url, path), form, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Scripts_come_from_files_alone_and_the_policy_says_so()
    {
        using var answer = await demo.Dashboard.Http.GetAsync(demo.Dashboard.Url, Stop);
        string html = await answer.Content.ReadAsStringAsync(Stop);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        string scripts = Assert.Single(policy.Split(';', StringSplitOptions.TrimEntries), d => d.StartsWith("script-src ", StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", scripts, StringComparison.Ordinal);
        Assert.All(Scripts().Matches(html).Select(m => m.Value), s => Assert.True(s.Contains("src=", StringComparison.Ordinal) || s.Contains("importmap", StringComparison.Ordinal), s));
        Assert.DoesNotMatch(@"\son[a-z]+=""", html);
        Assert.DoesNotContain("https://", Links().Replace(html, ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_are_in_UTC_in_the_first_answer()
    {
        string html = await demo.Dashboard.HtmlAsync("findings", Stop);

        var times = Times().Matches(html).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(times);
        Assert.All(times, t => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", t));
    }

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Scripts();

    [GeneratedRegex("<time datetime=\"([^\"]*)\"")]
    private static partial Regex Times();

    // Text of hosts may name addresses; the page itself may load nothing from them.
    [GeneratedRegex("<pre.*?</pre>|<td.*?</td>|xmlns=\"[^\"]*\"", RegexOptions.Singleline)]
    private static partial Regex Links();
}
