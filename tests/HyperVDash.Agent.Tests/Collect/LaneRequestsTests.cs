using System.Globalization;
using System.Text;
using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>What each lane asks in one cycle of a host that is known already, as the host itself wrote it down.</summary>
public sealed class LaneRequestsTests
{
    private static readonly int[] Sizes = [1, 100, 1000];

    [Theory]
    [InlineData("2022")]
    [InlineData("2012R2")]
    [InlineData("2008R2")]
    public async Task A_cycle_of_a_lane_is_as_many_requests_for_one_VM_as_for_a_thousand(string release)
    {
        var bySize = new List<Dictionary<Lane, IReadOnlyCollection<LabRequest>>>();
        foreach (int vms in Sizes)
        {
            bySize.Add(await CyclesAsync(release, vms));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(TableOf(release, bySize));
        foreach (var lane in bySize[0].Keys)
        {
            var one = Fixed(bySize[0][lane]);
            Assert.NotEmpty(one);
            Assert.Equal(one, Fixed(bySize[1][lane]));
            Assert.Equal(one, Fixed(bySize[2][lane]));
        }

        // What may differ: parts of one answer, and headers of disk files up to the limit of a read.
        Assert.All(bySize.SelectMany(l => l), l => Assert.InRange(l.Value.Count(IsOfDisks), 0, l.Key == Lane.Disks ? new CollectorOptions().DiskCallsPerRead + 1 : 0));
        // And statistics of replication, which a host tells for one VM at a time.
        Assert.All(bySize.SelectMany(l => l), l => Assert.InRange(l.Value.Count(IsOfReplication), 0, l.Key == Lane.Host ? new CollectorOptions().ReplicationCallsPerRead : 0));
        Assert.True(bySize[2][Lane.State].Count <= bySize[0][Lane.State].Count + 70, "The lane of every 5 s grew by more than the parts of its answers.");
    }

    private static bool IsPart(LabRequest request) => request.Operation is "Pull" or "GetSummaryInformation";

    private static bool IsOfDisks(LabRequest request) =>
        (request.Class == "Msvm_ImageManagementService" && request.Operation.Contains("VirtualHardDisk", StringComparison.Ordinal)) || request.Wql?.Contains("Writeable", StringComparison.Ordinal) == true;

    private static bool IsOfReplication(LabRequest request) => request.Operation == "GetReplicationStatistics";

    private static List<string> Fixed(IEnumerable<LabRequest> requests) =>
        [.. requests.Where(r => !IsPart(r) && !IsOfDisks(r) && !IsOfReplication(r)).GroupBy(r => $"{r.Namespace} {r.Class} {r.Operation}").Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal)];

    private static string TableOf(string release, List<Dictionary<Lane, IReadOnlyCollection<LabRequest>>> bySize)
    {
        var text = new StringBuilder();
        var invariant = CultureInfo.InvariantCulture;
        text.Append(invariant, $"{release}: requests of one cycle for {string.Join(", ", Sizes)} VMs; + parts of answers and headers of disks, and statistics of replicated VMs\n");
        foreach (var lane in bySize[0].Keys)
        {
            text.Append(invariant, $"\n{lane,-10}{string.Join("  ", bySize.Select(b => $"{Fixed(b[lane]).Sum(f => int.Parse(f.Split(' ')[^1], invariant)),3} +{b[lane].Count(r => IsPart(r) || IsOfDisks(r) || IsOfReplication(r)),-4}"))}\n");
            foreach (string name in bySize.SelectMany(b => b[lane]).Select(Name).Distinct().Order(StringComparer.Ordinal))
            {
                text.Append(invariant, $"  {name,-72}{string.Join("  ", bySize.Select(b => $"{b[lane].Count(r => Name(r) == name),6}"))}\n");
            }
        }

        return text.ToString();
    }

    private static string Name(LabRequest request) => $"{request.Class}{(request.Operation is "Enumerate" ? "" : $" {request.Operation}")}";

    private static async Task<Dictionary<Lane, IReadOnlyCollection<LabRequest>>> CyclesAsync(string release, int vms)
    {
        var stop = TestContext.Current.CancellationToken;
        var scenario = LabScenarios.Generate(new GeneratorOptions(1, vms, 7) { Release = release }, TimeProvider.System, isFrozen: true);
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab" };
        await using var collector = new HostCollector("h", "wsman", Origin.Lab, "h", () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
        // One read, not one after the other until every disk was looked at: what is left over waits for the cycles, as it does on a host.
        var first = await collector.ReadAsync([.. collector.Current.Sections().Select(s => s.Name)], stop);
        Assert.Equal(vms, first.VirtualMachines.Content!.Items.Length);
        var cycles = new Dictionary<Lane, IReadOnlyCollection<LabRequest>>();
        foreach (var lane in SectionLens.All.GroupBy(s => s.Lane).OrderBy(g => g.Key))
        {
            lab.Log.Clear();
            await collector.ReadAsync([.. lane.Select(s => s.Name)], stop);
            cycles[lane.Key] = lab.Log.All;
        }

        return cycles;
    }
}
