using System.Collections.Concurrent;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>What the collector reads is what the generator described.</summary>
public sealed class GeneratedLabTests
{
    public static TheoryData<string> Releases => ["pre2008", "2008R2", "2012", "2012R2", "2016", "2022", "2025"];

    // Read once a release: the tests only look.
    private static readonly ConcurrentDictionary<string, Lazy<Task<(HostDescription Described, HostReading Reading)>>> Read = new();

    private static Task<(HostDescription Described, HostReading Reading)> ReadAsync(string release) => Read.GetOrAdd(release, r => new(async () =>
    {
        var lab = LabScenarios.Generate(new GeneratorOptions(1, 60, 11) { Release = r }, TimeProvider.System, isFrozen: true);
        return (lab.Description.Hosts[0], Assert.Single(await ScenarioReader.ReadAsync(lab, CancellationToken.None)));
    })).Value;

    [Theory, MemberData(nameof(Releases))]
    public async Task Every_section_is_complete_or_the_host_has_no_such_thing(string release)
    {
        var (_, reading) = await ReadAsync(release);

        Assert.All(reading.Sections(), s => Assert.True(
            s.Section.Attempt.State is SectionState.Complete or SectionState.Absent or SectionState.Off, $"{s.Name}: {s.Section.Attempt.State} {s.Section.Attempt.Reason} {string.Join("; ", s.Section.Attempt.Missing)}"));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task VMs_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);

        Assert.Equal(
            described.Vms.OrderBy(v => v.Id).Select(v => (v.Id, v.Name, v.State == LabVmState.FastSaved ? "Saved" : v.State.ToString(), (int?)v.Processors, (DateTimeOffset?)v.CreatedAt)),
            reading.VirtualMachines.Content!.Items.OrderBy(v => v.Id).Select(v => (v.Id, v.Name, v.State.ToString(), v.Processors, v.CreatedAt)));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Drives_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var wanted = from vm in described.Vms
                     from controller in vm.Controllers
                     from drive in controller.Drives
                     select $"{vm.Id} {controller.Kind} {drive.Kind} {drive.Slot} {drive.Image} {drive.HostDisk}";
        var found = reading.Devices.Content!.Drives!.Value.Where(d => d.Kind != DriveKind.Floppy)
            .Select(d => $"{d.VirtualMachineId} {d.ControllerKind} {d.Kind} {d.Location} {d.Path} {d.HostDiskNumber}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Adapters_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var names = described.Switches.ToDictionary(s => s.Id, s => s.Name);
        var wanted = from vm in described.Vms
                     from nic in vm.Nics
                     select $"{vm.Id} {(nic.IsLegacy ? "Legacy" : "Synthetic")} {nic.Mac} {nic.HasStaticMac} {(nic.SwitchId is { } id ? names[id] : null)} {(nic.VlanId > 0 ? nic.VlanId : null)}";
        var found = reading.Devices.Content!.NetworkAdapters!.Value
            .Select(n => $"{n.VirtualMachineId} {n.Kind} {n.MacAddress?.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)} {n.IsStaticMac} {n.SwitchName} {n.VlanId}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Checkpoints_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var wanted = from vm in described.Vms from checkpoint in vm.Checkpoints select (checkpoint.Id, vm.Id, checkpoint.Name, checkpoint.ParentId, (DateTimeOffset?)checkpoint.CreatedAt);
        var found = reading.Checkpoints.Content!.Items.Select(c => (c.Id, c.VirtualMachineId, c.Name, c.ParentId, c.CreatedAt));

        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.OrderBy(c => c.Item1), found.OrderBy(c => c.Item1));
    }
}
