using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>A dashboard whose settings switch a rule off, grade one anew and accept a risk.</summary>
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
}
