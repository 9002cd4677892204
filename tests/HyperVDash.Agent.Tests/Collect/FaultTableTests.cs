using System.Text.Json;
using HyperVDash.Agent.Collect;
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

    /// <summary>A class, the column that names its rows, whether it has four replies and more, and the sections that cannot do without it.</summary>
    private static readonly (string Class, string Column, bool IsLong, string[] Sections)[] Classes =
    [
        ("Win32_ComputerSystem", "Name", false, ["computerSystem"]),
        ("Win32_OperatingSystem", "BuildNumber", false, ["operatingSystem", "locale", "clock", "processors", "licence", "volumes", "counters"]),
        ("Win32_ServerFeature", "ID", false, ["roles", "printServer"]),
        ("Win32_Service", "Name", true, ["services"]),
        ("MSFT_NetAdapter", "", true, ["physicalNetwork"]),
        ("MSCluster_Node", "Name", false, ["cluster"]),
        ("Msvm_VirtualEthernetSwitch", "Name", true, ["switches", "devices"]),
        ("Msvm_ComputerSystem", "Name", true, ["virtualMachines", "replicaServer"]),
        ("Msvm_VirtualSystemSettingData", "InstanceID", true, ["virtualMachines", "checkpoints"]),
        ("Msvm_ResourceAllocationSettingData", "InstanceID", true, ["devices", "checkpoints", "virtualDisks"]),
        ("Msvm_StorageAllocationSettingData", "InstanceID", true, ["devices", "checkpoints", "virtualDisks"]),
        ("Msvm_SyntheticEthernetPortSettingData", "InstanceID", true, ["devices"]),
        ("Msvm_KvpExchangeComponent", "SystemName", true, ["guests"]),
        ("Msvm_SummaryInformation", "Name", true, ["performance"]),
        ("Msvm_ConcreteJob", "", false, ["jobs"]),
        ("Msvm_VirtualSystemManagementServiceSettingData", "InstanceID", false, ["hyperVSettings"]),
        ("Msvm_NumaNode", "NodeID", false, ["numa"]),
        ("Msvm_VirtualSystemMigrationServiceSettingData", "InstanceID", false, ["liveMigration"]),
        ("Msvm_ReplicationServiceSettingData", "InstanceID", false, ["replicaServer"]),
        ("Msvm_ReplicationService", "Name", false, ["replicaServer"]),
        ("Win32_Processor", "DeviceID", false, ["processors"]),
        ("Win32_Volume", "DeviceID", false, ["volumes"]),
        ("Win32_QuickFixEngineering", "HotFixID", false, ["updates"]),
        ("SoftwareLicensingProduct", "PartialProductKey", false, ["licence"]),
        ("Win32_NTLogEvent", "SourceName", false, ["eventLog"]),
        ("StdRegProv", "", false, ["operatingSystem", "locale", "cluster", "clock", "pendingRestart", "eventLog"]),
    ];

    /// <summary>Rules that look at the section only to word a finding or to soften it, so that a pass does not rest on it.</summary>
    private static readonly HashSet<(string Rule, string Section)> PassesWithout =
    [
        .. new[] { "HVD103", "HVD204", "HVD301", "HVD401", "HVD403", "HVD501", "HVD504" }.Select(r => (r, "operatingSystem")),
        .. new[] { "HVD403", "HVD405", "HVD407" }.Select(r => (r, "guests")),
        ("HVD110", "virtualMachines"), ("HVD110", "checkpoints"),
        // Asks of checkpoints only their kind and saved state, which stand in another class than their disks.
        ("HVD803", "devices"),
        // Networks of the cluster are one half of it; what is under a switch is compared without them.
        ("HVD213", "cluster"),
        // What it says of a VM's own switch rests on no processor; what it says of the cluster is said by its nodes, not here.
        ("HVD308", "processors"),
        // A VM without such a disc may move wherever it likes.
        ("HVD309", "cluster"),
        // Where new VMs go is a setting of the host, and judged without the VMs.
        ("HVD414", "virtualMachines"), ("HVD414", "devices"),
        // From 2016 on Windows Update brings integration services, and the host offers none.
        ("HVD502", "hyperVSettings"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Faults()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, column, isLong, _) in Classes)
        {
            foreach (string fault in (string[])["delay:3", "hang", "refuse", "401", "denied", "cut:1", "non-xml", "charset", "trickle"])
            {
                data.Add(name, fault);
            }

            // A method has no instances; a host without jobs, a day without errors and a Windows without updates are answers.
            if (name is not ("StdRegProv" or "Msvm_ConcreteJob" or "Win32_NTLogEvent" or "Win32_QuickFixEngineering"))
            {
                data.Add(name, "empty");
            }

            if (isLong)
            {
                // The answer to Enumerate is the first reply, so this is the third Pull.
                data.Add(name, "cut:4");
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

    [Fact]
    public async Task Every_section_that_is_read_and_every_fault_is_in_the_table()
    {
        await using var lab = await StartAsync();
        await using var collector = Collector(lab, new Patience());
        var reading = await collector.ReadAsync(AllSections, Stop);

        Assert.Empty(reading.Sections().Where(s => s.Section.Attempt.State == SectionState.Complete).Select(s => s.Name).Except(Classes.SelectMany(c => c.Sections)));
        var faults = Faults().Select(row => row.Data).ToList();
        var kinds = faults.Select(f => LabFault.Parse($"HV03/{f.Item1}={f.Item2}").Kind).Distinct();
        Assert.Equal(Enum.GetValues<LabFaultKind>(), kinds.Order());
    }

    public static TheoryData<string> ClassNames => [.. Classes.Select(c => c.Class)];

    /// <summary>All faults of a class one after the other on one host: it also has to heal from each.</summary>
    [Theory]
    [MemberData(nameof(ClassNames))]
    public async Task A_fault_of_one_class_costs_its_sections_their_freshness_and_nothing_else(string className)
    {
        await using var lab = await StartAsync();
        var faults = Faults().Select(row => row.Data).Where(f => f.Item1 == className).Select(f => f.Item2);
        // A fault in the fourth reply needs replies of one instance.
        foreach (var byBatch in faults.GroupBy(fault => fault == "cut:4" ? 1 : 1000))
        {
            var patience = new Patience();
            await using var collector = Collector(lab, patience, byBatch.Key);
            var before = await collector.ReadAllAsync(Stop);
            Assert.All(before.Sections(), s => Assert.True(IsAnswered(s.Section), $"{s.Name}: {s.Section.Attempt.Reason}"));
            foreach (string fault in byBatch)
            {
                lab.Faults.Set(LabFault.Parse($"HV03/{className}={fault}"));
                patience.EndsFor(className);
                var after = await collector.ReadAsync(AllSections, Stop);
                AssertSuffers(className, fault, before, after);

                lab.Faults.Clear();
                patience.Returns();
                before = await collector.ReadAsync(AllSections, Stop);
                Assert.All(before.Sections(), s => Assert.True(IsAnswered(s.Section), $"after {fault}, {s.Name}: {s.Section.Attempt.Reason}"));
            }
        }
    }

    private static void AssertSuffers(string className, string fault, HostReading before, HostReading after)
    {
        string[] touched = Classes.Single(c => c.Class == className).Sections;
        foreach (var (then, now) in before.Sections().Zip(after.Sections()))
        {
            var attempt = now.Section.Attempt;
            string what = $"{fault}: {now.Name} is {attempt.State}: {attempt.Reason}";
            // Of the class of the system the counters read another column than the one that names the row.
            if (touched.Contains(now.Name) && !(now.Name == "counters" && fault == "missing-property:BuildNumber"))
            {
                Assert.True(attempt.State is SectionState.Failed or SectionState.Denied or SectionState.Partial, what);
                Assert.Matches(@"^.{20,}[\.:]", attempt.Reason);
            }
            else
            {
                // A sign-in that is refused twice ends the whole read, so that no account is locked out; what had not been asked by then is denied with it, or that part of it.
                bool isSpared = fault == "401" && attempt.State is (SectionState.Denied or SectionState.Partial) && attempt.Reason!.Contains("refused the user", StringComparison.Ordinal);
                Assert.True(isSpared || attempt.State == then.Section.Attempt.State, what);
            }

            // Rates of before are no rates of now: what was not read of them is null. Everything else stays.
            bool isPartOfRates = now.Name == "counters" && attempt.State == SectionState.Partial;
            Assert.True(isPartOfRates || Content(then.Section) == Content(now.Section), $"{fault}: the content of {now.Name} changed");
        }

        Assert.DoesNotContain(after.VirtualMachines.Content!.Items, v => v.IsGone);
        string[] lost = [.. after.Sections().Where(s => !IsAnswered(s.Section)).Select(s => s.Name)];
        var examination = RuleEngine.ExamineHost(new HostSubject(after), new RuleSettings(), after.VirtualMachines.Attempt.At!.Value);
        Assert.Empty(examination.Faults);
        Assert.Empty(examination.Verdicts
            .Where(e => e.Verdict is Verdict.Pass && e.Rule.Sections.Any(lost.Contains) && !touched.Any(t => PassesWithout.Contains((e.Rule.Id, t))))
            .Select(e => $"{fault}: {e.Rule.Id}").Distinct());
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
        var before = await collector.ReadAllAsync(Stop);

        lab.Faults.Set(LabFault.Parse($"HV03={fault}"));
        patience.EndsFor(null);
        var after = await collector.ReadAsync(AllSections, Stop);

        foreach (var (then, now) in before.Sections().Zip(after.Sections()))
        {
            Assert.Equal((now.Name, then.Section.Attempt.State == SectionState.Off ? SectionState.Off : expected), (now.Name, now.Section.Attempt.State));
            Assert.Equal(Content(then.Section), Content(now.Section));
            Assert.Equal(then.Section.ReadAt, now.Section.ReadAt);
        }

        var examination = RuleEngine.ExamineHost(new HostSubject(after), new RuleSettings(), after.VirtualMachines.Attempt.At!.Value);
        // Staleness is a matter of time, not of one attempt.
        Assert.DoesNotContain(examination.Verdicts, e => e.Verdict is Verdict.Pass && e.Rule.Id != "HVD110");
    }

    /// <summary>The older namespace: what VMs and ports speak of cannot be missing.</summary>
    [Theory]
    [InlineData("Msvm_ResourceAllocationSettingData", "devices", "virtualDisks")]
    [InlineData("Msvm_VirtualSwitch", "switches")]
    public async Task An_old_host_that_hides_a_class_is_not_believed_to_have_nothing_of_it(string className, params string[] sections)
    {
        await using var lab = await StartAsync("HV02");
        await using var collector = Collector(lab, new Patience());
        var before = await collector.ReadAllAsync(Stop);

        lab.Faults.Set(LabFault.Parse($"HV02/{className}=empty"));
        var after = await collector.ReadAsync(AllSections, Stop);

        Assert.All(sections, s => Assert.Contains(SectionLens.Find(s)!.Get(after).Attempt.State, (SectionState[])[SectionState.Denied, SectionState.Partial]));
        Assert.All(before.Sections().Zip(after.Sections()).Where(p => p.First.Name != "counters"), p => Assert.Equal((p.First.Name, Content(p.First.Section)), (p.First.Name, Content(p.Second.Section))));
    }

    [Fact]
    public async Task A_host_without_Hyper_V_that_falls_silent_is_not_said_to_be_well_and_without_it()
    {
        await using var lab = await LabServer.StartAsync(
            [LabScenarios.Build("print-farm", TimeProvider.System, isFrozen: true).Hosts.First(h => h.Name == "PRT1")], new LabServerOptions(), TimeProvider.System, Stop);
        await using var collector = Collector(lab, new Patience());
        var before = await collector.ReadAsync(AllSections, Stop);
        Assert.Equal(SectionState.Absent, before.VirtualMachines.Attempt.State);

        lab.Faults.Set(LabFault.Parse("PRT1=refuse"));
        var after = await collector.ReadAsync(["virtualMachines", "performance"], Stop);

        Assert.Equal(SectionState.Failed, after.VirtualMachines.Attempt.State);
        Assert.Equal(before.VirtualMachines.ReadAt, after.VirtualMachines.ReadAt);
        Assert.True(collector.IsUnreachable);
        lab.Faults.Clear();
        Assert.Equal(SectionState.Absent, (await collector.ReadAsync(["virtualMachines"], Stop)).VirtualMachines.Attempt.State);
    }

    [Theory]
    [InlineData("HV02")]
    [InlineData("HV03")]
    public async Task No_class_is_lost_without_a_section_that_says_so(string host)
    {
        await using var lab = await StartAsync(host);
        await using var collector = Collector(lab, new Patience());
        await collector.ReadAllAsync(Stop);
        lab.Log.Clear();
        var before = await collector.ReadAsync(AllSections, Stop);
        string[] asked = [.. lab.Log.All.Where(r => r.Status == 200).Select(r => r.Class!).Distinct(StringComparer.OrdinalIgnoreCase)];
        Assert.InRange(asked.Length, 30, 150);
        var wrong = new List<string>();
        foreach (string className in asked)
        {
            lab.Faults.Set(LabFault.Parse($"{host}/{className}=denied"));
            var after = await collector.ReadAsync(AllSections, Stop);
            bool isSaid = after.Sections().Any(s => s.Section.Attempt.Missing.Append(s.Section.Attempt.Reason).Any(why => why?.Contains(className, StringComparison.Ordinal) == true));
            // Rates of before are no rates of now.
            var changed = before.Sections().Zip(after.Sections()).Where(p => Content(p.First.Section) != Content(p.Second.Section)).Select(p => p.First.Name).Where(name => name != "counters");
            if (!isSaid || changed.Any())
            {
                wrong.Add($"{className}: {(isSaid ? "" : "nobody says so; ")}changed: {string.Join(' ', changed)}");
            }

            lab.Faults.Clear();
            await collector.ReadAsync(AllSections, Stop);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
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

    private static async Task<LabServer> StartAsync(string host = "HV03") => await LabServer.StartAsync(
        [LabScenarios.Build("demo", TimeProvider.System, isFrozen: true).Hosts.Single(h => h.Name == host)], new LabServerOptions(), TimeProvider.System, Stop);

    private static HostCollector Collector(LabServer lab, Patience patience, int batch = 1000)
    {
        var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab", MaxElements = batch, NetworkDelay = TimeSpan.Zero };
        return new HostCollector("HV03", "wsman", Origin.Lab, "HV03", () => new PatientSession(new WsManSession(target, TimeProvider.System), patience),
            new CollectorOptions { Parallel = 8 }, "t", TimeProvider.System);
    }

    private static bool IsAnswered(Section section) => section.Attempt.State is SectionState.Complete or SectionState.Absent or SectionState.Off;

    private static string Content(Section section) =>
        JsonSerializer.SerializeToElement(section, section.GetType(), AgentJson.Options).TryGetProperty("content", out var content) ? content.GetRawText() : "";
}
