using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

public sealed class PagesTests(FrozenDemo demo, Chromium chromium)
{
    private static readonly string[] Names = ["now", "findings", "finding", "vms", "vm", "vm-hardware", "vm-disks", "vm-network", "vm-checkpoints", "vm-raw", "hosts", "host", "clusters", "cluster", "switches", "disks", "print", "rules", "rule", "rule-try", "missing", "nowhere", "no-match", "go"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. Names];

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_is_whole_without_script_the_same_with_it_and_accessible(string page)
    {
        string path = await PathOfAsync(page);
        var url = new Uri(demo.Dashboard.Url, path);
        var live = await chromium.NewPageAsync();
        var errors = new List<string>();
        live.Console += (_, message) => { if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) { errors.Add(message.Text); } };
        await live.GotoAsync(url.ToString());
        if (page != "nowhere")   // that one never has a circuit
        {
            await live.UntilLiveAsync();
        }


        // Findings may still open between the two answers; what differs stays different.
        List<string> plain = [], shown = [];
        for (int i = 0; i < 20 && (i == 0 || !plain.SequenceEqual(shown)); i++)
        {
            using var answer = await demo.Dashboard.Http.GetAsync(url, Stop);
            plain = PageText.Of(await answer.Content.ReadAsStringAsync(Stop));
            shown = PageText.Of(await live.ContentAsync());
            await live.WaitForTimeoutAsync(plain.SequenceEqual(shown) ? 0 : 1000);
        }

        Assert.Equal(plain, shown);
        Assert.True(plain.Count > 10, $"{page} says next to nothing without script");

        foreach (var (name, width, height, scheme) in new[] { ("wide-light", 1440, 900, ColorScheme.Light), ("wide-dark", 1440, 900, ColorScheme.Dark), ("phone-dark", 390, 844, ColorScheme.Dark), ("phone-light", 390, 844, ColorScheme.Light) })
        {
            await live.EmulateMediaAsync(new() { ColorScheme = scheme });
            await live.SetViewportSizeAsync(width, height);
            await live.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screens", $"{page}-{name}.png"), Animations = ScreenshotAnimations.Disabled });
            Assert.True(await live.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{page} is wider than the screen at {width}");
            Assert.Equal(width < 600, await live.Locator("nav.phone").IsVisibleAsync());
            if (name == "phone-dark")
            {
                continue;   // the colours of the dark page and the shape of the light one, both checked
            }

            var axe = await live.RunAxe();
            Assert.Empty(axe.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
        }

        Assert.Empty(errors);
        await live.Context.CloseAsync();
    }

    [Fact]
    public async Task With_the_circuit_blocked_links_sorting_tabs_and_the_filter_still_work()
    {
        var page = await chromium.NewPageAsync();
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

        await page.GotoAsync(new Uri(demo.Dashboard.Url, "vms?size=25").ToString());
        await page.Locator("a[rel=next]").ClickAsync();
        await Assertions.Expect(page.Locator(".pager")).ToContainTextAsync("Page 2 of 3");
        await page.GetByRole(AriaRole.Link, new() { Name = "Saved" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("Saved");
        await page.GotoAsync(new Uri(demo.Dashboard.Url, "findings").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Object", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".seg .on")).ToHaveTextAsync("Object");
        await page.Locator("a.fr").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Expected and found")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch between light" }).ClickAsync();
        await Assertions.Expect(page.Locator("html[data-theme=light]")).ToBeAttachedAsync();
        await page.Context.CloseAsync();
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
    public async Task A_list_of_scopes_that_was_opened_before_the_page_is_live_stays_open()
    {
        var page = await chromium.NewPageAsync();
        var isOpen = new TaskCompletionSource();
        await page.RouteAsync("**/_blazor/negotiate**", async request =>
        {
            await isOpen.Task;
            await request.ContinueAsync();
        });
        await page.GotoAsync(demo.Dashboard.Url.ToString());
        await page.Locator("summary.scope").ClickAsync();
        await page.EvaluateAsync("() => { document.querySelector('.scope-menu').isFirst = true; }");

        isOpen.SetResult();
        await page.WaitForFunctionAsync("() => document.querySelector('.scope-menu')?.isFirst !== true");

        await Assertions.Expect(page.Locator(".scope-menu")).ToHaveAttributeAsync("open", "");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_scope_stays_in_the_address_of_every_link_and_its_lists_hold_nothing_else()
    {
        var hosts = (await demo.Dashboard.GetAsync("api/hosts", Stop)).EnumerateArray().ToList();
        string cluster = hosts.First(h => h.GetProperty("name").GetString() == "HV04").GetProperty("cluster").GetProperty("content").GetProperty("id").GetString()!;
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(demo.Dashboard.Url.ToString());
        await page.Locator("summary.scope").ClickAsync();
        await page.Locator(".scope-menu nav a", new() { HasText = "LAB-PROD" }).ClickAsync();
        await page.WaitForURLAsync($"**/in/{cluster}/");
        await page.Locator(".rail a[href=vms]").ClickAsync();
        await page.WaitForURLAsync($"**/in/{cluster}/vms");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("VMs");
        await Assertions.Expect(page.Locator("tbody tr").First).ToBeVisibleAsync();

        var on = await page.Locator("tbody td:nth-child(4)").AllTextContentsAsync();
        Assert.Equal(["HV03", "HV04", "HV05"], on.Select(h => h.Trim()).Distinct().Order());
        Assert.Equal(PageText.Of(await demo.Dashboard.HtmlAsync($"in/{cluster}/vms", Stop)).Count, PageText.Of(await page.ContentAsync()).Count);
        await page.Locator("tbody tr a").First.ClickAsync();
        await page.WaitForURLAsync($"**/in/{cluster}/vms/*");

        using var unknown = await demo.Dashboard.Http.GetAsync(new Uri(demo.Dashboard.Url, "in/nobody/vms"), Stop);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
        await page.Context.CloseAsync();
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
            "rule-try" => "rules/HVD601/try?do=info&Tag=lab&t.CheckpointWarnDays=1",
            "nowhere" => "no/such/page",
            "no-match" => "vms?q=nothing-is-called-so&state=off",
            "go" => "go?q=hv0",
            "missing" => "vms/00000000-0000-0000-0000-000000000001",
            _ when page.StartsWith("vm-", StringComparison.Ordinal) => $"vms/{vm}?tab={page[3..]}",
            _ => page,
        };
    }
}
