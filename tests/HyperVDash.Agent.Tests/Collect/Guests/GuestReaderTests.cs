using HyperVDash.Agent.Collect.Guests;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using static HyperVDash.Agent.Tests.Collect.HandMade;

namespace HyperVDash.Agent.Tests.Collect.Guests;

public sealed class GuestReaderTests
{
    private static readonly Guid Id = new("11111111-1111-1111-1111-111111111111");

    private static HandMade Host(TimeSpan? running, params object[] heartbeat)
    {
        var host = new HandMade();
        return Beats(host, running, heartbeat).Has(Plan.KeyValues(host.Host));
    }

    private static HandMade Beats(HandMade host, TimeSpan? running, params object[] heartbeat) => host
        .Has(Plan.Systems(host.Host), Vm(Id, "web", running))
        .Has(Plan.Component(host.Host, "Heartbeat"), running is null ? [] : [Row("Msvm_HeartbeatComponent", ("SystemName", $"{Id}"), ("EnabledState", 2L), ("OperationalStatus", heartbeat))]);

    private static Guest Read(HandMade host) => Assert.Single(host.Read(new GuestReader()).Guests.Content!.Items);

    [Fact]
    public void A_lost_heartbeat_has_the_time_it_was_seen_well_last()
    {
        var host = Host(TimeSpan.FromMinutes(30), 2L, 2L);
        Assert.Null(Read(host).HeartbeatLastOkAt);
        var seen = host.Now;

        host.Now = seen.AddMinutes(1);
        Beats(host, TimeSpan.FromMinutes(31), 13L);
        var lost = Read(host);
        host.Now = seen.AddMinutes(9);
        Beats(host, TimeSpan.FromMinutes(39) + TimeSpan.FromSeconds(2), 13L);

        Assert.Equal((IntegrationState.Lost, seen), (lost.Heartbeat, lost.HeartbeatLastOkAt));
        Assert.Equal(seen, Read(host).HeartbeatLastOkAt);
    }

    [Fact]
    public void A_new_run_of_the_VM_knows_nothing_of_the_heartbeat_of_the_old_one()
    {
        var host = Host(TimeSpan.FromHours(5), 2L);
        Read(host);

        host.Now = host.Now.AddMinutes(10);
        Beats(host, TimeSpan.FromMinutes(4), 12L);

        Assert.Equal((IntegrationState.NoContact, null), (Read(host).Heartbeat, Read(host).HeartbeatLastOkAt));
    }

    [Fact]
    public void While_the_heartbeat_is_well_the_section_does_not_change_with_the_clock()
    {
        var host = Host(TimeSpan.FromMinutes(30), 2L);
        long before = host.Read(new GuestReader()).Guests.Revision;

        host.Now = host.Now.AddMinutes(1);
        Beats(host, TimeSpan.FromMinutes(31), 2L);

        Assert.Equal(before, host.Read(new GuestReader()).Guests.Revision);
    }

    [Theory]
    [InlineData(32782L, 32782)]
    [InlineData(32775L, 32775)]
    [InlineData(null, null)]
    public void The_second_number_of_the_heartbeat_tells_of_applications(long? second, int? expected)
    {
        Assert.Equal(expected, Read(Host(TimeSpan.FromHours(1), second is { } code ? [2L, code] : [2L])).ApplicationCode);
    }

    [Fact]
    public void A_service_of_a_VM_that_is_off_is_known_from_its_settings_and_a_checkpoints_settings_are_passed_over()
    {
        var host = Host(null);
        host.Has(Plan.ComponentSettings(host.Host, "TimeSync"),
            Row("S", ("InstanceID", $@"Microsoft:{Id}\2497F4DE-E9FA-4204-80E4-4B75C46419C0"), ("EnabledState", 3L)),
            Row("S", ("InstanceID", $@"Microsoft:{Guid.NewGuid()}\2497F4DE-E9FA-4204-80E4-4B75C46419C0"), ("EnabledState", 2L)),
            Row("S", ("InstanceID", @"Microsoft:Definition\2497F4DE-E9FA-4204-80E4-4B75C46419C0\Default"), ("EnabledState", 2L)));

        var service = Assert.Single(Read(host).Services);

        Assert.Equal((IntegrationServiceKind.TimeSynchronization, false, null, IntegrationState.Unknown), (service.Kind, service.IsConfigured!.Value, service.IsEnabled, service.State));
    }

    [Fact]
    public void Addresses_that_a_host_still_keeps_of_a_stopped_VM_are_not_shown()
    {
        const string Nic = "99999999-9999-9999-9999-999999999999";
        CimRow row = Row("A", ("InstanceID", $@"Microsoft:GuestNetwork\{Id}\{Nic}"), ("IPAddresses", (object[])["192.168.1.5", ""]), ("DHCPEnabled", true));
        var stopped = Host(null).Has(Plan.GuestAdapters, row);
        stopped.Has(Plan.ComponentSettings(stopped.Host, "Vss"), Row("S", ("InstanceID", $@"Microsoft:{Id}\X"), ("EnabledState", 2L)));

        var running = Assert.Single(Read(Host(TimeSpan.FromHours(1), 2L).Has(Plan.GuestAdapters, row)).Adapters!.Value);

        Assert.Equal(($@"Microsoft:{Id}\{Nic}", true), (running.AdapterId, running.IsDhcp));
        Assert.Equal(["192.168.1.5"], running.Addresses);
        Assert.Null(Read(stopped).Adapters);
    }

    [Fact]
    public void A_running_VM_without_the_class_of_addresses_has_no_list_and_one_with_it_an_empty_one()
    {
        Assert.Null(Read(Host(TimeSpan.FromHours(1), 2L)).Adapters);
        Assert.Empty(Read(Host(TimeSpan.FromHours(1), 2L).Has(Plan.GuestAdapters)).Adapters!.Value);
    }

    [Fact]
    public void Settings_that_are_denied_are_named()
    {
        var host = Host(TimeSpan.FromHours(1), 2L);
        host.Lacks(Plan.ComponentSettings(host.Host, "Vss"), CimErrorKind.AccessDenied);

        var section = host.Read(new GuestReader()).Guests;

        Assert.Equal((SectionState.Partial, "settings of Vss: Msvm_VssComponentSettingData was not read in this test."), (section.Attempt.State, section.Attempt.Reason));
    }

    [Theory]
    [InlineData("x86_64", null, GuestFamily.Linux)]
    [InlineData("9", "2", GuestFamily.Windows)]
    [InlineData("9", null, GuestFamily.Unknown)]
    public void A_guest_is_recognised_by_the_shape_of_its_facts(string architecture, string? platform, GuestFamily expected)
    {
        var host = Host(TimeSpan.FromHours(1), 2L);
        object[] items = [Item("OSName", "Ubuntu Windows Debian"), Item("ProcessorArchitecture", architecture), .. platform is null ? Array.Empty<object>() : [Item("OSPlatformId", platform)]];
        host.Has(Plan.KeyValues(host.Host), Row("K", ("SystemName", $"{Id}"), ("OperationalStatus", (object[])[2L]), ("GuestIntrinsicExchangeItems", items), ("GuestExchangeItems", (object[])[Item("Owner", "a & b")])));

        var guest = Read(host);

        Assert.Equal(expected, guest.Family);
        Assert.Equal([new KeyValueItem("Owner", "a & b")], guest.CustomItems!.Value);
    }

    private static string Item(string name, string data) =>
        $"<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{System.Security.SecurityElement.Escape(data)}</VALUE></PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{name}</VALUE></PROPERTY></INSTANCE>";
}
