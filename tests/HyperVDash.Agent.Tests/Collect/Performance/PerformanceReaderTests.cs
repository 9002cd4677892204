using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Tests.Collect.Disks;
using HyperVDash.Cim;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect.Performance;

public sealed class PerformanceReaderTests : IDisposable
{
    private const string Performance = "performance";
    private static readonly Guid Web = new("11111111-1111-1111-1111-111111111111");

    private readonly string _folder = Directory.CreateTempSubdirectory("hvd-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (HandMadeHost Host, LabInstance Summary) Host(int? buffer, int? available, HostMemory? memory = null)
    {
        var host = new HandMadeHost("2022", "20348") { Memory = memory ?? HostMemory.Volatile() };
        host.Add(HandMadeHost.V2, new("Msvm_ComputerSystem") { ["Name"] = Web.ToString(), ["ElementName"] = "web", ["EnabledState"] = 2 });
        return (host, host.Add(HandMadeHost.V2, new("Msvm_SummaryInformation")
        {
            ["InstanceID"] = $"Microsoft:{Web}", ["Name"] = Web.ToString(), ["AvailableMemoryBuffer"] = buffer, ["MemoryAvailable"] = available,
        }));
    }

    private static DateTimeOffset? Since(HostReading reading) => Assert.Single(reading.Performance.Content!.VirtualMachines).MemoryShortSince;

    [Fact]
    public async Task A_2012_R2_host_that_lists_summaries_is_asked_for_the_list_alone()
    {
        await using var host = new HandMadeHost("2012R2-listed", "9600");
        host.Add(HandMadeHost.V2, new("Msvm_ComputerSystem") { ["Name"] = Web.ToString(), ["ElementName"] = "web", ["EnabledState"] = 2 });
        host.Add(HandMadeHost.V2, new("Msvm_SummaryInformation") { ["Name"] = Web.ToString(), ["ProcessorLoad"] = 7 });

        var reading = await host.ReadAsync(Performance);

        Assert.Equal(7, Assert.Single(reading.Performance.Content!.VirtualMachines).ProcessorPercent);
        Assert.Empty(Asked(host, "GetSummaryInformation"));
    }

    [Fact]
    public async Task One_that_lists_none_for_its_VMs_answers_by_the_method_and_is_not_asked_for_the_list_again_for_an_hour()
    {
        await using var host = new HandMadeHost("2012R2-listed", "9600");
        host.Add(HandMadeHost.V2, new("Msvm_ComputerSystem") { ["Name"] = Web.ToString(), ["ElementName"] = "web", ["EnabledState"] = 2 });
        host.Host.Answer("Msvm_VirtualSystemManagementService", "GetSummaryInformation",
            _ => new LabAnswer(0, ("SummaryInformation", new[] { new LabInstance("Msvm_SummaryInformation") { ["Name"] = Web.ToString(), ["ProcessorLoad"] = 7 } })));

        var first = await host.ReadAsync(Performance);
        var second = await host.ReadAsync(Performance);

        Assert.All([first, second], r => Assert.Equal(7, Assert.Single(r.Performance.Content!.VirtualMachines).ProcessorPercent));
        Assert.Equal(2, Asked(host, "GetSummaryInformation").Count());
        Assert.Single(Asked(host, "Enumerate"));

        host.Time.Advance(TimeSpan.FromHours(1));
        await host.ReadAsync(Performance);
        Assert.Equal(2, Asked(host, "Enumerate").Count());
    }

    [Fact]
    public async Task One_whose_list_tells_nothing_of_its_VMs_answers_by_the_method()
    {
        await using var host = new HandMadeHost("2012R2-listed", "9600");
        host.Add(HandMadeHost.V2, new("Msvm_ComputerSystem") { ["Name"] = Web.ToString(), ["ElementName"] = "web", ["EnabledState"] = 2 });
        host.Add(HandMadeHost.V2, new("Msvm_SummaryInformation") { ["Name"] = Web.ToString() });
        host.Host.Answer("Msvm_VirtualSystemManagementService", "GetSummaryInformation",
            _ => new LabAnswer(0, ("SummaryInformation", new[] { new LabInstance("Msvm_SummaryInformation") { ["Name"] = Web.ToString(), ["ProcessorLoad"] = 7 } })));

        var reading = await host.ReadAsync(Performance);

        Assert.Equal(7, Assert.Single(reading.Performance.Content!.VirtualMachines).ProcessorPercent);
    }

    [Fact]
    public async Task One_that_thinks_the_list_over_until_the_time_is_up_answers_by_the_method_and_is_not_asked_for_the_list_again_for_an_hour()
    {
        var web = ("Name", (object?)Web.ToString());
        var host = new PaperHost { Build = 9600, Slow = { "Msvm_SummaryInformation" } };
        host.Add(PaperHost.V2, "Msvm_ComputerSystem", web, ("ElementName", "web"), ("EnabledState", 2L));
        host.Add(PaperHost.V2, "Msvm_VirtualSystemManagementService", ("Name", "vmms"), ("CreationClassName", "Msvm_VirtualSystemManagementService"), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", "PAPER"));
        host.Answer = _ => PaperHost.Reply(0, ("SummaryInformation", new List<object?> { CimRow.Of("Msvm_SummaryInformation", web, ("ProcessorLoad", 7L)) }));
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions(), "t", TimeProvider.System);

        var first = await collector.ReadAsync([Performance], Stop);
        var second = await collector.ReadAsync([Performance], Stop);

        Assert.All([first, second], r => Assert.Equal(7, Assert.Single(r.Performance.Content!.VirtualMachines).ProcessorPercent));
        Assert.Single(host.Queries, q => q.Class == "Msvm_SummaryInformation");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IEnumerable<LabRequest> Asked(HandMadeHost host, string operation) =>
        host.Log.All.Where(r => r.Operation == operation && (r.Class == "Msvm_SummaryInformation" || operation != "Enumerate"));

    [Fact]
    public async Task Memory_is_short_since_the_first_look_at_a_deficit_and_anew_after_it_was_well()
    {
        var (host, summary) = Host(buffer: -12, available: -8);
        await using var _ = host;
        var first = host.Time.GetUtcNow();

        Assert.Equal(first, Since(await host.ReadAsync(Performance)));
        host.Time.Advance(TimeSpan.FromMinutes(29));
        host.Host.Change(_ => summary["AvailableMemoryBuffer"] = -3);
        Assert.Equal(first, Since(await host.ReadAsync(Performance)));

        host.Host.Change(_ => summary["AvailableMemoryBuffer"] = 0);
        Assert.Null(Since(await host.ReadAsync(Performance)));
        host.Time.Advance(TimeSpan.FromMinutes(1));
        host.Host.Change(_ => summary["AvailableMemoryBuffer"] = -1);
        Assert.Equal(first.AddMinutes(30), Since(await host.ReadAsync(Performance)));
    }

    [Theory]
    [InlineData(null, -1, true)]
    [InlineData(null, 0, false)]
    [InlineData(5, -1, false)]
    [InlineData(null, null, false)]
    [InlineData(int.MaxValue, int.MaxValue, false)]
    public async Task The_buffer_decides_and_without_one_what_is_available(int? buffer, int? available, bool isShort)
    {
        var (host, _) = Host(buffer, available);
        await using var disposed = host;

        Assert.Equal(isShort ? host.Time.GetUtcNow() : null, Since(await host.ReadAsync(Performance)));
    }

    [Fact]
    public async Task An_agent_that_starts_anew_knows_since_when()
    {
        string file = Path.Combine(_folder, "hand.json");
        var memory = HostMemory.Open(file);
        var (host, _) = Host(-12, -8, memory);
        await using (host)
        {
            Assert.NotNull(Since(await host.ReadAsync(Performance)));
            memory.Save();
        }

        var (again, _) = Host(-12, -8, HostMemory.Open(file));
        await using var disposed = again;
        var first = again.Time.GetUtcNow();
        again.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(first, Since(await again.ReadAsync(Performance)));
    }
}
