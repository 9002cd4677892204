using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Web.Components.Parts;
using HyperVDash.Web.Features.VirtualMachines;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Features.VirtualMachines;

public sealed class VmTableTests
{
    private static readonly HostReading Host = Fleets.Named("HV01",
        Fleets.Vm(1, "alpha"), Fleets.Vm(2, "bravo", VirtualMachineState.Off), Fleets.Vm(3, "charlie") with { Processors = null }, Fleets.Vm(4, "delta") with { Processors = 2 });

    private static readonly FleetView Fleet = Host.With(Fleets.Finding(Severity.Error, Fleets.Ref(Fleets.Vm(4, "delta"), Host)));

    [Fact]
    public void The_worst_stands_first_then_the_alphabet() => Assert.Equal(["delta", "alpha", "charlie", "bravo"], Names());

    [Fact]
    public void What_is_not_known_stands_last_in_both_directions()
    {
        Assert.Equal("charlie", Names(sort: "vcpu")[^1]);
        Assert.Equal("charlie", Names(sort: "-vcpu")[^1]);
    }

    [Theory]
    [InlineData("off", "bravo")]
    [InlineData("findings", "delta")]
    [InlineData("stale", "")]
    public void A_chip_shows_its_kind_only(string state, string expected) => Assert.Equal(expected, string.Join(',', Names(state: state)));

    [Fact]
    public void Chips_count_what_the_text_lets_through()
    {
        var table = VmTable.Read(Fleet, ListQuery.Of("vms", "a", null, null, null, ("state", "off")));

        Assert.Equal(4, table.Matching.Count);
        Assert.Single(table.Shown);
    }

    [Fact]
    public void A_page_beyond_the_end_shows_the_last_one()
    {
        var many = Fleets.Named("HV01", [.. Enumerable.Range(1, 30).Select(i => Fleets.Vm(i, $"vm{i:00}"))]).With();

        Assert.Equal(5, VmTable.Read(many, ListQuery.Of("vms", null, "name", 9, 25)).Page.Count);
    }

    private static List<string> Names(string? sort = null, string? state = null) =>
        [.. VmTable.Read(Fleet, ListQuery.Of("vms", null, sort, null, null, ("state", state))).Page.Select(v => v.Vm.Name)];
}
