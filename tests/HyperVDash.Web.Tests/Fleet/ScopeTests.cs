using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

public sealed class ScopeTests
{
    private static readonly ClusterView Cluster = new() { Id = "c1", Name = "LAB", Nodes = [new("HV01", ClusterNodeState.Up), new("HV02", ClusterNodeState.Up)] };
    private static readonly HostReading Alone = Fleets.Named("HV09", Fleets.Vm(9, "alone"));

    private static readonly FleetView Fleet = new(
        Sample.Now, [], [Node("HV01", 1), Node("HV02", 2), Alone],
        [Fleets.Finding(Severity.Error, Fleets.Ref(Alone)), Fleets.Finding(Severity.Error, new ObjectRef(ObjectKind.Cluster, "c1", "LAB")), Fleets.Finding(Severity.Info, Fleets.Ref(Node("HV02", 2)))], [], 3);

    [Fact]
    public void Clusters_and_hosts_outside_them_can_be_chosen() => Assert.Equal(["LAB", "HV09"], Scope.All(Fleet).Select(s => s.Name));

    [Fact]
    public void A_scope_has_its_hosts_VMs_and_findings_and_no_others()
    {
        var lab = Scope.Narrow(Fleet, "c1");

        Assert.Equal(["HV01", "HV02"], lab.Hosts.Select(h => h.Name));
        Assert.Equal(["vm1", "vm2"], lab.VirtualMachines.Select(v => v.Vm.Name));
        Assert.Equal(["LAB", "HV02"], lab.Findings.Select(f => f.Subject.Name));
        Assert.Equal(["HV09"], Scope.Narrow(Fleet, Alone.Id).Hosts.Select(h => h.Name));
    }

    [Fact]
    public void An_unknown_scope_hides_nothing() => Assert.Same(Fleet, Scope.Narrow(Fleet, "gone"));

    [Theory]
    [InlineData("http://localhost:5080/", null)]
    [InlineData("http://localhost:5080/in/c1/", "c1")]
    [InlineData("http://localhost:5080/in/lab%20a/", "lab a")]
    public void It_stands_in_the_base_of_every_link(string baseUri, string? id) => Assert.Equal(id, Scope.IdIn(baseUri));

    private static HostReading Node(string name, int vm) => Fleets.Named(name, Fleets.Vm(vm, $"vm{vm}")) with { Cluster = Sample.Read(Cluster) };
}
