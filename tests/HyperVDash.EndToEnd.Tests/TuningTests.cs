using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>Rules that are off, graded anew or accepted: by the settings file, and from the pages.</summary>
public sealed class TuningTests(Chromium chromium)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_settings_say_of_rules_is_seen_on_every_page_that_speaks_of_them()
    {
        await using var dashboard = await Dashboard.StartAsync(
            Stop, ("Web__DemoFrozen", "true"),
            ("Rules__Tuning__0__Rule", "HVD101"), ("Rules__Tuning__0__Off", "true"), ("Rules__Tuning__0__Reason", "the lab speaks many languages"),
            ("Rules__Tuning__1__Rule", "HVD402"), ("Rules__Tuning__1__Severity", "Critical"),
            ("Rules__AcceptedRisks__0__Rule", "HVD201"), ("Rules__AcceptedRisks__0__Owner", "Ann Example"), ("Rules__AcceptedRisks__0__ReviewBy", "2999-12-31"), ("Rules__AcceptedRisks__0__Reason", "renamed with the next maintenance"),
            ("Rules__CheckpointWarnDays", "3"));
        await dashboard.UntilReadAsync(Stop);
        async Task<List<JsonElement>> FindingsAsync() => [.. (await dashboard.GetAsync("api/findings", Stop)).EnumerateArray()];
        await dashboard.UntilAsync(async () => (await FindingsAsync()).Any(f => f.GetProperty("ruleId").GetString() == "HVD201"), Stop);
        var findings = await FindingsAsync();
        JsonElement Of(string rule) => findings.First(f => f.GetProperty("ruleId").GetString() == rule);

        Assert.DoesNotContain(findings, f => f.GetProperty("ruleId").GetString() == "HVD101");
        Assert.Equal("Ann Example", Of("HVD201").GetProperty("accepted").GetProperty("owner").GetString());
        Assert.Equal("critical", Of("HVD402").GetProperty("severity").GetString());

        var page = await chromium.NewPageAsync();
        foreach (var (name, path, said) in new[]
        {
            ("tuned-now", "", " 1 rule is off."),
            ("tuned-rules", "rules?set=yes", "severity set"),
            ("tuned-rule-off", "rules/HVD101", "This rule is off"),
            ("tuned-rule-accepted", "rules/HVD201", "Accepted by Ann Example"),
            ("tuned-rule-threshold", "rules/HVD601", "CheckpointWarnDays"),
            ("tuned-accepted", "findings?accepted=yes", "accepted by Ann Example until 2999-12-31"),
            ("tuned-finding-accepted", $"findings/{Of("HVD201").GetProperty("id").GetString()}", "renamed with the next maintenance"),
            ("tuned-finding-severity", $"findings/{Of("HVD402").GetProperty("id").GetString()}", "the rule says"),
        })
        {
            await page.GotoAsync(new Uri(dashboard.Url, path).ToString());
            await page.UntilLiveAsync();
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync(said);
            foreach (var (size, width, height, scheme) in new[] { ("wide-light", 1440, 900, ColorScheme.Light), ("wide-dark", 1440, 900, ColorScheme.Dark), ("phone-light", 390, 844, ColorScheme.Light) })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.SetViewportSizeAsync(width, height);
                await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screens", $"{name}-{size}.png"), Animations = ScreenshotAnimations.Disabled });
                Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{name} is wider than the screen at {width}");
            }

            var axe = await page.RunAxe();
            Assert.Empty(axe.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
        }

        // From a finding to what accepting it would do, with the keyboard's and the form's own means.
        await page.SetViewportSizeAsync(1440, 900);
        await page.GotoAsync(new Uri(dashboard.Url, $"findings/{Of("HVD402").GetProperty("id").GetString()}").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Accept…" }).ClickAsync();
        await page.GetByLabel("Owner").FillAsync("Bob");
        await page.GetByLabel("Review by").FillAsync("2999-01-31");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what it would do" }).ClickAsync();
        await Assertions.Expect(page.Locator("[aria-live=polite]", new() { HasText = "What it would do now" })).ToContainTextAsync("1 finding would be accepted");
        await Assertions.Expect(page.Locator("#settings")).ToContainTextAsync("\"Owner\": \"Bob\"");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screens", "tuned-try-wide-light.png"), Animations = ScreenshotAnimations.Disabled, FullPage = true });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_change_is_saved_without_a_live_connection_holds_at_once_and_after_a_start_and_is_taken_back()
    {
        await using var dashboard = await Dashboard.StartAsync(Stop, ("Web__DemoFrozen", "true"));
        await dashboard.UntilReadAsync(Stop);
        async Task<List<JsonElement>> OfAsync(string rule) => [.. (await dashboard.GetAsync("api/findings", Stop)).EnumerateArray().Where(f => f.GetProperty("ruleId").GetString() == rule)];
        async Task<bool> IsAcceptedAsync(string rule) => await OfAsync(rule) is { Count: > 0 } found && found.TrueForAll(f => f.GetProperty("accepted").ValueKind == JsonValueKind.Object);
        await dashboard.UntilAsync(async () => (await OfAsync("HVD402")).Count > 0 && (await OfAsync("HVD101")).Count > 0, Stop);
        var watching = await chromium.NewPageAsync();
        await watching.GotoAsync(new Uri(dashboard.Url, "rules/HVD402").ToString());
        await watching.UntilLiveAsync();
        await Assertions.Expect(watching.Locator("main")).Not.ToContainTextAsync("Accepted findings");

        // A form of another site has no token.
        using var forged = await dashboard.Http.PostAsync(new Uri(dashboard.Url, "rules/HVD402/tuning"), new FormUrlEncodedContent([new("do", "off"), new("SetBy", "Eve"), new("Revision", "")]), Stop);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.False(File.Exists(dashboard.TuningFile));

        // From a finding to its acceptance.
        var page = await PlainAsync();
        await page.GotoAsync(new Uri(dashboard.Url, $"findings/{(await OfAsync("HVD402"))[0].GetProperty("id").GetString()}").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Accept…" }).ClickAsync();
        await page.GetByLabel("Finding", new() { Exact = true }).FillAsync("");
        await page.GetByLabel("Owner").FillAsync("Ann Example");
        await page.GetByLabel("Review by").FillAsync("2999-01-31");
        await page.GetByLabel("Reason").FillAsync("is rebuilt in spring");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what it would do" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("would be accepted");
        Assert.False(await IsAcceptedAsync("HVD402"));
        await LookAsync(page, "tuned-save");
        await page.GetByLabel("Your name").FillAsync("Bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Saved: it holds now");
        await Assertions.Expect(page.Locator("#setup")).ToContainTextAsync("Accepted by Ann Example everywhere");
        await Assertions.Expect(page.Locator("#setup")).ToContainTextAsync("Saved by Bob on ");
        await LookAsync(page, "tuned-saved");
        await Assertions.Expect(watching.Locator("main")).ToContainTextAsync("Accepted findings", new() { Timeout = 10_000 });
        await Assertions.Expect(watching.Locator("#setup")).ToContainTextAsync("Saved by Bob on ");
        Assert.True(await IsAcceptedAsync("HVD402"));

        // Two who look at the same: the second is told.
        var first = await PlainAsync();
        await first.GotoAsync(new Uri(dashboard.Url, "rules/HVD101/try?do=off&Reason=many+languages").ToString());
        await page.GotoAsync(new Uri(dashboard.Url, "rules/HVD101/try?do=info").ToString());
        await first.GetByLabel("Your name").FillAsync("Cem");
        await first.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(first.Locator("main")).ToContainTextAsync("This rule is off");
        Assert.Empty(await OfAsync("HVD101"));
        await page.GetByLabel("Your name").FillAsync("Bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("div.note[role=alert]")).ToContainTextAsync("Not saved yet: somebody changed this rule meanwhile");
        await Assertions.Expect(page.Locator("#setup")).ToContainTextAsync("Saved by Cem on ");
        await LookAsync(page, "tuned-refused");
        string saved = await File.ReadAllTextAsync(dashboard.TuningFile, Stop);
        Assert.Contains("many languages", saved, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Severity\"", saved, StringComparison.Ordinal);

        // A start with a torn file is told and harms nothing; mended, it holds.
        dashboard.Kill();
        await File.WriteAllTextAsync(dashboard.TuningFile, saved[..(saved.Length / 2)], Stop);
        await dashboard.RestartAsync(Stop);
        await dashboard.UntilReadAsync(Stop);
        await dashboard.UntilAsync(async () => (await OfAsync("HVD101")).Count > 0, Stop);
        await page.GotoAsync(new Uri(dashboard.Url, "rules").ToString());
        await Assertions.Expect(page.Locator(".note").First).ToContainTextAsync("rules.tuning.json cannot be used");
        Assert.Equal(saved[..(saved.Length / 2)], await File.ReadAllTextAsync(dashboard.TuningFile, Stop));
        dashboard.Kill();
        await File.WriteAllTextAsync(dashboard.TuningFile, saved, Stop);
        await dashboard.RestartAsync(Stop);
        await dashboard.UntilReadAsync(Stop);
        await dashboard.UntilAsync(() => IsAcceptedAsync("HVD402"), Stop);
        Assert.Empty(await OfAsync("HVD101"));

        // And back, from the page of the finding.
        await page.GotoAsync(new Uri(dashboard.Url, $"findings/{(await OfAsync("HVD402"))[0].GetProperty("id").GetString()}").ToString());
        await LookAsync(page, "tuned-finding-saved");
        await page.GetByRole(AriaRole.Link, new() { Name = "Take back" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("would be open and no more accepted");
        await LookAsync(page, "tuned-back");
        await page.GetByLabel("Your name").FillAsync("Bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Taken back");
        Assert.Contains(await OfAsync("HVD402"), f => f.GetProperty("accepted").ValueKind == JsonValueKind.Null);
        await first.Context.CloseAsync();
        await page.Context.CloseAsync();
        await watching.Context.CloseAsync();
    }

    private async Task<IPage> PlainAsync()
    {
        var page = await chromium.NewPageAsync();
        await page.RouteAsync("**/_blazor**", request => request.AbortAsync());
        return page;
    }

    private static async Task LookAsync(IPage page, string name)
    {
        foreach (var (size, width, height, scheme) in new[] { ("phone-light", 390, 844, ColorScheme.Light), ("wide-dark", 1440, 900, ColorScheme.Dark), ("wide-light", 1440, 900, ColorScheme.Light) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, height);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screens", $"{name}-{size}.png"), Animations = ScreenshotAnimations.Disabled, FullPage = true });
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{name} is wider than the screen at {width}");
        }

        var axe = await page.RunAxe();
        Assert.Empty(axe.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
    }
}
