using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

/// <summary>A host that fell silent, or one that was captured long ago, beside hosts that are read: its time stands still, theirs does not.</summary>
public sealed class SilentNodeTests
{
    private static readonly RuleSettings Settings = new();

    [Fact]
    public void That_a_node_is_down_is_found_though_that_node_is_silent()
    {
        var silent = Node(1, Sample.Now);
        var book = Watch(new FindingBook(), from: 60, to: 120, now => [Node(0, now, ClusterNodeState.Down), silent]);

        Assert.Contains(book.Findings, f => f is { RuleId: "HVD302", Variant: "down" });
    }

    [Fact]
    public void That_a_node_is_up_again_is_found_though_another_is_silent()
    {
        var silent = Node(2, Sample.Now);
        var book = Watch(new FindingBook(), from: 60, to: 120, now => [Node(0, now, ClusterNodeState.Down), Node(1, now, ClusterNodeState.Down), silent]);
        Assert.Contains(book.Findings, f => f is { RuleId: "HVD302", Variant: "down" });

        book = Watch(book, from: 130, to: 190, now => [Node(0, now), Node(1, now), silent]);

        Assert.DoesNotContain(book.Findings, f => f is { RuleId: "HVD302", Variant: "down" });
    }

    [Fact]
    public void A_capture_among_live_hosts_does_not_date_what_is_found_in_them()
    {
        var capture = Node(1, Sample.Now.AddDays(-90)) with { CapturedAt = Sample.Now.AddDays(-90) };
        var book = Watch(new FindingBook(), from: 0, to: 60, now => [Node(0, now, ClusterNodeState.Down), capture]);

        Assert.True(book.Findings.Single(f => f is { RuleId: "HVD302", Variant: "down" }).FirstSeen >= Sample.Now);
    }

    [Fact]
    public void A_host_that_was_opened_from_a_capture_needs_two_looks_when_it_is_read_live()
    {
        var book = new FindingBook().Apply(new HostExaminer().Examine(Node(0, Sample.Now) with { CapturedAt = Sample.Now }, Settings, Sample.Now));
        var live = Node(0, Sample.Now.AddMinutes(1)) with { Services = Sample.Read(new Model.Hosts.ServiceList { Items = [new("vmms", Model.Hosts.ServiceState.Stopped, Model.Hosts.ServiceStartMode.Auto)] }) };

        book = book.Apply(new HostExaminer().Examine(live, Settings, Sample.Now.AddMinutes(1)));

        Assert.DoesNotContain(book.Findings, f => f.RuleId == "HVD103");
    }

    private static FindingBook Watch(FindingBook book, int from, int to, Func<DateTimeOffset, HostReading[]> read)
    {
        for (int second = from; second <= to; second += 10)
        {
            var now = Sample.Now.AddSeconds(second);
            var hosts = read(now).ToDictionary(h => h.Key);
            book = book.Apply(new ClusterExaminer("c").Examine(hosts, Settings, now)!);
        }

        return book;
    }

    private static HostReading Node(int number, DateTimeOffset at, ClusterNodeState second = ClusterNodeState.Up)
    {
        var view = new ClusterView
        {
            Id = "c", Name = "LAB", Nodes = [new("N0", ClusterNodeState.Up), new("N1", second), new("N2", ClusterNodeState.Up)], Interfaces = [],
            Networks = [new("Clients", ClusterNetworkState.Up) { Role = 3 }, new("Heartbeat", ClusterNetworkState.Up) { Role = 1 }],
        };
        var host = Sample.Host with
        {
            Id = $"n{number}", Key = $"N{number}", Name = $"N{number}", Cluster = Sample.Read(view),
            ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { NetBiosName = $"N{number}" }),
        };
        return SectionLens.All.Aggregate(host, (h, lens) => lens.Set(h, lens.Get(h) is var section && section.Attempt.State == SectionState.Complete
            ? section with { ReadAt = at, Attempt = section.Attempt with { At = at } } : section));
    }
}
