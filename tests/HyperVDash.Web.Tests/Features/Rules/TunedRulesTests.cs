using Bunit;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Features.Findings;
using HyperVDash.Web.Features.Now;
using HyperVDash.Web.Features.Rules;
using HyperVDash.Web.Fleet;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Web.Tests.Features.Rules;

/// <summary>What is set of a rule, on the pages: a VM's adapter without a switch (HVD205, a warning) on a host that is well otherwise.</summary>
public sealed class TunedRulesTests : BunitContext
{
    private const string Rule = "HVD205";

    private static readonly HostReading Host = Sample.Host with
    {
        Devices = Sample.Read(Sample.Host.Devices.Content! with { NetworkAdapters = [Sample.Nic with { Connection = ConnectionState.Disconnected, SwitchId = null, SwitchName = null }] }),
    };

    private readonly FleetFeed _feed;
    private readonly RuleBook _book = new();

    public TunedRulesTests()
    {
        _feed = new(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Sample.Now), _book);
        Services.AddSingleton<IFleetFeed>(_feed);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_book);
        Services.AddScoped<AntiforgeryStateProvider, NoToken>();
    }

    [Fact]
    public void A_rule_that_is_off_says_so_in_the_list_on_its_page_and_on_the_first_page()
    {
        Put(new() { Tuning = [new() { Rule = Rule, Off = true, Reason = "a lab has loose ends" }] });

        var row = Render<RulesPage>().FindAll("tr[data-row]").Single(r => r.TextContent.Contains(Rule, StringComparison.Ordinal));
        Assert.Equal(["off"], row.QuerySelectorAll(".tag").Select(t => t.TextContent));
        Assert.Contains("#s-off", row.InnerHtml, StringComparison.Ordinal);

        var page = Render<RulePage>(p => p.Add(c => c.Id, Rule));
        Assert.Contains("This rule is off", page.Find(".note").TextContent, StringComparison.Ordinal);
        Assert.Contains("Off everywhere", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Switched off in the settings everywhere: a lab has loose ends.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1 rule is off.", Words(Render<NowPage>().Find(".verdict").TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_is_off_only_where_it_has_something_to_look_at_is_off_in_part_wherever_it_is_counted()
    {
        Put(new() { Tuning = [new() { Rule = Rule, Off = true, Host = "HV01" }] });

        Assert.Equal(0, _feed.Current.RulesOff);
        Assert.DoesNotContain("is off", Render<NowPage>().Find(".verdict").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_is_off_counts_as_off_also_where_it_has_nothing_to_look_at()
    {
        Put(new() { Tuning = [new() { Rule = "hvd201", Off = true }, new() { Rule = Rule, Off = true }, new() { Rule = Rule, Off = false }] });

        Assert.Equal(["HVD201"], _feed.Current.Off);
        Assert.Equal(_feed.Current.Rules.Count(r => r.RuleId != "HVD201"), _feed.Current.RulesOn);
    }

    [Fact]
    public void The_list_can_be_narrowed_to_what_is_set_otherwise()
    {
        Put(new() { Tuning = [new() { Rule = Rule, Off = true }, new() { Rule = "HVD204", Severity = Severity.Info, Host = "HV01" }], CheckpointWarnDays = 3 });

        Assert.Equal(["HVD204", Rule, "HVD601"], Listed("rules?set=yes"));
        Assert.Equal([Rule], Listed("rules?set=off"));
        Assert.True(Listed("rules").Length > 100);

        string[] Listed(string url)
        {
            Services.GetRequiredService<NavigationManager>().NavigateTo(url);
            return [.. Render<RulesPage>().FindAll("tr[data-row] a.mono").Select(a => a.TextContent)];
        }
    }

    [Fact]
    public void A_rules_page_shows_each_threshold_with_value_and_default()
    {
        Put(new() { CheckpointWarnDays = 3 });

        var rows = Render<RulePage>(p => p.Add(c => c.Id, "HVD601")).FindAll("table.facts-t tbody tr").Select(r => Words(string.Join(' ', r.Children.Select(c => c.TextContent)))).ToList();

        Assert.Contains("CheckpointWarnDays 3 7", rows);
        Assert.Contains("CheckpointErrorDays 30 30", rows);
    }

    [Fact]
    public void A_finding_shows_the_severity_that_is_set_and_the_rules_own()
    {
        Put(new() { Tuning = [new() { Rule = Rule, Severity = Severity.Critical }] });

        string facts = Words(Render<FindingPage>(p => p.Add(c => c.Id, _feed.Current.Findings.Single().Id)).Find(".facts").TextContent);

        Assert.Contains("Critical set by the settings; the rule says Warning", facts.Replace("Criticalset", "Critical set", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void An_accepted_finding_is_neither_counted_nor_green_and_can_be_found()
    {
        Put(new() { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2026, 3, 31), Reason = "waits for a cable" }] });
        var fleet = _feed.Current;
        var accepted = Assert.Single(fleet.Accepted);

        Assert.Empty(fleet.Findings);
        Assert.Equal("warning-accepted", fleet.VirtualMachines.Single().Standing);
        Assert.Equal("warning-accepted", fleet.StandingOf(fleet.Hosts.Single()));
        Assert.Same(accepted, fleet.FindFinding(accepted.Id));

        var now = Render<NowPage>();
        Assert.DoesNotContain("No findings", now.Markup, StringComparison.Ordinal);
        Assert.Contains("1 finding is accepted.", Words(now.Find(".verdict").TextContent), StringComparison.Ordinal);

        string note = Words(Render<FindingPage>(p => p.Add(c => c.Id, accepted.Id)).Find(".note").TextContent);
        Assert.StartsWith("Accepted by Ann until 2026-03-31", note, StringComparison.Ordinal);
        Assert.Contains("waits for a cable", note, StringComparison.Ordinal);

        var row = Render<RulesPage>().FindAll("tr[data-row]").Single(r => r.TextContent.Contains(Rule, StringComparison.Ordinal));
        Assert.Equal(["1 accepted"], row.QuerySelectorAll(".tag").Select(t => t.TextContent));
        Assert.Contains("#s-warn-o", row.InnerHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("#s-ok", row.InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public void The_findings_page_lists_open_or_accepted_ones()
    {
        Put(new() { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2026, 3, 31) }] });

        var open = Render<FindingsPage>();
        Assert.Empty(open.FindAll("a.fr"));
        Assert.Equal(["Open 0", "Accepted 1"], open.FindAll("[aria-label='Open or accepted'] a").Select(a => Words(a.TextContent)));

        Services.GetRequiredService<NavigationManager>().NavigateTo("findings?accepted=yes");
        Assert.Contains("accepted by Ann until 2026-03-31", Words(Assert.Single(Render<FindingsPage>().FindAll("a.fr")).TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public void An_acceptance_that_is_over_is_shown_as_over()
    {
        Put(new() { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2026, 3, 1) }] });

        Assert.Single(_feed.Current.Findings);
        Assert.Contains("Over since 2026-03-01: open again", Words(Render<RulePage>(p => p.Add(c => c.Id, Rule)).Markup), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lab_in_which_all_that_is_wrong_is_accepted_is_not_called_well()
    {
        var finding = HyperVDash.Web.Tests.Fleet.Fleets.Finding(Severity.Error, HyperVDash.Web.Tests.Fleet.Fleets.Ref(Sample.Host)) with { Accepted = new("Ann", new(2026, 3, 31)) };
        var agent = HyperVDash.Web.Tests.Fleet.Fleets.Agent(true, Sample.Host);

        Assert.Equal(
            new VerdictSentence("Nothing is open. One finding is accepted. One rule is off.", "error-accepted"),
            VerdictSentence.Of(new FleetView(Sample.Now, [agent], [Sample.Host], [finding], [new("HVD401", 4, 3, 1, 0, 0), new("HVD402", 4, 0, 0, 0, 4) { SwitchedOff = 4 }], 1) { Off = System.Collections.Frozen.FrozenSet.Create("HVD402") }));
    }

    [Theory]
    [InlineData("do=off", "1 finding would close")]
    [InlineData("do=off&Name=sql*", "1 finding would close")]
    [InlineData("do=off&Name=web*", "No finding would change.")]
    [InlineData("do=error", "1 finding would change severity")]
    [InlineData("do=accept&Owner=Ann&ReviewBy=2026-03-02", "1 finding would be accepted")]
    [InlineData("do=accept&Owner=Ann&ReviewBy=2026-03-01", "No finding would change.")]
    [InlineData("do=accept&Owner=Ann", "Rules:AcceptedRisks:0:ReviewBy is missing")]
    [InlineData("", "Say what to change")]
    public void A_change_is_tried_on_the_readings_of_now_before_anybody_writes_it(string asked, string said)
    {
        Put(new());
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rules/{Rule}/try?{asked}");

        var page = Render<TryPage>(p => p.Add(c => c.Id, Rule));

        Assert.Contains(said, Words(page.Find("[aria-live]").TextContent), StringComparison.Ordinal);
        Assert.Equal(said.Contains("finding", StringComparison.OrdinalIgnoreCase), page.FindAll("#settings").Count == 1);
        Assert.Single(_feed.Current.Findings);
        Assert.Empty(_book.Settings.Tuning);
    }

    [Fact]
    public void Switching_on_what_is_off_says_what_would_open_and_what_cannot_be_judged()
    {
        Put(new() { Tuning = [new() { Rule = Rule, Off = true }] });
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rules/{Rule}/try?do=on");
        Assert.Contains("1 finding would open", Words(Render<TryPage>(p => p.Add(c => c.Id, Rule)).Find("[aria-live]").TextContent), StringComparison.Ordinal);

        _feed.PutHost(Host with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "no right") }, new FindingBook());
        Assert.Contains("1 object cannot be judged now", Words(Render<TryPage>(p => p.Add(c => c.Id, Rule)).Find("[aria-live]").TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_be_done_is_saved_by_a_form_that_asks_for_just_that()
    {
        Put(new() { CheckpointWarnDays = 9 });
        Services.GetRequiredService<NavigationManager>().NavigateTo("rules/HVD601/try?do=off&Tag=lab&Host=&t.CheckpointWarnDays=9&t.CheckpointErrorDays=40&SetBy=Ann");

        var form = Render<TryPage>(p => p.Add(c => c.Id, "HVD601")).Find("form[method=post]");

        Assert.Equal("rules/HVD601/tuning", form.GetAttribute("action"));
        Assert.Equal(
            [("Revision", _book.Saved.RevisionOf("HVD601")), ("do", "off"), ("Tag", "lab"), ("t.CheckpointErrorDays", "40"), ("SetBy", "Ann")],
            form.QuerySelectorAll("input").Select(i => (i.GetAttribute("name")!, i.GetAttribute("value")!)));
    }

    [Fact]
    public void A_page_that_was_open_while_somebody_else_saved_says_so_and_offers_no_form()
    {
        Put(new());
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rules/{Rule}/try?do=off");
        var page = Render<TryPage>(p => p.Add(c => c.Id, Rule));
        Assert.Single(page.FindAll("form[method=post]"));

        _book.Saved = HyperVDash.Web.Tuning.SavedTuningText.Read($$"""{ "Rules": { "Tuning": [ { "Rule": "{{Rule}}", "Severity": "Info", "SetBy": "Bob", "SetOn": "2026-03-01" } ] } }""", _book.FromFile);
        page.Render();

        Assert.Empty(page.FindAll("form[method=post]"));
        Assert.Contains("somebody changed this rule", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Saved by Bob on 2026-03-01", Words(page.Find("#setup").TextContent), StringComparison.Ordinal);
        Services.GetRequiredService<NavigationManager>().NavigateTo(page.Find("[role=status] a").GetAttribute("href")!);
        var again = Render<TryPage>(p => p.Add(c => c.Id, Rule));
        Assert.Single(again.FindAll("form[method=post]"));
        Assert.Contains("Not saved yet", again.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_saved_can_be_changed_and_taken_back_and_what_the_settings_file_says_cannot()
    {
        Put(new() { Tuning = [new() { Rule = Rule, Severity = Severity.Error }] }, $$"""
            { "Rules": { "Tuning": [ { "Rule": "{{Rule}}", "Off": true, "Name": "web*", "SetBy": "Ann", "SetOn": "2026-03-01" }, { "Rule": "{{Rule}}", "Off": "perhaps" } ] } }
            """);

        var rows = Render<RulePage>(p => p.Add(c => c.Id, Rule)).FindAll("#setup li").Select(r => (Words: Words(r.TextContent), Links: r.QuerySelectorAll("a").Select(a => a.GetAttribute("href")!.Split('?')[1]).ToList())).ToList();

        string[] ids = [.. _book.Saved.Entries.Select(e => e.Id)];
        Assert.Equal(3, rows.Count);
        Assert.Contains("Set in the settings file", rows[0].Words, StringComparison.Ordinal);
        Assert.Empty(rows[0].Links);
        Assert.Contains("Saved by Ann on 2026-03-01", rows[1].Words, StringComparison.Ordinal);
        Assert.Equal([$"Entry={ids[0]}&do=off&Name=web*", $"Entry={ids[0]}&do=remove"], rows[1].Links);
        Assert.Contains("not applied", rows[2].Words, StringComparison.Ordinal);
        Assert.Contains("Rules:Tuning:1:Off is 'perhaps'", rows[2].Words, StringComparison.Ordinal);
        Assert.Equal([$"Entry={ids[1]}&do=remove"], rows[2].Links);
    }

    [Fact]
    public void Taking_back_is_tried_before_it_is_saved()
    {
        Put(new(), $$"""{ "Rules": { "Tuning": [ { "Rule": "{{Rule}}", "Off": true } ] } }""");
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rules/{Rule}/try?Entry={_book.Saved.Entries[0].Id}&do=remove");

        var page = Render<TryPage>(p => p.Add(c => c.Id, Rule));

        Assert.Contains("1 finding would open", Words(page.Find("[aria-live]").TextContent), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form[method=get]"));
        Assert.Single(page.FindAll("form[method=post]"));
    }

    [Fact]
    public void The_page_of_an_accepted_finding_leads_to_the_entry_that_accepts_it()
    {
        Put(new(), $$"""{ "Rules": { "AcceptedRisks": [ { "Rule": "{{Rule}}", "Owner": "Ann", "ReviewBy": "2026-03-31" } ] } }""");
        string id = Assert.Single(_feed.Current.Accepted).Id;

        Assert.Equal(
            [$"rules/{Rule}/try?Entry={_book.Saved.Entries[0].Id}&do=accept&Owner=Ann&ReviewBy=2026-03-31", $"rules/{Rule}/try?Entry={_book.Saved.Entries[0].Id}&do=remove"],
            Render<FindingPage>(p => p.Add(c => c.Id, id)).FindAll(".note a").Select(a => a.GetAttribute("href")!));

        Put(new() { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2026, 3, 31) }] });
        var note = Render<FindingPage>(p => p.Add(c => c.Id, id)).Find(".note");
        Assert.Empty(note.QuerySelectorAll("a"));
        Assert.Contains("Set in the settings file", note.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_thousands_of_entries_the_page_shows_the_fifty_that_hold_last_and_how_many_there_are_more()
    {
        string entries = string.Join(',', Enumerable.Range(0, 60).Select(i => $$"""{ "Rule": "{{Rule}}", "Off": true, "Name": "web{{i}}", "SetBy": "Ann" }"""));
        Put(new(), $$"""{ "Rules": { "Tuning": [ {{entries}} ] } }""");

        var rows = Render<RulePage>(p => p.Add(c => c.Id, Rule)).FindAll("#setup li").Select(r => Words(r.TextContent)).ToList();

        Assert.Equal(51, rows.Count);
        Assert.Contains("web59", rows[49], StringComparison.Ordinal);
        Assert.Contains("Saved by Ann", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("… 10 more settings", rows[50], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_too_long_was_refused_for_a_reason_that_stands_below()
    {
        Put(new());
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rules/{Rule}/try?do=off&SetBy={new string('n', 501)}&refused=refused");

        Assert.Contains("SetBy has more than 500 characters; it may have 500.", Render<TryPage>(p => p.Add(c => c.Id, Rule)).Find("[aria-live]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_list_that_somebody_wrote_by_hand_can_be_taken_back()
    {
        Put(new(), """{ "Rules": { "LinkedCloneRoots": [ "D:\\clones" ] } }""");
        Services.GetRequiredService<NavigationManager>().NavigateTo(Render<RulePage>(p => p.Add(c => c.Id, "HVD410")).Find("#setup td a").GetAttribute("href")!);

        var page = Render<TryPage>(p => p.Add(c => c.Id, "HVD410"));

        Assert.Contains("LinkedCloneRoots is taken back", page.Markup, StringComparison.Ordinal);
        Assert.Equal("", page.Find("form[method=post] input[name='t.LinkedCloneRoots']").GetAttribute("value") ?? "");
    }

    [Fact]
    public void A_damaged_file_is_told_on_the_pages_of_rules_and_nothing_can_be_saved()
    {
        Put(new());
        _book.Damage = "What was saved about rules is not applied, because it is torn.";
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rules/{Rule}/try?do=off");

        var tried = Render<TryPage>(p => p.Add(c => c.Id, Rule));

        Assert.All([tried.Find(".note"), Render<RulePage>(p => p.Add(c => c.Id, Rule)).Find(".note"), Render<RulesPage>().Find(".note")], n => Assert.Contains("it is torn", n.TextContent, StringComparison.Ordinal));
        Assert.Empty(tried.FindAll("form[method=post]"));
    }

    private void Put(RuleSettings settings, string? saved = null)
    {
        _book.Saved = saved is null ? HyperVDash.Web.Tuning.SavedTuning.None : HyperVDash.Web.Tuning.SavedTuningText.Read(saved, settings);
        _book.FromFile = settings;
        _feed.PutHost(Host, new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineHost(new HostSubject(Host), _book.Settings, Sample.Now)));
    }

    private static string Words(string text) => System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(text, "<[^>]*>", ""), @"\s+", " ").Trim();

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
