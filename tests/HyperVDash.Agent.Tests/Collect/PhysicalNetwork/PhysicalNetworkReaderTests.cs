using HyperVDash.Agent.Collect.PhysicalNetwork;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using static HyperVDash.Agent.Tests.Collect.HandMade;

namespace HyperVDash.Agent.Tests.Collect.PhysicalNetwork;

public sealed class PhysicalNetworkReaderTests
{
    private static readonly Guid Id = new("11111111-1111-1111-1111-111111111111");

    private static CimRow Adapter(string name, Guid id, bool hasConnector = true, string component = "pci\\ven_8086") => Row("MSFT_NetAdapter",
        ("Name", name), ("InterfaceGuid", $"{{{id}}}"), ("InterfaceDescription", $"{name} description"), ("ConnectorPresent", hasConnector), ("ComponentID", component), ("InterfaceOperationalStatus", 1L));

    private static PhysicalAdapterList Read(HandMade host) => host.Read(new PhysicalNetworkReader()).PhysicalNetwork.Content!;

    [Theory]
    [InlineData("{11111111-1111-1111-1111-111111111111}::*JumboPacket", "x", "x")]
    [InlineData("something else", "LAN", "x")]
    [InlineData("something else", "x", "lan description")]
    public void Settings_are_found_by_the_interface_else_by_a_name_of_the_adapter(string instance, string name, string description)
    {
        var row = Row("J", ("InstanceID", instance), ("Name", name), ("InterfaceDescription", description), ("RegistryValue", (object[])["9014"]));

        Assert.Equal(9014, Assert.Single(Read(new HandMade().Has(Plan.Adapters, Adapter("LAN", Id)).Has(Plan.JumboPackets, row)).Items).JumboPacket);
    }

    [Fact]
    public void An_adapter_without_queues_or_jumbo_packets_has_none_and_not_zero()
    {
        var adapter = Assert.Single(Read(new HandMade().Has(Plan.Adapters, Adapter("LAN", Id)).Has(Plan.JumboPackets).Has(Plan.VmqSettings).Has(Plan.RssSettings)).Items);

        Assert.Equal((null, null, null), (adapter.JumboPacket, adapter.Vmq, adapter.Rss));
    }

    [Fact]
    public void A_teams_own_adapter_is_listed_and_other_adapters_without_a_connector_are_not()
    {
        var host = new HandMade().Has(Plan.Adapters, Adapter("LAN", Id), Adapter("Team", Guid.NewGuid(), hasConnector: false, @"COMPOSITEBUS\MS_IMPLAT_MP"), Adapter("vEthernet", Guid.NewGuid(), hasConnector: false, "vms_mp"));

        Assert.Equal(["LAN", "Team"], Read(host).Items.Select(a => a.Name));
    }

    [Fact]
    public void The_size_in_force_counts_and_not_that_of_the_persistent_store()
    {
        var host = new HandMade().Has(Plan.Adapters, Adapter("LAN", Id))
            .Has(Plan.IpConfigurations, Row("C", ("SettingID", $"{{{Id}}}"), ("InterfaceIndex", 5L), ("IPAddress", (object[])["10.0.0.5", ""]), ("DHCPEnabled", true)), Row("C", ("SettingID", "no id")))
            .Has(Plan.IpInterfaces,
                Row("I", ("InterfaceIndex", 5L), ("Store", 0L), ("NlMtu", null)), Row("I", ("InterfaceIndex", 5L), ("Store", 1L), ("NlMtu", 9000L), ("Forwarding", 1L)), Row("I", ("InterfaceIndex", 6L), ("NlMtu", 1500L)));

        var configuration = Assert.Single(Read(host).IpConfigurations!.Value);

        Assert.Equal((9000, true, true, null), (configuration.Mtu, configuration.IsForwarding, configuration.IsDhcp, configuration.RegistersInDns));
        Assert.Equal(["10.0.0.5"], configuration.Addresses);
    }

    [Fact]
    public void A_lesser_class_that_is_denied_is_named_and_the_adapters_are_read()
    {
        var section = new HandMade().Has(Plan.Adapters, Adapter("LAN", Id)).Lacks(Plan.RssSettings, CimErrorKind.AccessDenied).Lacks(Plan.IpConfigurations, CimErrorKind.Timeout).Read(new PhysicalNetworkReader()).PhysicalNetwork;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Equal(["RSS", "IP settings"], section.Attempt.Missing.Select(m => m.Split(':')[0]));
        Assert.Null(section.Content!.IpConfigurations);
    }

    [Fact]
    public void On_2008_R2_the_old_class_tells_what_it_can()
    {
        var host = new HandMade(1, 7601).Has(Plan.OldAdapters, Row("Win32_NetworkAdapter", ("GUID", $"{{{Id}}}"), ("NetConnectionID", "LAN"), ("Description", "Card"), ("NetConnectionStatus", 7L)))
            .Has(Plan.PhysicalMedia, Row("M", ("InstanceName", "card"), ("NdisPhysicalMediumType", 9L)));

        var adapter = Assert.Single(Read(host).Items);

        Assert.Equal((NetworkMedium.WiFi, false, false), (adapter.Medium, adapter.IsConnected!.Value, adapter.IsUp!.Value));
        Assert.Equal((null, null, null, null), (adapter.Mtu, adapter.VlanId, adapter.Vmq, adapter.JumboPacket));
    }
}
