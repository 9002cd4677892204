using System.Text.Json;
using HyperVDash.Agent.Collect;
using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>Every fault on every section: what fails says so and keeps what it knew, and nothing else is touched.</summary>
public sealed class FaultTableTests
{
    private static readonly string[] AllSections = [.. SectionLens.All.Select(l => l.Name)];

    /// <summary>A class, the column that names its rows, whether it has three replies and more, whether none is a contradiction, and every section that reads it.</summary>
    private static readonly (string Class, string Column, bool IsLong, bool IsNeverEmpty, string[] Sections)[] Classes =
    [
        ("Win32_ComputerSystem", "Name", false, true, ["computerSystem"]),
        ("Win32_OperatingSystem", "BuildNumber", false, true, ["operatingSystem", "locale"]),
        ("Win32_ServerFeature", "ID", false, true, ["roles"]),
        ("Win32_Service", "Name", false, true, ["services"]),
        ("MSFT_NetAdapter", "", true, true, ["physicalNetwork"]),
        ("MSCluster_Node", "Name", false, true, ["cluster"]),
        ("Msvm_VirtualEthernetSwitch", "Name", true, true, ["switches", "devices"]),
        ("Msvm_ComputerSystem", "Name", true, true, ["virtualMachines"]),
        ("Msvm_VirtualSystemSettingData", "InstanceID", true, true, ["virtualMachines", "checkpoints"]),
        ("Msvm_ResourceAllocationSettingData", "InstanceID", true, true, ["devices"]),
        ("Msvm_StorageAllocationSettingData", "InstanceID", true, false, ["devices"]),
        ("Msvm_SyntheticEthernetPortSettingData", "InstanceID", true, false, ["devices"]),
        ("Msvm_KvpExchangeComponent", "SystemName", true, false, ["guests"]),
        ("Msvm_SummaryInformation", "Name", true, true, ["performance"]),
    ];

