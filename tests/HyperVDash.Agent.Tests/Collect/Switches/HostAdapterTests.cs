using HyperVDash.Agent.Collect.Switches;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using static HyperVDash.Agent.Tests.Collect.HandMade;

namespace HyperVDash.Agent.Tests.Collect.Switches;

public sealed class HostAdapterTests
{
    private const string Switch = "AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA";
    private const string Port = "BBBBBBBB-BBBB-BBBB-BBBB-BBBBBBBBBBBB";
    private const string Device = "Microsoft:{CCCCCCCC-CCCC-CCCC-CCCC-CCCCCCCCCCCC}";

    /// <summary>One switch, one adapter of the host, one port with VLAN 7 beside a port id that is longer and has VLAN 8.</summary>
    private static HandMade Host(string portName)
    {
        var host = new HandMade();
        return host
            .Has(Plan.SwitchesV2, Row("Msvm_VirtualEthernetSwitch", ("Name", Switch), ("ElementName", "Prod")))
            .Has(Plan.ExternalPorts(host.Host))
            .Has(Plan.InternalPorts(host.Host), Row("Msvm_InternalEthernetPort", ("DeviceID", Device), ("ElementName", "Management"), ("PermanentAddress", "00155D010203")))
            .Has(Plan.Connections, Connection($@"Microsoft:{Switch}\{Port}", portName), Connection($@"Microsoft:{Switch}\{Port}\0", "longer"))
            .Has(Plan.Vlans,
                Row("V", ("InstanceID", $@"Microsoft:{Switch.ToLowerInvariant()}\{Port}\FEATURE"), ("OperationMode", 1L), ("AccessVlanId", 7L)),
                Row("V", ("InstanceID", $@"Microsoft:{Switch}\{Port}\0\FEATURE"), ("OperationMode", 1L), ("AccessVlanId", 8L)));
    }

    private static HandMade Associated(HandMade host) => host
        .Has(Plan.ActiveConnections(host.Host), Row("Msvm_ActiveConnection", ("Antecedent", Endpoint(Switch, "Microsoft:" + Port.ToLowerInvariant())), ("Dependent", Endpoint("HV01", "Microsoft:E"))), Row("Msvm_ActiveConnection"))
        .Has(Plan.PortSap, Row("S", ("Antecedent", Ref("Msvm_InternalEthernetPort", Device, "DeviceID")), ("Dependent", Endpoint("HV01", "microsoft:e"))));

    private static HostAdapter Read(HandMade host) => Assert.Single(host.Read(new SwitchReader()).Switches.Content!.HostAdapters!.Value);

    [Fact]
    public void An_adapter_is_found_over_its_endpoints_whatever_it_is_called()
    {
        var adapter = Read(Associated(Host("Prod")));

        Assert.Equal((Switch, VlanMode.Access, 7), (adapter.SwitchId, adapter.Vlan, adapter.VlanId));
        Assert.Equal((new Guid("cccccccc-cccc-cccc-cccc-cccccccccccc"), "00155D010203"), (adapter.AdapterId, adapter.MacAddress));
    }

    [Fact]
    public void Without_the_associations_a_name_that_is_unique_finds_it()
    {
        var adapter = Read(Host("Management"));

        Assert.Equal((Switch, 7), (adapter.SwitchId, adapter.VlanId));
    }

    [Fact]
    public void An_adapter_whose_port_is_not_found_has_an_unknown_VLAN_and_no_switch()
    {
        var adapter = Read(Host("another name"));

        Assert.Equal((null, VlanMode.Unknown, null), (adapter.SwitchId, adapter.Vlan, adapter.VlanId));
    }

    [Fact]
    public void Ports_that_are_denied_are_named_and_their_list_is_null()
    {
        var host = Host("Prod");
        host.Lacks(Plan.InternalPorts(host.Host), CimErrorKind.AccessDenied);

        // What was told before stays; a host that never told has nothing.
        var fresh = new HandMade().Has(Plan.SwitchesV2).Has(Plan.Connections).Lacks(Plan.SwitchTeaming);
        fresh.Has(Plan.ExternalPorts(fresh.Host)).Lacks(Plan.InternalPorts(fresh.Host), CimErrorKind.AccessDenied);
        var section = fresh.Read(new SwitchReader()).Switches;

        Assert.Equal((SectionState.Partial, null), (section.Attempt.State, section.Content!.HostAdapters));
        Assert.Contains(section.Attempt.Missing, m => m.StartsWith("host adapters: ", StringComparison.Ordinal));
        Assert.NotNull(host.Read(new SwitchReader()).Switches.Content!.HostAdapters);
    }

    [Theory]
    [InlineData(5L, 0L, VlanMode.Trunk, 12)]
    [InlineData(2L, 30L, VlanMode.Access, 30)]
    [InlineData(2L, 0L, VlanMode.Untagged, null)]
    public void In_the_older_namespace_the_endpoint_has_the_mode_and_its_settings_the_numbers(long mode, long access, VlanMode expected, int? id)
    {
        var host = new HandMade(1, 7601);
        host.Has(Plan.SwitchesV1, Row("Msvm_VirtualSwitch", ("Name", Switch), ("ElementName", "Prod")))
            .Has(Plan.ExternalPorts(host.Host))
            .Has(Plan.InternalPorts(host.Host), Row("Msvm_InternalEthernetPort", ("DeviceID", Device), ("ElementName", "Prod")))
            .Has(Plan.ActiveConnections(host.Host), Row("A", ("Antecedent", new CimPath("Msvm_SwitchPort") { Keys = Endpoint(Switch, Port).Keys }), ("Dependent", Endpoint("HV01", "E"))))
            .Has(Plan.GlobalPortSap, Row("S", ("Antecedent", Ref("Msvm_InternalEthernetPort", Device, "DeviceID")), ("Dependent", Endpoint("HV01", "E"))))
            .Has(Plan.BindsTo, Row("B", ("Antecedent", Endpoint(Switch, Port)), ("Dependent", Endpoint(Switch, "V"))))
            .Has(Plan.ElementSettings, Row("N", ("ManagedElement", Endpoint(Switch, "V")), ("SettingData", Ref("Msvm_VLANEndpointSettingData", "Microsoft:V", "InstanceID"))), Row("N"))
            .Has(Plan.VlanEndpoints, Row("VS", ("InstanceID", "Microsoft:V"), ("AccessVLAN", access), ("NativeVLAN", 12L), ("TrunkedVLANList", (object[])[20L, 10L])))
            .Has(Plan.VlanModes, Row("Msvm_VLANEndpoint", ("Name", "V"), ("DesiredEndpointMode", mode)));

        var adapter = Read(host);

        Assert.Equal((Switch, expected, id), (adapter.SwitchId, adapter.Vlan, adapter.VlanId));
        Assert.Equal(expected == VlanMode.Trunk ? [10, 20] : [], adapter.TrunkVlanIds);
    }

    private static CimRow Connection(string id, string name) =>
        Row("Msvm_EthernetPortAllocationSettingData", ("InstanceID", id), ("ElementName", name), ("HostResource", (object[])[Ref("Msvm_ComputerSystem", "HV01")]));

    private static CimPath Endpoint(string system, string name) =>
        new("Msvm_LANEndpoint") { Keys = Ref("x", name).Keys.Add("SystemName", system) };
}
