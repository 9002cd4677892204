using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Lab.Tests.Scenarios;

public sealed class DemoTests
{
    private const string V2 = "root/virtualization/v2";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    private LabScenario Demo(bool isFrozen = false) => LabScenarios.Build("demo", _time, isFrozen);

    private static LabHost Host(LabScenario demo, string name) => demo.Hosts.Single(h => h.Name == name);

    private static LabInstance Vm(LabScenario demo, string host, string name) =>
        Rows.Of(Host(demo, host), V2, "Msvm_ComputerSystem").Single(r => name.Equals(r["ElementName"]));

    [Fact]
    public void The_demo_has_eight_hosts_and_about_sixty_VMs_with_ids_of_their_own()
    {
        var lab = Demo().Description;
        var vms = lab.Hosts.SelectMany(h => h.Vms).ToList();

        Assert.Equal(["HV01", "HV02", "HV03", "HV04", "HV05", "HV06", "HV07", "HV08"], lab.Hosts.Select(h => h.Name));
        Assert.InRange(vms.Count, 55, 65);
        Assert.Equal(vms.Count, vms.Select(v => v.Id).Distinct().Count());

        // Two addresses are given twice on purpose, by the host that was made from another's image.
        Assert.Equal(["00155D080600", "00155D0806FF"], vms.SelectMany(v => v.Nics).GroupBy(n => n.Mac).Where(g => g.Count() > 1).Select(g => g.Key).Order());
    }

    [Fact]
    public void Every_tag_belongs_to_a_VM_of_the_demo()
    {
        var demo = Demo();
        var ids = demo.Description.Hosts.SelectMany(h => h.Vms).Select(v => v.Id.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.NotEmpty(demo.Tags);
        Assert.All(demo.Tags.Keys, id => Assert.Contains(id, ids));
    }

    [Fact]
    public void Two_demos_started_at_one_instant_are_equal()
    {
        Assert.Equal(Demo().Hosts.Select(Rows.Text), Demo().Hosts.Select(Rows.Text));
    }

    [Fact]
    public void In_a_frozen_demo_nothing_moves_but_the_clocks()
    {
        var demo = Demo(isFrozen: true);
        var before = demo.Hosts.Select(h => WithoutClocks(Rows.Text(h))).ToList();

        _time.Advance(TimeSpan.FromMinutes(17));

        Assert.Equal(before, demo.Hosts.Select(h => WithoutClocks(Rows.Text(h))));
    }

    private static string WithoutClocks(string rows) =>
        System.Text.RegularExpressions.Regex.Replace(rows, @"(LocalDateTime|OnTimeInMilliseconds|UpTime)=[^;|,\n]*", "$1");

    [Fact]
    public void A_VM_starts_runs_and_stops_by_itself_and_moves_its_change_token()
    {
        var demo = Demo();
        var token = Vm(demo, "HV04", "build-01")["TimeOfLastStateChange"];
        var states = new List<object?>();
        foreach (int seconds in (int[])[0, 26, 3, 30, 3])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            states.Add(Vm(demo, "HV04", "build-01")["EnabledState"]);
        }

        Assert.Equal([3, 10, 2, 4, 3], states);
        Assert.NotEqual(token, Vm(demo, "HV04", "build-01")["TimeOfLastStateChange"]);
    }

    [Fact]
    public void Uptime_moves_with_the_clock()
    {
        var demo = Demo();
        var before = (ulong)Vm(demo, "HV03", "web-01")["OnTimeInMilliseconds"]!;

        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(before + 7000, Vm(demo, "HV03", "web-01")["OnTimeInMilliseconds"]);
    }

    [Fact]
    public void A_checkpoint_comes_and_goes()
    {
        var demo = Demo();
        var counts = new List<int>();
        foreach (int seconds in (int[])[0, 60, 70])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            counts.Add(Rows.Of(Host(demo, "HV04"), V2, "Msvm_VirtualSystemSettingData").Count(r => "Microsoft:Hyper-V:Snapshot:Realized".Equals(r["VirtualSystemType"])));
        }

        Assert.Equal([0, 1, 0], counts);
    }

    [Fact]
    public void A_switch_is_renamed_and_put_right()
    {
        var demo = Demo();
        var names = new List<bool>();
        foreach (int seconds in (int[])[0, 95, 60])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            names.Add(Rows.Of(Host(demo, "HV04"), V2, "Msvm_VirtualEthernetSwitch").Exists(r => "Management".Equals(r["ElementName"])));
        }

        Assert.Equal([false, true, false], names);
    }
}