    /// <summary>Rules that look at the section only to word a finding or to soften it, so that a pass does not rest on it.</summary>
    private static readonly HashSet<(string Rule, string Section)> PassesWithout =
    [
        .. new[] { "HVD103", "HVD204", "HVD301", "HVD401", "HVD403", "HVD501", "HVD504" }.Select(r => (r, "operatingSystem")),
        .. new[] { "HVD403", "HVD405", "HVD407" }.Select(r => (r, "guests")),
        ("HVD110", "virtualMachines"), ("HVD110", "checkpoints"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Faults()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, column, isLong, isNeverEmpty, _) in Classes)
        {
            foreach (string fault in (string[])["delay:3", "hang", "refuse", "denied", "cut:1", "non-xml", "charset", "trickle"])
            {
                data.Add(name, fault);
            }

            if (isLong)
            {
                data.Add(name, "cut:3");
            }

            if (isNeverEmpty)
            {
                data.Add(name, "empty");
            }

            if (column.Length > 0)
            {
                data.Add(name, $"missing-property:{column}");
            }

            // Another class, or a method, tells the same then; that is a test of its own.
            if (name is not "Msvm_SummaryInformation")
            {
                data.Add(name, "missing-class");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_of_one_class_costs_its_sections_their_freshness_and_nothing_else(string className, string fault)
    {
        string[] touched = Classes.Single(c => c.Class == className).Sections;
        await using var lab = await StartAsync();
        var patience = new Patience();
        await using var collector = Collector(lab, patience);
        var before = await collector.ReadAsync(AllSections, Stop);
        Assert.All(before.Sections(), s => Assert.True(s.Section.Attempt.State is SectionState.Complete or SectionState.Absent or SectionState.Off, $"{s.Name}: {s.Section.Attempt.Reason}"));

        lab.Faults.Set(LabFault.Parse($"HV03/{className}={fault}"));
        patience.IsShortFor = name => name == className;
        var after = await collector.ReadAsync(AllSections, Stop);

        foreach (var (then, now) in before.Sections().Zip(after.Sections()))
        {
            var attempt = now.Section.Attempt;
            if (!touched.Contains(now.Name))
            {
                Assert.True(attempt.State == then.Section.Attempt.State, $"{now.Name} is {attempt.State}: {attempt.Reason}");
            }
            else if (attempt.State == SectionState.Complete)
            {
                // Only the sections that cannot do without the class have to say so.
                Assert.NotEqual(touched[0], now.Name);
            }
            else
            {
                Assert.True(attempt.State is SectionState.Failed or SectionState.Denied or SectionState.Partial, $"{now.Name} is {attempt.State}");
                Assert.Matches(@"^.{20,}[\.:]", attempt.Reason);
            }

            Assert.Equal(Content(then.Section), Content(now.Section));
        }

        Assert.DoesNotContain(after.VirtualMachines.Content!.Items, v => v.IsGone);
        string[] lost = [.. after.Sections().Where(s => s.Section.Attempt.State is not (SectionState.Complete or SectionState.Absent or SectionState.Off)).Select(s => s.Name)];
        var examination = RuleEngine.ExamineHost(new HostSubject(after), new RuleSettings(), after.VirtualMachines.Attempt.At!.Value);
        Assert.Empty(examination.Faults);
        Assert.Empty(examination.Verdicts
            .Where(e => e.Verdict is Verdict.Pass && e.Rule.Sections.Any(lost.Contains) && !PassesWithout.Contains((e.Rule.Id, touched[0])))
            .Select(e => e.Rule.Id).Distinct());

        lab.Faults.Clear();
        patience.IsShortFor = _ => false;
        var healed = await collector.ReadAsync(AllSections, Stop);
        Assert.All(healed.Sections(), s => Assert.True(s.Section.Attempt.State is SectionState.Complete or SectionState.Absent or SectionState.Off, $"{s.Name}: {s.Section.Attempt.Reason}"));
    }

    [Theory]
    [InlineData("refuse", SectionState.Failed)]
    [InlineData("401", SectionState.Denied)]
    [InlineData("denied", SectionState.Denied)]
    [InlineData("hang", SectionState.Failed)]
    [InlineData("non-xml", SectionState.Failed)]
    public async Task A_fault_of_the_whole_host_keeps_everything_and_says_why_everywhere(string fault, SectionState expected)
    {
        await using var lab = await StartAsync();
        var patience = new Patience();
        await using var collector = Collector(lab, patience);
        var before = await collector.ReadAsync(AllSections, Stop);

        lab.Faults.Set(LabFault.Parse($"HV03={fault}"));
        patience.IsShortFor = _ => true;
        var after = await collector.ReadAsync(AllSections, Stop);

        foreach (var (then, now) in before.Sections().Zip(after.Sections()))
        {
            Assert.Equal((now.Name, expected), (now.Name, now.Section.Attempt.State));
            Assert.Equal(Content(then.Section), Content(now.Section));
            Assert.Equal(then.Section.ReadAt, now.Section.ReadAt);
        }

        var examination = RuleEngine.ExamineHost(new HostSubject(after), new RuleSettings(), after.VirtualMachines.Attempt.At!.Value);
        // Staleness is a matter of time, not of one attempt.
        Assert.DoesNotContain(examination.Verdicts, e => e.Verdict is Verdict.Pass && e.Rule.Id != "HVD110");
    }

    [Fact]
    public async Task Without_the_class_of_summaries_the_method_answers_the_same()
    {
        await using var lab = await StartAsync();
        lab.Faults.Set(LabFault.Parse("HV03/Msvm_SummaryInformation=missing-class"));
        await using var collector = Collector(lab, new Patience());

        var reading = await collector.ReadAsync(AllSections, Stop);

        Assert.Equal(SectionState.Complete, reading.Performance.Attempt.State);
        Assert.Contains(reading.Performance.Content!.VirtualMachines, v => v.ProcessorPercent is not null);
    }

    private static async Task<LabServer> StartAsync() => await LabServer.StartAsync(
        [LabScenarios.Build("demo", TimeProvider.System, isFrozen: true).Hosts.Single(h => h.Name == "HV03")], new LabServerOptions(), TimeProvider.System, Stop);

    private static HostCollector Collector(LabServer lab, Patience patience)
    {
        // Two instances a reply, so that a third reply exists.
        var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab", MaxElements = 2, NetworkDelay = TimeSpan.Zero };
        var options = new CollectorOptions { TableTimeout = TimeSpan.FromMinutes(1), Parallel = 8 };
        return new HostCollector("HV03", "wsman", Origin.Lab, "HV03", () => new HurriedSession(new WsManSession(target, TimeProvider.System), patience), options, "t", TimeProvider.System);
    }

    private static string Content(Section section) =>
        JsonSerializer.SerializeToElement(section, section.GetType(), AgentJson.Options).TryGetProperty("content", out var content) ? content.GetRawText() : "";

    /// <summary>For which classes a second is all there is: a hang must cost little, and a busy machine must not look like one.</summary>
    private sealed class Patience
    {
        public Func<string, bool> IsShortFor { get; set; } = _ => false;
    }

    private sealed class HurriedSession(ICimSession session, Patience patience) : ICimSession
    {
        public string Target => session.Target;

        public IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, CancellationToken cancellationToken) =>
            session.QueryAsync(patience.IsShortFor(query.Class) ? query with { Timeout = TimeSpan.FromSeconds(1) } : query, cancellationToken);

        public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken) =>
            session.InvokeAsync(patience.IsShortFor(call.Class) ? call with { Timeout = TimeSpan.FromSeconds(1) } : call, cancellationToken);

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
