using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Tests.Tuning;

/// <summary>What the settings may say of a rule, on adapters without a switch (HVD205, a warning).</summary>
public sealed class RuleTuningTests
{
    private const string Rule = "HVD205";

    private static readonly HostReading Host = TwoVms();

    [Fact]
    public void A_rule_that_is_off_is_not_applicable_to_anything_and_says_so()
    {
        var verdicts = Verdicts(new() { Tuning = [new() { Rule = Rule, Off = true, Reason = "A lab has loose ends." }] });

        Assert.Equal(2, verdicts.Count);
        Assert.All(verdicts, v => Assert.Equal("Switched off in the settings everywhere: A lab has loose ends.", Assert.IsType<Verdict.NotApplicable>(v.Verdict).Reason));
    }

    [Fact]
    public void A_rule_that_is_off_is_off_where_nobody_knows_the_objects_too()
    {
        var blind = Host with { Devices = Sample.Failed<DeviceList>(SectionState.Denied, "no right") };

        Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts(new(), blind)).Verdict);
        Assert.IsType<Verdict.NotApplicable>(Assert.Single(Verdicts(new() { Tuning = [new() { Rule = Rule, Off = true }] }, blind)).Verdict);
        Assert.IsType<Verdict.NotApplicable>(Assert.Single(Verdicts(new() { Tuning = [new() { Rule = Rule, Off = true, Host = "hv01" }] }, blind)).Verdict);
        // Which VMs there are is not known, so nobody can say that all of them are meant.
        Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts(new() { Tuning = [new() { Rule = Rule, Off = true, Name = "WEB*" }] }, blind)).Verdict);
        // Nor does the name of the host mean its VMs.
        Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts(new() { Tuning = [new() { Rule = Rule, Off = true, Name = "HV*" }] }, blind)).Verdict);
    }

    [Fact]
    public void A_finding_closes_when_its_rule_is_switched_off_and_opens_when_it_is_on_again()
    {
        var examiner = new HostExaminer();
        var book = new FindingBook().Apply(examiner.Examine(Host, new(), Sample.Now));
        Assert.Equal(2, book.Findings.Count(f => f.RuleId == Rule));

        book = book.Apply(examiner.Examine(Host, new() { Tuning = [new() { Rule = Rule, Off = true, Name = "web*" }] }, Sample.Now));
        Assert.Equal("SQL01", Assert.Single(book.Findings, f => f.RuleId == Rule).Subject.Name.Split(' ')[0]);
        Assert.Single(book.Closed);

        book = book.Apply(examiner.Examine(Host, new(), Sample.Now));
        Assert.Equal(2, book.Findings.Count(f => f.RuleId == Rule));
    }

    [Theory]
    [InlineData("""{"Rule":"HVD205"}""", 2)]
    [InlineData("""{"Rule":"hvd205","Name":"WEB01"}""", 1)]
    [InlineData("""{"Rule":"HVD205","Name":"web0?"}""", 1)]
    [InlineData("""{"Rule":"HVD205","Name":"web"}""", 0)]
    [InlineData("""{"Rule":"HVD205","Host":"hv01"}""", 2)]
    [InlineData("""{"Rule":"HVD205","Host":"HV02"}""", 0)]
    [InlineData("""{"Rule":"HVD205","Cluster":"lab"}""", 2)]
    [InlineData("""{"Rule":"HVD205","Cluster":"c"}""", 2)]
    [InlineData("""{"Rule":"HVD205","Cluster":"other"}""", 0)]
    [InlineData("""{"Rule":"HVD205","VirtualMachine":"11111111-1111-1111-1111-111111111111"}""", 1)]
    [InlineData("""{"Rule":"HVD205","Tag":"LAB"}""", 1)]
    [InlineData("""{"Rule":"HVD205","Tag":"lab","Name":"sql*"}""", 0)]
    [InlineData("""{"Rule":"HVD206","Host":"HV01"}""", 0)]
    public void What_is_set_holds_for_what_all_its_limits_fit(string entry, int covered)
    {
        var tuning = System.Text.Json.JsonSerializer.Deserialize<RuleTuning>(entry)! with { Off = true };
        var settings = Given.Tagged("lab", Web.ToString()) with { Tuning = [tuning] };

        Assert.Equal(covered, Verdicts(settings).Count(v => v.Verdict is Verdict.NotApplicable));
    }

    [Fact]
    public void Of_several_entries_that_fit_the_last_one_holds()
    {
        var settings = new RuleSettings
        {
            Tuning = [new() { Rule = Rule, Off = true }, new() { Rule = Rule, Off = false, Severity = Severity.Error, Name = "web*" }, new() { Rule = Rule, Severity = Severity.Info, Name = "sql*" }],
        };

        var verdicts = Verdicts(settings).ToDictionary(v => v.Subject.Name.Split(' ')[0], v => v.Verdict);

        Assert.IsType<Verdict.NotApplicable>(verdicts["SQL01"]);
        Assert.Equal(Severity.Error, Assert.IsType<Verdict.Fire>(verdicts["WEB01"]).Severity);
    }

    [Fact]
    public void A_finding_says_the_severity_that_is_set_and_the_rules_own()
    {
        var findings = Found(new() { Tuning = [new() { Rule = Rule, Severity = Severity.Critical, Name = "WEB01" }] }).ToDictionary(f => f.Subject.Name.Split(' ')[0]);

        Assert.Equal((Severity.Critical, Severity.Warning), (findings["WEB01"].Severity, findings["WEB01"].OriginalSeverity));
        Assert.Equal((Severity.Warning, null), (findings["SQL01"].Severity, findings["SQL01"].OriginalSeverity));
        Assert.Equal(Found(new()).Select(f => f.Id).Order(), findings.Values.Select(f => f.Id).Order());
    }

    [Fact]
    public void An_accepted_finding_stays_and_is_open_again_the_day_after_by_the_clock_alone()
    {
        var settings = new RuleSettings { AcceptedRisks = [new() { Rule = Rule, Name = "WEB01", Owner = "Ann", ReviewBy = new(2026, 3, 4), Reason = "waits for a cable" }] };
        var reviewed = new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero);
        var asked = new HostExaminer([RuleCatalogue.Find(Rule)!]);
        // A captured clock would do as well; a host that is read again and again keeps its sections young.
        var examination = asked.Examine(Host, settings, Sample.Now);
        var book = new FindingBook().Apply(examination);

        var accepted = book.Findings.Single(f => f.Subject.Name.StartsWith("WEB01", StringComparison.Ordinal));
        Assert.Equal(new Acceptance("Ann", new(2026, 3, 4)) { Reason = "waits for a cable" }, accepted.Accepted);
        Assert.All(book.Findings.Where(f => f != accepted), f => Assert.Null(f.Accepted));

        book = book.Apply(asked.Examine(At(reviewed.AddSeconds(-10)), settings, reviewed.AddSeconds(-10)));
        Assert.Equal(reviewed, book.NextInstant);
        Assert.NotNull(book.Findings.Single(f => f.Id == accepted.Id).Accepted);
        book = book.Apply(asked.Examine(At(reviewed.AddSeconds(-10)), settings, reviewed));

        Assert.Null(book.Findings.Single(f => f.Id == accepted.Id).Accepted);
        Assert.Equal(accepted.FirstSeen, book.Findings.Single(f => f.Id == accepted.Id).FirstSeen);
    }

    [Fact]
    public void An_acceptance_ends_on_its_day_also_while_nobody_can_tell_whether_the_finding_is_still_there()
    {
        var settings = new RuleSettings { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2026, 3, 4) }] };
        var reviewed = new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero);
        var asked = new HostExaminer([RuleCatalogue.Find(Rule)!]);
        var book = new FindingBook().Apply(asked.Examine(Host, settings, Sample.Now));
        var silent = Host with { Devices = Host.Devices with { Attempt = new(SectionState.Failed, Sample.Now, Reason: "no answer") } };

        book = book.Apply(asked.Examine(silent, settings, reviewed.AddSeconds(-1)));
        Assert.All(book.Findings, f => Assert.True(f is { IsStale: true, Accepted: not null }));
        Assert.Equal(reviewed, book.NextInstant);
        book = book.Apply(asked.Examine(silent, settings, reviewed));

        Assert.NotEmpty(book.Findings);
        Assert.All(book.Findings, f => Assert.True(f is { IsStale: true, Accepted: null }));
    }

    [Fact]
    public void One_finding_is_accepted_by_its_id()
    {
        string id = Found(new())[0].Id;

        var findings = Found(new() { AcceptedRisks = [new() { Rule = Rule, Finding = id.ToUpperInvariant(), Owner = "Ann", ReviewBy = new(2026, 3, 4) }] });

        Assert.Equal([id], findings.Where(f => f.Accepted is not null).Select(f => f.Id));
    }

    [Fact]
    public void Of_two_acceptances_the_longer_one_holds_and_one_that_is_over_counts_no_more()
    {
        var settings = new RuleSettings
        {
            AcceptedRisks =
            [
                new() { Rule = Rule, Owner = "Over", ReviewBy = new(2026, 3, 1) }, new() { Rule = Rule, Owner = "Long", ReviewBy = new(2026, 5, 1), Name = "web*" },
                new() { Rule = Rule, Owner = "Short", ReviewBy = new(2026, 4, 1), Name = "web*" },
            ],
        };

        Assert.Equal([null, "Long"], Found(settings).OrderBy(f => f.Subject.Name).Select(f => f.Accepted?.Owner));
    }

    [Fact]
    public void A_clusters_finding_about_a_node_is_in_the_scope_of_that_host()
    {
        // No agent reads N1, so it is known by the node's name alone.
        var cluster = Given.Cluster(Given.Host(), null);
        List<Verdict> Of(params RuleTuning[] tuning) =>
            [.. RuleEngine.ExamineCluster(cluster, new() { Tuning = [.. tuning] }, Sample.Now, [RuleCatalogue.Find("HVD302")!]).Verdicts.Where(v => v.Subject.Name == "N1").Select(v => v.Verdict)];

        Assert.Contains(Of(), v => v is not Verdict.NotApplicable);
        Assert.All(Of(new RuleTuning { Rule = "HVD302", Off = true, Host = "n1" }), v => Assert.IsType<Verdict.NotApplicable>(v));
        Assert.Equal(Of().Select(v => v.Word), Of(new RuleTuning { Rule = "HVD302", Off = true, Host = "n0" }).Select(v => v.Word));
        Assert.All(Of(new RuleTuning { Rule = "HVD302", Off = true, Cluster = "lab" }), v => Assert.IsType<Verdict.NotApplicable>(v));
    }

    [Fact]
    public void A_stopped_service_explains_as_much_when_it_is_called_a_warning()
    {
        var host = new ObjectRef(ObjectKind.Host, "h", "HV01", "h");
        var stopped = new Finding("a", "HVD103", "stopped", Severity.Warning, host) { OriginalSeverity = Severity.Critical };
        var effect = new Finding("b", "HVD204", "x", Severity.Warning, new ObjectRef(ObjectKind.Switch, "h/s", "Prod", "h"));

        Assert.Equal(["a"], Inhibition.Mark([stopped, effect]).Single(f => f.Id == "b").InhibitedBy);
    }

    private static Guid Web => new("22222222-2222-2222-2222-222222222222");

    [Theory]
    [InlineData(SectionState.Failed, "Unknown")]
    [InlineData(SectionState.Pending, "Unknown")]
    [InlineData(SectionState.Absent, "Fire")]
    public void What_is_set_for_a_cluster_is_neither_kept_nor_dropped_while_nobody_knows_the_cluster_of_the_host(SectionState state, string word)
    {
        var alone = Host with { Cluster = Sample.Failed<ClusterView>(state, "no answer") };
        RuleSettings off = new() { Tuning = [new() { Rule = Rule, Off = true, Cluster = "LAB" }] };
        RuleSettings on = new() { Tuning = [new() { Rule = Rule, Off = true }, new() { Rule = Rule, Off = false, Cluster = "LAB" }] };
        RuleSettings accepted = new() { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2099, 1, 1), Cluster = "LAB" }] };

        Assert.All(Verdicts(off, alone), v => Assert.Equal(word, v.Verdict.GetType().Name));
        Assert.All(Verdicts(accepted, alone), v => Assert.Equal(word, v.Verdict.GetType().Name));
        Assert.All(Verdicts(on, alone), v => Assert.Equal(state == SectionState.Absent ? "NotApplicable" : "Unknown", v.Verdict.GetType().Name));
        // What else is set leaves no doubt.
        Assert.All(Verdicts(off with { Tuning = off.Tuning.Add(new() { Rule = Rule, Off = false }) }, alone), v => Assert.IsType<Verdict.Fire>(v.Verdict));
        Assert.All(Verdicts(new() { Tuning = [new() { Rule = Rule, Off = true, Cluster = "LAB", Host = "HV02" }] }, alone), v => Assert.IsType<Verdict.Fire>(v.Verdict));
    }

    [Fact]
    public void An_entry_for_a_cluster_that_says_what_holds_anyway_leaves_no_doubt_while_nobody_knows_the_cluster()
    {
        RuleTuning on = new() { Rule = Rule, Off = false, Cluster = "LAB" }, off = new() { Rule = Rule, Off = true, Cluster = "LAB" }, everywhere = new() { Rule = Rule, Off = true, Name = "*" };

        Assert.All(Verdicts(new() { Tuning = [on] }, Unread), v => Assert.IsType<Verdict.Fire>(v.Verdict));
        Assert.All(Verdicts(new() { Tuning = [everywhere, off] }, Unread), v => Assert.IsType<Verdict.NotApplicable>(v.Verdict));
        Assert.All(Verdicts(new() { Tuning = [everywhere, on] }, Unread), v => Assert.IsType<Verdict.Unknown>(v.Verdict));
        Assert.All(Verdicts(new() { Tuning = [off, on] }, Unread), v => Assert.IsType<Verdict.Unknown>(v.Verdict));
        Assert.All(Verdicts(new() { Tuning = [off, everywhere] }, Unread), v => Assert.IsType<Verdict.NotApplicable>(v.Verdict));
    }

    [Theory]
    [InlineData(Severity.Critical, Severity.Critical)]
    [InlineData(Severity.Info, null)]
    public void A_severity_that_is_set_for_a_cluster_makes_a_finding_more_severe_and_never_less_while_nobody_knows_the_cluster(Severity set, Severity? expected)
    {
        var own = Fires(new(), Unread)[0].Severity;

        Assert.NotEqual(own, set);
        Assert.All(Fires(new() { Tuning = [new() { Rule = Rule, Severity = set, Cluster = "LAB" }] }, Unread), f => Assert.Equal((expected ?? own, expected is null ? null : (Severity?)own), (f.Severity, f.OriginalSeverity)));
    }

    [Fact]
    public void A_severity_that_is_set_after_one_for_a_cluster_that_nobody_knows_holds()
    {
        RuleTuning critical = new() { Rule = Rule, Severity = Severity.Critical, Cluster = "LAB" }, info = new() { Rule = Rule, Severity = Severity.Info };

        Assert.All(Fires(new() { Tuning = [critical, info] }, Unread), f => Assert.Equal(Severity.Info, f.Severity));
        Assert.All(Fires(new() { Tuning = [info, critical] }, Unread), f => Assert.Equal(Severity.Critical, f.Severity));
    }

    private static HostReading Unread => Host with { Cluster = Sample.Failed<ClusterView>(SectionState.Pending, "no answer") };

    private static List<Verdict.Fire> Fires(RuleSettings settings, HostReading host)
    {
        var fires = Verdicts(settings, host).Select(v => v.Verdict).OfType<Verdict.Fire>().ToList();
        Assert.NotEmpty(fires);
        return fires;
    }

    [Fact]
    public void A_drive_of_a_VM_that_two_hosts_list_has_the_name_that_its_own_host_gives_the_VM()
    {
        var first = new HostSubject(Host);
        var second = new HostSubject(Host.With(Sample.Vm with { Name = "RENAMED" }) with { Key = "second", Id = "second" });
        var cluster = new ClusterSubject(new ClusterView { Id = "c", Name = "LAB" }, [new(new("HV01", ClusterNodeState.Up), first), new(new("HV02", ClusterNodeState.Up), second)]);
        var drive = new ObjectRef(ObjectKind.Drive, Sample.Disk.Id, "IDE 0:0", second.Id);
        var renamed = new RuleTuning { Rule = Rule, Name = "RENAMED" };

        Assert.True(renamed.Covers(cluster, drive, new()));
        Assert.False(renamed.Covers(cluster, drive with { HostId = first.Id }, new()));
        Assert.False(renamed.Covers(cluster, drive with { HostId = null }, new()));
    }

    [Fact]
    public void A_drive_that_a_rule_about_the_cluster_names_has_the_name_of_its_VM_too()
    {
        var host = new HostSubject(Host);
        var cluster = new ClusterSubject(new ClusterView { Id = "c", Name = "LAB" }, [new(new("HV01", ClusterNodeState.Up), host)]);
        var drive = new ObjectRef(ObjectKind.Drive, Sample.Disk.Id, "IDE 0:0", host.Id);

        Assert.True(new RuleTuning { Rule = Rule, Name = Sample.Vm.Name }.Covers(cluster, drive, new()));
        Assert.False(new RuleTuning { Rule = Rule, Name = "WEB*" }.Covers(cluster, drive, new()));
    }

    [Fact]
    public void What_was_found_stays_open_and_unsure_when_nobody_can_look_and_its_acceptance_ends_on_its_day()
    {
        var host = RuleEngine.ExamineHost(new HostSubject(Host), new() { AcceptedRisks = [new() { Rule = Rule, Owner = "Ann", ReviewBy = new(2099, 1, 1), Name = "WEB*" }] }, Sample.Now, [RuleCatalogue.Find(Rule)!]);
        var book = new FindingBook().Apply(host);

        var blind = book.Unseen("Nobody can look.", Sample.Now.AddMinutes(1));

        Assert.Equal(2, blind.Findings.Length);
        Assert.All(blind.Findings, f => Assert.Equal((true, "Nobody can look."), (f.IsStale, f.StaleReason)));
        Assert.Single(blind.Findings, f => f.Accepted is not null);
        Assert.Equal(new DateTimeOffset(2099, 1, 2, 0, 0, 0, TimeSpan.Zero), blind.NextInstant);
        Assert.DoesNotContain(blind.Unseen("Nobody can look.", blind.NextInstant!.Value).Findings, f => f.Accepted is not null);
        var tally = Assert.Single(blind.Tallies);
        Assert.Equal((2, 0, 0, 2, 0), (tally.Checked, tally.Passed, tally.Fired, tally.Unknown, tally.NotApplicable));
    }

    private static HostReading TwoVms()
    {
        var web = Sample.Vm with { Id = Web, Name = "WEB01" };
        var nic = Sample.Nic with { Connection = ConnectionState.Disconnected };
        return Given.Host().With(Sample.Vm, web)
            .With(nic, nic with { Id = nic.Id.Replace(Sample.VmId.ToString(), Web.ToString(), StringComparison.OrdinalIgnoreCase), VirtualMachineId = Web })
            .With(new ClusterView { Id = "c", Name = "LAB" });
    }

    private static HostReading At(DateTimeOffset at) =>
        SectionLens.All.Aggregate(Host, (h, l) => l.Set(h, l.Get(h) with { ReadAt = at, Attempt = l.Get(h).Attempt with { At = at } }));

    private static List<Examined> Verdicts(RuleSettings settings, HostReading? host = null) =>
        [.. RuleEngine.ExamineHost(new HostSubject(host ?? Host), settings, Sample.Now, [RuleCatalogue.Find(Rule)!]).Verdicts];

    private static List<Finding> Found(RuleSettings settings) =>
        [.. new FindingBook().Apply(RuleEngine.ExamineHost(new HostSubject(Host), settings, Sample.Now, [RuleCatalogue.Find(Rule)!])).Findings];
}
