using HyperVDash.Agent.Collect.Events;
using HyperVDash.Cim;
using HyperVDash.Lab.Faults;
using HyperVDash.Model.Events;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect.Events;

public sealed class EventLogTests
{
    private const string Vmms = "Microsoft-Windows-Hyper-V-VMMS-Admin";
    private static readonly Guid Vm = new("4ea7033c-356c-4eba-9f77-1a3399cfcd72");
    private static uint _record;

    private static void AddEvent(HandMadeHost host, TimeSpan age, string log = "System", int type = 1, int id = 157, string provider = "disk") => host.Add(HandMadeHost.Cimv2, new("Win32_NTLogEvent")
    {
        ["Logfile"] = log, ["RecordNumber"] = ++_record, ["SourceName"] = provider, ["EventCode"] = id, ["EventType"] = type, ["TimeGenerated"] = host.Time.GetUtcNow() - age,
    });

    [Fact]
    public async Task The_window_begins_at_a_full_hour_a_day_ago_and_holds_warnings_and_errors()
    {
        await using var host = new HandMadeHost("2022", "20348");
        AddEvent(host, TimeSpan.FromHours(1));
        AddEvent(host, TimeSpan.FromHours(24));
        AddEvent(host, TimeSpan.FromHours(2), type: 3);
        AddEvent(host, TimeSpan.FromHours(25));
        AddEvent(host, TimeSpan.FromHours(1), log: "Application");

        var log = (await host.ReadAsync("eventLog")).EventLog.Content!;

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), log.Since);
        var group = Assert.Single(log.Items);
        Assert.Equal(("disk", 157, EventLevel.Error, 2, "System"), (group.Provider, group.Id, group.Level, group.Count, group.Channel));
        Assert.Equal((host.Time.GetUtcNow().AddHours(-24), host.Time.GetUtcNow().AddHours(-1)), (group.FirstAt, group.LastAt));
    }

    [Fact]
    public async Task Hours_in_which_nothing_happened_change_nothing()
    {
        await using var host = new HandMadeHost("2022", "20348");
        AddEvent(host, TimeSpan.FromMinutes(5));
        var first = await host.ReadAsync("eventLog");
        host.Time.Advance(TimeSpan.FromHours(3));
        var quiet = await host.ReadAsync("eventLog");
        AddEvent(host, TimeSpan.Zero);
        var busy = await host.ReadAsync("eventLog");

        Assert.Equal((first.Revision, first.EventLog.Revision, first.EventLog.Content!.Since), (quiet.Revision, quiet.EventLog.Revision, quiet.EventLog.Content!.Since));
        Assert.Equal(host.Time.GetUtcNow(), quiet.EventLog.ReadAt);
        Assert.NotEqual(quiet.Revision, busy.Revision);
        Assert.Equal(host.Time.GetUtcNow().AddHours(-24).AddMinutes(-20), busy.EventLog.Content!.Since);
    }

    [Fact]
    public async Task Channels_that_cannot_be_read_are_named_and_one_that_was_made_a_classic_log_is_read()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Key(@"SYSTEM\CurrentControlSet\Services\EventLog\System");
        var before = (await host.ReadAsync("eventLog")).EventLog;

        host.Key($@"SYSTEM\CurrentControlSet\Services\EventLog\{Vmms}");
        AddEvent(host, TimeSpan.FromHours(1), log: Vmms, id: 21502, provider: "Microsoft-Windows-Hyper-V-High-Availability");
        var after = (await host.ReadAsync("eventLog")).EventLog;

        Assert.Equal(SectionState.Complete, before.Attempt.State);
        Assert.Equal(["System"], before.Content!.Channels);
        Assert.Contains(Vmms, before.Content.UnreadChannels);
        Assert.Equal(["System", Vmms], after.Content!.Channels);
        Assert.DoesNotContain(Vmms, after.Content.UnreadChannels);
        Assert.Equal(21502, Assert.Single(after.Content.Items).Id);
    }

    [Fact]
    public async Task A_log_that_may_not_be_read_keeps_what_it_said()
    {
        await using var host = new HandMadeHost("2022", "20348");
        AddEvent(host, TimeSpan.FromHours(1));
        await host.ReadAsync("eventLog");
        host.Faults.Set(LabFault.Parse("HAND/Win32_NTLogEvent=denied"));
        host.Time.Advance(TimeSpan.FromHours(2));

        var denied = (await host.ReadAsync("eventLog")).EventLog;

        Assert.Equal(SectionState.Denied, denied.Attempt.State);
        Assert.Single(denied.Content!.Items);
    }

    [Fact]
    public void A_VM_is_named_only_by_the_id_of_one_this_host_has()
    {
        var groups = EventGroups.Of([("System", Row("disk", 1, "x", Vm.ToString("B"))), ("System", Row("disk", 1, Guid.NewGuid().ToString()))], new HashSet<Guid> { Vm });

        Assert.Equal(new HashSet<Guid?> { Vm, null }, groups.Select(g => g.VirtualMachineId).ToHashSet());
    }

    [Fact]
    public void Text_and_number_of_groups_are_bounded_and_the_newest_stay()
    {
        string[] strings = [.. Enumerable.Repeat(new string('x', 10_000), 30)];
        var groups = EventGroups.Of(Enumerable.Range(0, 1000).Select(i => ("System", Row("disk", i, strings))), new HashSet<Guid>());

        Assert.Equal(Enumerable.Range(800, 200).Reverse(), groups.Select(g => g.Id));
        Assert.All(groups, g => Assert.True(g.Data.Length == 8 && g.Data.All(d => d.Length == 256 && d.EndsWith('…'))));
    }

    [Fact]
    public void A_clock_before_all_time_has_a_window_too() => Assert.Equal(DateTimeOffset.MinValue, EventLogReader.Since(DateTimeOffset.MinValue.AddHours(3)));

    private static CimRow Row(string provider, int id, params string[] strings) => CimRow.Of("Win32_NTLogEvent",
        ("SourceName", provider), ("EventCode", (long)id), ("EventType", 1L), ("TimeGenerated", new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero).AddMinutes(id)), ("InsertionStrings", (object?)strings));
}
