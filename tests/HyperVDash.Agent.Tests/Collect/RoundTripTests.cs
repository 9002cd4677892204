using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>What a host is asked does not grow with its VMs.</summary>
public sealed class RoundTripTests
{
    private const string Summaries = "GetSummaryInformation";

    /// <summary>For one VM at a time, a bounded number in one read.</summary>
    private const string Statistics = "GetReplicationStatistics";

    [Theory]
    [InlineData("2022")]
    [InlineData("2012R2")]
    [InlineData("2008R2")]
    public async Task Ten_and_a_thousand_virtual_machines_take_the_same_questions(string release)
    {
        var few = await AskedAsync(release, 10);
        var many = await AskedAsync(release, 1000);

        Assert.Equal(Questions(few), Questions(many));
        Assert.InRange(many.Count(IsDiskCall), 1, new CollectorOptions().DiskCallsPerRead);
        Assert.Equal(1, many.Count(IsListOfImages));
        Assert.InRange(many.Count(r => r.Operation == Statistics), 0, new CollectorOptions().ReplicationCallsPerRead);
        Assert.True(many.Count(r => r.Operation == "Pull") > few.Count(r => r.Operation == "Pull"));
        int calls = many.Count(r => r.Operation == Summaries);
        if (release == "2022")
        {
            Assert.Equal(0, calls);
        }
        else
        {
            // All first; then halves, quarters … until an answer fits, so a tree with no more leaves than batches.
            Assert.Equal(1, few.Count(r => r.Operation == Summaries));
            Assert.InRange(calls, 1, 63);
            Assert.Equal(1, calls % 2);
        }
    }

    private static bool IsDiskCall(LabRequest request) => request.Class == "Msvm_ImageManagementService" && request.Operation.Contains("VirtualHardDisk", StringComparison.Ordinal);

    // Names the files whose turn it is; a few dozen in one question.
    private static bool IsListOfImages(LabRequest request) => request.Wql?.Contains("Writeable", StringComparison.Ordinal) == true;

    private static List<string> Questions(IReadOnlyCollection<LabRequest> requests) =>
        [.. requests.Where(r => r.Operation is not ("Pull" or Summaries or Statistics) && !IsDiskCall(r) && !IsListOfImages(r)).Select(r => $"{r.Operation} {r.Namespace} {r.Class} {r.Wql}").Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyCollection<LabRequest>> AskedAsync(string release, int vms)
    {
        var stop = TestContext.Current.CancellationToken;
        var scenario = LabScenarios.Generate(new GeneratorOptions(1, vms, 7) { Release = release }, TimeProvider.System, isFrozen: true);
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab" };
        await using var collector = new HostCollector("h", "wsman", Origin.Lab, "h", () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
        var reading = await collector.ReadAsync([.. collector.Current.Sections().Select(s => s.Name)], stop);
        Assert.Equal(vms, reading.VirtualMachines.Content!.Items.Length);
        return lab.Log.All;
    }
}
