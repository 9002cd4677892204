using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

public sealed partial class PagesTests(FrozenDemo demo)
{
    private static readonly string[] Names = ["now", "findings", "finding", "vms", "vm", "vm-hardware", "vm-network", "vm-checkpoints", "vm-raw", "hosts", "host", "clusters", "cluster", "switches", "rules", "rule", "missing"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. Names];

    [Theory(), MemberData(nameof(Pages))]
    public async Task Page_is_whole_without_script_the_same_with_it_and_accessible(string page)
    {
        string path = await PathOfAsync(page);
        await using var chromium = await Chromium.StartAsync();
        string plain = TextOf(await (await demo.Dashboard.Http.GetAsync(new Uri(demo.Dashboard.Url, path), Stop)).Content.ReadAsStringAsync(Stop));

        foreach (var (name, width, height, scheme) in new[] { ("wide-light", 1440, 900, ColorScheme.Light), ("wide-dark", 1440, 900, ColorScheme.Dark), ("phone-light", 390, 844, ColorScheme.Light), ("phone-dark", 390, 844, ColorScheme.Dark) })
        {
            await using var context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
            var live = await context.NewPageAsync();
            var errors = new List<string>();
            live.Console += (_, message) => { if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) { errors.Add(message.Text); } };
            await live.GotoAsync(new Uri(demo.Dashboard.Url, path).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
            string folder = Path.Combine(Repository.Root, "artifacts", "screens");
            await live.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{page}-{name}.png") });
            Assert.Empty(errors);
            Assert.True(await live.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{page} is wider than the screen at {width}");
            var axe = await live.RunAxe();
            Assert.Empty(axe.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
            if (name == "wide-light")
            {
                Assert.Equal(plain, TextOf(await live.ContentAsync()));
            }
        }
    }

    [Fact]
    public async Task With_the_circuit_blocked_links_sorting_tabs_and_the_filter_still_work()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.Browser.NewPageAsync();
        await page.RouteAsync("**/_blazor**", request => request.AbortAsync());

        await page.GotoAsync(new Uri(demo.Dashboard.Url, "vms").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Host", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Host");
        await page.GetByLabel("Filter this list").FillAsync("dc-0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("dc-0");
        await page.Locator("tbody tr a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Hardware" }).ClickAsync();
        await Assertions.Expect(page.Locator(".slots").First).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("vms/00000000-0000-0000-0000-000000000001")]
    [InlineData("hosts/nobody")]
    [InlineData("findings/nothing")]
    [InlineData("rules/HVD999")]
    [InlineData("clusters/none")]
    public async Task An_unknown_id_is_a_404_with_a_sentence_and_the_nearest_names(string path)
    {
        using var answer = await demo.Dashboard.Http.GetAsync(new Uri(demo.Dashboard.Url, path), Stop);
        string html = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("not found", html, StringComparison.Ordinal);
        Assert.Contains("Nearest:", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_of_the_demo_says_that_it_is_one()
    {
        foreach (string page in Names)
        {
            var answer = await demo.Dashboard.Http.GetAsync(new Uri(demo.Dashboard.Url, await PathOfAsync(page)), Stop);
            Assert.Contains("Demo lab", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Css_and_scripts_arrive_with_their_bytes_and_no_other_host_may_be_named()
    {
        foreach (string path in new[] { "hive.css", "app.js", "_content/MudBlazor/MudBlazor.min.css", "_framework/blazor.web.js" })
        {
            Assert.NotEmpty(await demo.Dashboard.Http.GetByteArrayAsync(new Uri(demo.Dashboard.Url, path), Stop));
        }

        using var foreign = new HttpRequestMessage(HttpMethod.Get, demo.Dashboard.Url) { Headers = { Host = "evil.example" } };
        using var refused = await demo.Dashboard.Http.SendAsync(foreign, Stop);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private async Task<string> PathOfAsync(string page)
    {
        var hosts = (await demo.Dashboard.GetAsync("api/hosts", Stop)).EnumerateArray().ToList();
        var host = hosts.First(h => h.GetProperty("name").GetString() == "HV04");
        string vm = host.GetProperty("virtualMachines").GetProperty("content").GetProperty("items")[0].GetProperty("id").GetString()!;
        var findings = (await demo.Dashboard.GetAsync("api/findings", Stop)).EnumerateArray().ToList();
        return page switch
        {
            "now" => "",
            "finding" => $"findings/{findings.First(f => f.GetProperty("ruleId").GetString() == "HVD201").GetProperty("id").GetString()}",
            "vm" => $"vms/{vm}",
            "host" => $"hosts/{host.GetProperty("id").GetString()}",
            "cluster" => $"clusters/{host.GetProperty("cluster").GetProperty("content").GetProperty("id").GetString()}",
            "rule" => "rules/HVD201",
            "missing" => "vms/00000000-0000-0000-0000-000000000001",
            _ when page.StartsWith("vm-", StringComparison.Ordinal) => $"vms/{vm}?tab={page[3..]}",
            _ => page,
        };
    }

    /// <summary>What a page says, without times, which tick.</summary>
    private static string TextOf(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.QuerySelectorAll("time, script, style, pre.raw, td.num").ToList())
        {
            element.Remove();
        }

        return Blanks().Replace(document.QuerySelector("main")?.TextContent ?? "", " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
