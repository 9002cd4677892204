using HyperVDash.Rules;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Features.Rules;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tuning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Web.Tests.Tuning;

public sealed class TuningStoreTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly string _folder = Directory.CreateTempSubdirectory("tuning").FullName;
    private readonly LogLines _log = new();
    private readonly RuleBook _book = new();

    private string File => Path.Combine(_folder, "deep", TuningStore.FileName);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_saved_holds_at_once_and_after_a_start()
    {
        using var store = await OpenAsync(_book);

        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "info"), ("Tag", "lab"), ("t.CheckpointWarnDays", "3"), ("Reason", "short-lived")));

        var entry = new RuleTuning { Rule = "HVD601", Severity = Model.Findings.Severity.Info, Tag = "lab", Reason = "short-lived", SetBy = "Ann", SetOn = new(2026, 3, 1) };
        Assert.Equal([entry], _book.Settings.Tuning);
        var next = new RuleBook { FromFile = new() { CheckpointErrorDays = 50 } };
        using var later = await OpenAsync(next);
        Assert.Equal([entry], next.Settings.Tuning);
        Assert.Equal((3, 50), (next.Settings.CheckpointWarnDays, next.Settings.CheckpointErrorDays));
        Assert.Equal(("Ann", new DateOnly(2026, 3, 1), "short-lived"), next.Saved.Threshold("CheckpointWarnDays") is { } warn ? (warn.SetBy, warn.SetOn, warn.Reason) : default);
        Assert.Equal("Rule HVD601 was tuned by Ann: Info tagged lab, CheckpointWarnDays is 3", Assert.Single(_log.Lines).Message);
    }

    [Fact]
    public async Task Of_two_who_looked_at_the_same_the_second_is_told_and_overwrites_nothing()
    {
        using var store = await OpenAsync(_book);
        string seen = _book.Saved.RevisionOf("HVD601");

        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("t.CheckpointWarnDays", "3")));
        string file = await System.IO.File.ReadAllTextAsync(File, Stop);

        Assert.Equal(TuningOutcome.Outdated, await SaveAsync(store, _book, "HVD601", ("Revision", seen), ("t.CheckpointWarnDays", "5")));
        Assert.Equal(3, _book.Settings.CheckpointWarnDays);
        Assert.Equal(file, await System.IO.File.ReadAllTextAsync(File, Stop));

        // Having looked again they may.
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("t.CheckpointWarnDays", "5")));
        Assert.Equal(5, _book.Settings.CheckpointWarnDays);
    }

    [Fact]
    public async Task Who_clicks_twice_has_saved_once()
    {
        using var store = await OpenAsync(_book);
        string seen = _book.Saved.RevisionOf("HVD601");
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "info")));
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "info"), ("Revision", seen)));
        Assert.Single(_book.Settings.Tuning);
        Assert.Equal(TuningOutcome.Outdated, await SaveAsync(store, _book, "HVD601", ("do", "info"), ("Revision", seen), ("SetBy", "Bob")));

        string then = _book.Saved.RevisionOf("HVD601");
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("t.CheckpointWarnDays", "3")));
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("t.CheckpointWarnDays", "3"), ("Revision", then)));
        Assert.Equal(TuningOutcome.Outdated, await SaveAsync(store, _book, "HVD601", ("t.CheckpointWarnDays", "3"), ("Revision", then), ("SetBy", "Bob")));
    }

    [Fact]
    public async Task Who_clicks_twice_to_change_an_entry_or_to_take_something_back_has_saved_once_too()
    {
        using var store = await OpenAsync(_book);
        async Task TwiceAsync(params (string, string)[] asked)
        {
            string seen = _book.Saved.RevisionOf("HVD601");
            Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", [.. asked, ("Revision", seen)]));
            string after = _book.Saved.RevisionOf("HVD601");
            Assert.NotEqual(seen, after);
            Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", [.. asked, ("Revision", seen)]));
            Assert.Equal(after, _book.Saved.RevisionOf("HVD601"));
        }

        await TwiceAsync(("do", "off"), ("t.CheckpointWarnDays", "3"));
        await TwiceAsync(("do", "info"), ("Entry", _book.Saved.Entries[0].Id));
        await TwiceAsync(("do", "remove"), ("Entry", _book.Saved.Entries[0].Id));
        await TwiceAsync(("t.CheckpointWarnDays", ""));
        Assert.Equal((0, 0), (_book.Saved.Entries.Length, _book.Saved.Thresholds.Length));
    }

    [Fact]
    public async Task What_somebody_else_overruled_since_is_not_saved_already()
    {
        using var store = await OpenAsync(_book);
        string seen = _book.Saved.RevisionOf("HVD601");
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "off")));
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "on"), ("SetBy", "Bob")));

        Assert.Equal(TuningOutcome.Outdated, await SaveAsync(store, _book, "HVD601", ("do", "off"), ("Revision", seen)));
    }

    [Fact]
    public async Task Of_two_entries_that_say_the_same_the_later_one_is_changed()
    {
        using var store = await OpenAsync(_book);
        foreach (var asked in new[] { new[] { ("do", "off") }, [("do", "on"), ("Host", "HV1")], [("do", "off")] })
        {
            Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", asked));
        }

        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "info"), ("Entry", _book.Saved.Entries[^1].Id)));

        Assert.Equal([true, false, null], _book.Settings.Tuning.Select(t => t.Off));
    }

    [Fact]
    public async Task Of_two_entries_that_say_the_same_the_later_one_is_taken_back()
    {
        using var store = await OpenAsync(_book);
        foreach (var asked in new[] { new[] { ("do", "off") }, [("do", "on"), ("Host", "HV1")], [("do", "off")] })
        {
            Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", asked));
        }

        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "remove"), ("Entry", _book.Saved.Entries[^1].Id)));

        Assert.Equal([null, "HV1"], _book.Settings.Tuning.Select(t => t.Host));
    }

    [Fact]
    public async Task A_file_that_would_be_too_large_to_be_read_again_is_not_written()
    {
        using var store = await OpenAsync(_book, maxFileBytes: 600);
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "off")));
        byte[] file = await System.IO.File.ReadAllBytesAsync(File, Stop);

        Assert.Equal(TuningOutcome.Failed, await SaveAsync(store, _book, "HVD602", ("do", "off"), ("Reason", new string('長', 300))));

        Assert.Contains("would be larger than", _book.Unsaved, StringComparison.Ordinal);
        Assert.Equal(file, await System.IO.File.ReadAllBytesAsync(File, Stop));
        Assert.Single(_book.Settings.Tuning);
    }

    [Fact]
    public async Task An_entry_that_changes_its_list_counts_in_the_new_one()
    {
        using var store = await OpenAsync(_book);
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "off")));
        var off = _book.Saved.Entries[0];
        _book.Saved = _book.Saved with { Entries = [off, .. Enumerable.Repeat(new SavedEntry("AcceptedRisks", "{}", new AcceptedRisk { Rule = "HVD601" }), SavedTuning.MaxEntries)] };

        var trial = RuleTrial.Of("HVD601", _book, new Dictionary<string, string> { ["do"] = "accept", ["Entry"] = off.Id, ["Owner"] = "Ann", ["ReviewBy"] = "2026-04-01" });

        Assert.Contains("may have no more", Assert.Single(trial!.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_at_once_one_of_each_rule_is_saved_and_none_is_lost()
    {
        using var store = await OpenAsync(_book);
        string[] rules = [.. RuleCatalogue.All.Select(r => r.Card.Id).Where(id => id is not ("HVD110" or "HVD111")).Take(20)];
        var revisions = rules.ToDictionary(r => r, _book.Saved.RevisionOf);

        var outcomes = await Task.WhenAll(rules.SelectMany(r => new[] { "Ann", "Bob", "Cem" }.Select(who => Task.Run(
            async () => (Rule: r, Outcome: await SaveAsync(store, _book, r, ("do", "off"), ("SetBy", who), ("Revision", revisions[r])))))));

        Assert.Equal(rules.Order(), outcomes.Where(o => o.Outcome == TuningOutcome.Saved).Select(o => o.Rule).Order());
        Assert.All(outcomes.Where(o => o.Outcome != TuningOutcome.Saved), o => Assert.Equal(TuningOutcome.Outdated, o.Outcome));
        var next = new RuleBook();
        using var later = await OpenAsync(next);
        Assert.Equal(rules.Order(), next.Settings.Tuning.Select(t => t.Rule).Order());
    }

    [Theory]
    [InlineData(TuningOutcome.Refused, "do=accept")]
    [InlineData(TuningOutcome.Refused, "t.CheckpointWarnDays=0")]
    [InlineData(TuningOutcome.Refused, "t.CheckpointWarnDays=7")]
    [InlineData(TuningOutcome.Refused, "Entry=0123456789abcdef&do=remove")]
    [InlineData(TuningOutcome.Nameless, "do=off&SetBy= ")]
    [InlineData(TuningOutcome.Outdated, "do=off&Revision=")]
    public async Task What_is_refused_leaves_no_trace(TuningOutcome expected, string asked)
    {
        using var store = await OpenAsync(_book);

        Assert.Equal(expected, await SaveAsync(store, _book, "HVD601", [.. asked.Split('&').Select(p => p.Split('=')).Select(p => (p[0], p[1]))]));

        Assert.False(Directory.Exists(Path.GetDirectoryName(File)));
        Assert.Same(SavedTuning.None, _book.Saved);
    }

    [Theory]
    [InlineData("{ \"Rules\": { \"Tuning\": [ { \"Rule\": \"HVD6")]
    [InlineData("")]
    public async Task A_damaged_file_is_named_kept_and_never_written_over(string damaged)
    {
        Write(damaged);
        using var store = await OpenAsync(_book);

        Assert.Contains(File, _book.Damage, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Lines).Level);
        Assert.Equal(TuningOutcome.Damaged, await SaveAsync(store, _book, "HVD601", ("do", "off")));
        Assert.Equal(damaged, await System.IO.File.ReadAllTextAsync(File, Stop));

        Write("""{ "Rules": { "CheckpointWarnDays": 3 } }""");
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD205", ("do", "off")));
        Assert.Null(_book.Damage);
        Assert.Equal((3, 1), (_book.Settings.CheckpointWarnDays, _book.Settings.Tuning.Length));
    }

    [Fact]
    public async Task A_file_that_was_moved_away_is_no_damage_any_more()
    {
        Write("{");
        using var store = await OpenAsync(_book);
        System.IO.File.Move(File, File + ".old");

        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "off")));
        Assert.Null(_book.Damage);
    }

    [Fact]
    public async Task What_somebody_wrote_into_the_file_meanwhile_is_taken_over_and_not_written_over()
    {
        using var store = await OpenAsync(_book);
        await SaveAsync(store, _book, "HVD601", ("do", "off"));
        string seen = _book.Saved.RevisionOf("HVD601");
        Write((await System.IO.File.ReadAllTextAsync(File, Stop)).Replace("\"HVD601\"", "\"HVD601\", \"Tag\": \"lab\"", StringComparison.Ordinal));

        Assert.Equal(TuningOutcome.Outdated, await SaveAsync(store, _book, "HVD601", ("do", "on"), ("Revision", seen)));
        Assert.Equal("lab", Assert.Single(_book.Settings.Tuning).Tag);
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD205", ("do", "off")));
        Assert.Equal([("HVD601", "lab"), ("HVD205", null)], _book.Settings.Tuning.Select(t => (t.Rule, t.Tag)));
    }

    [Fact]
    public async Task Where_nothing_can_be_written_a_sentence_says_so_and_nothing_holds()
    {
        // A folder that is a file refuses every account, also one that may do everything.
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "deep"), "", Stop);
        using var store = await OpenAsync(_book);

        Assert.Equal(TuningOutcome.Failed, await SaveAsync(store, _book, "HVD601", ("do", "off")));

        Assert.Empty(_book.Settings.Tuning);
        Assert.StartsWith($"{File} cannot be written: ", _book.Unsaved, StringComparison.Ordinal);
        Assert.EndsWith("or Web:StateFolder names another folder.", _book.Unsaved, StringComparison.Ordinal);

        System.IO.File.Delete(Path.Combine(_folder, "deep"));
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD601", ("do", "off")));
        Assert.Null(_book.Unsaved);
    }

    [Fact]
    public async Task Half_a_file_of_a_crash_is_in_nobodys_way()
    {
        Write("""{ "Rules": { "CheckpointWarnDays": 3 } }""");
        await System.IO.File.WriteAllTextAsync(File + ".new", "{ \"Rul", Stop);
        using var store = await OpenAsync(_book);

        Assert.Equal(3, _book.Settings.CheckpointWarnDays);
        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD205", ("do", "off")));
        Assert.False(System.IO.File.Exists(File + ".new"));
    }

    [Fact]
    public async Task A_saved_risk_is_taken_back_and_the_file_says_nothing_of_it_any_more()
    {
        using var store = await OpenAsync(_book);
        await SaveAsync(store, _book, "HVD205", ("do", "accept"), ("Owner", "Cem"), ("ReviewBy", "2027-03-31"), ("SetBy", "Ann\nforged line"));
        string entry = Assert.Single(_book.Saved.Entries).Id;

        Assert.Equal(TuningOutcome.Saved, await SaveAsync(store, _book, "HVD205", ("do", "remove"), ("Entry", entry)));

        Assert.Empty(_book.Settings.AcceptedRisks);
        Assert.DoesNotContain("Cem", await System.IO.File.ReadAllTextAsync(File, Stop), StringComparison.Ordinal);
        Assert.All(_log.Lines, l => Assert.DoesNotContain('\n', l.Message));
    }

    [Fact]
    public async Task What_is_saved_while_the_demo_lab_is_shown_does_not_hold_for_real_hosts()
    {
        using (var demo = await OpenAsync(_book, isDemo: true))
        {
            Assert.Equal(TuningOutcome.Saved, await SaveAsync(demo, _book, "HVD205", ("do", "off")));
            Assert.Equal(Path.Combine(_folder, "deep", "demo", "rules.tuning.json"), demo.FilePath);
        }

        var real = new RuleBook();
        using var store = await OpenAsync(real);

        Assert.Empty(real.Settings.Tuning);
        var again = new RuleBook();
        using var next = await OpenAsync(again, isDemo: true);
        Assert.Single(again.Settings.Tuning);
    }

    [Fact]
    public async Task A_change_waits_while_another_process_saves_and_says_so_if_that_never_ends()
    {
        using var store = await OpenAsync(_book);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using (var other = new FileStream(File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var endless = SaveAsync(store, _book, "HVD205", ("do", "off"));
            await AdvanceUntilAsync(endless);
            Assert.Equal(TuningOutcome.Failed, await endless);
            Assert.StartsWith($"{File}.lock stayed locked for 5 seconds, because another dashboard", _book.Unsaved, StringComparison.Ordinal);
            Assert.False(System.IO.File.Exists(File));

            var saving = SaveAsync(store, _book, "HVD205", ("do", "off"));
            Assert.False(saving.IsCompleted);
            other.Dispose();
            await AdvanceUntilAsync(saving);
            Assert.Equal(TuningOutcome.Saved, await saving);
        }

        Assert.Null(_book.Unsaved);
    }

    [Fact]
    public async Task Of_two_dashboards_that_save_at_the_same_time_neither_loses_a_change()
    {
        for (int i = 0; i < 20; i++)
        {
            var (mine, theirs) = (new RuleBook(), new RuleBook());
            using var one = await OpenAsync(mine);
            using var two = await OpenAsync(theirs);
            var both = Task.WhenAll(
                Task.Run(() => SaveAsync(one, mine, "HVD205", ("do", "off"), ("Host", $"a{i}"))),
                Task.Run(() => SaveAsync(two, theirs, "HVD601", ("do", "off"), ("Host", $"b{i}"))));
            await AdvanceUntilAsync(both, stepMs: 1);

            Assert.Equal([TuningOutcome.Saved, TuningOutcome.Saved], await both);
        }

        using var last = await OpenAsync(_book);
        Assert.Equal(40, _book.Saved.Entries.Length);
    }

    private async Task AdvanceUntilAsync(Task done, int stepMs = 100)
    {
        while (!done.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(stepMs));
            await Task.Delay(1, Stop);
        }
    }

    private async Task<TuningStore> OpenAsync(RuleBook book, int maxFileBytes = 32 << 20, bool isDemo = false)
    {
        var store = new TuningStore(book, new WebOptions { StateFolder = Path.Combine(_folder, "deep") }, _time, _log) { MaxFileBytes = maxFileBytes };
        await store.OpenAsync(isDemo, Stop);
        return store;
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);
    }

    private static Task<TuningOutcome> SaveAsync(TuningStore store, RuleBook book, string rule, params (string Name, string Value)[] asked)
    {
        var all = new Dictionary<string, string> { ["SetBy"] = "Ann", ["Revision"] = book.Saved.RevisionOf(rule) };
        foreach (var (name, value) in asked)
        {
            all[name] = value;
        }

        return store.SaveAsync(rule, all, Stop);
    }

    private sealed class LogLines : ILogger<TuningStore>
    {
        public List<(LogLevel Level, string Message)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add((logLevel, formatter(state, exception)));
            }
        }
    }
}
