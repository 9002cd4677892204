using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Tuning;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>A silo of its own: what holds in it is changed.</summary>
public sealed class ReexaminationTests(FleetSilo silo) : IClassFixture<FleetSilo>
{
    private const string Own = """
        rules:
          - { id: LAB101, scope: cluster, severity: warning, sections: [operatingSystem], when: "hosts.length === 2 && it.name === 'LAB'", text: "{it.name} has two nodes" }
          - { id: LAB102, scope: farm, severity: info, sections: [operatingSystem], when: "hosts.length > 1", text: "{it.name} has several hosts" }
        """;

    [Fact]
    public async Task Rules_of_the_user_about_clusters_and_all_hosts_run_and_changed_settings_hold_without_a_new_reading()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.yaml");
        await File.WriteAllTextAsync(file, Own, TestContext.Current.CancellationToken);
        silo.Book.FromFile = new() { OwnRules = file };
        Assert.Empty(silo.Book.Rules.Own.Mistakes);
        var cluster = new ClusterView { Id = "c1", Name = "LAB", Nodes = [new("HV61", ClusterNodeState.Up), new("HV62", ClusterNodeState.Up)] };
        foreach (string name in new[] { "HV61", "HV62" })
        {
            var node = Fleets.Named(name) with { Cluster = Sample.Read(cluster), Intervals = [] };
            await silo.Host(node.Id!).Apply($"a/{node.Key}", node);
        }

        // Without intervals no reading is too old. Clusters are looked at a moment after their nodes.
        for (int i = 0; i < 300 && (Tally("LAB101")?.Fired != 1 || Tally("LAB102")?.Fired != 1); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, 1), (Tally("LAB101")?.Fired, Tally("LAB102")?.Fired));

        silo.Book.FromFile = silo.Book.FromFile with { Tuning = [new RuleTuning { Rule = "LAB101", Off = true }, new RuleTuning { Rule = "LAB102", Off = true }, new RuleTuning { Rule = "HVD101", Off = true }] };
        await silo.Reexamination.RunAsync();

        Assert.Equal((1, 1, 2), (Tally("LAB101")?.SwitchedOff, Tally("LAB102")?.SwitchedOff, Tally("HVD101")?.SwitchedOff));
        File.Delete(file);
    }

    private RuleTally? Tally(string rule) => silo.Feed.Current.Rules.FirstOrDefault(t => t.RuleId == rule);
}
