using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Lab.Tests.Scenarios;

public sealed class GeneratorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    private LabScenario Generate(int seed, int vms = 60) => LabScenarios.Generate(new GeneratorOptions(2, vms, seed), _time);

    [Fact]
    public void One_seed_gives_one_lab_and_another_seed_another()
    {
        Assert.Equal(Generate(5).Hosts.Select(Rows.Text), Generate(5).Hosts.Select(Rows.Text));
        Assert.NotEqual(Rows.Text(Generate(5).Hosts[0]), Rows.Text(Generate(6).Hosts[0]));
    }

    [Fact]
    public void The_first_VMs_do_not_depend_on_how_many_follow()
    {
        static string Shape(LabVm vm) => $"{vm.Id} {vm.Name} {vm.State} {vm.Generation} {vm.CreatedAt} {vm.Nics.Length} {vm.Checkpoints.Length} {vm.Controllers.Sum(c => c.Drives.Length)}";

        Assert.Equal(Generate(5, 10).Description.Hosts[0].Vms.Select(Shape), Generate(5, 60).Description.Hosts[0].Vms.Take(10).Select(Shape));
    }

    [Fact]
    public void A_lab_of_some_size_has_everything()
    {
        var vms = LabScenarios.Generate(new GeneratorOptions(1, 500, 3), _time).Description.Hosts[0].Vms;

        Assert.Equal(Enum.GetValues<LabVmState>(), vms.Select(v => v.State).Distinct().Order());
        Assert.Equal([1, 2], vms.Select(v => v.Generation).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 5), vms.Select(v => v.Controllers.Count(c => c.Kind == LabControllerKind.Scsi)).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 9), vms.Select(v => v.Nics.Length).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 6), vms.Select(v => v.Checkpoints.Length).Distinct().Order());
        Assert.Equal(20, vms.Max(v => v.Controllers.Sum(c => c.Drives.Count(d => d.Kind == LabDriveKind.Disk))));
        Assert.Contains(vms, v => v.Name.Contains('"', StringComparison.Ordinal));
        Assert.Contains(vms, v => v.Name.StartsWith(' '));
    }
}
