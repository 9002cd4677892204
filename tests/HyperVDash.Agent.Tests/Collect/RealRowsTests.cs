using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using static HyperVDash.Agent.Tests.Collect.WrittenHost;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>Rows that real hosts sent, and what has to come out of them.</summary>
public sealed class RealRowsTests
{
    private const string Vm = "D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C";
    private const string Ide = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
    private const string Scsi = "5F053DDB-3C35-4A44-8E4E-2056CC3A440A";

    /// <summary>A host with a Chinese caption and one VM.</summary>
    private static readonly string[] Systems =
    [
        V2("Msvm_ComputerSystem",
            """{ "Caption": "宿主计算机系统", "Name": "WIN-667A0LKMU6R", "ElementName": "WIN-667A0LKMU6R", "EnabledState": 2, "LastReplicationTime": "16010101000000.000000-000" }""",
            $$"""{ "Caption": "虚拟机", "Name": "{{Vm}}", "ElementName": "vm1", "EnabledState": 3, "HealthState": 5, "OperationalStatus": [2], "LastReplicationTime": "16010101000000.000000-000", "TimeOfLastStateChange": "16010101000000.000000-000" }"""),
        V2("Msvm_VirtualSystemSettingData",
            $$"""{ "InstanceID": "Microsoft:{{Vm}}", "VirtualSystemIdentifier": "{{Vm}}", "VirtualSystemType": "Microsoft:Hyper-V:System:Realized", "VirtualSystemSubType": "Microsoft:Hyper-V:SubType:1", "ElementName": "vm1" }"""),
        V2("Msvm_MemorySettingData", $$"""{ "InstanceID": "Microsoft:{{Vm}}\\4764334d-e001-4176-82ee-5594ec9b530e", "VirtualQuantity": 512 }"""),
        V2("Msvm_ProcessorSettingData", $$"""{ "InstanceID": "Microsoft:{{Vm}}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0", "VirtualQuantity": 1 }"""),
        V2("Msvm_SummaryInformation", $$"""{ "Name": "{{Vm}}", "ProcessorLoad": 0 }"""),
    ];

    /// <summary>The classes of a host without adapters, switches and pass-through disks.</summary>
    private static readonly string[] Nothing =
    [
        .. new[]
        {
            "Msvm_SyntheticEthernetPortSettingData", "Msvm_EmulatedEthernetPortSettingData", "Msvm_EthernetPortAllocationSettingData", "Msvm_EthernetSwitchPortVlanSettingData",
            "Msvm_EthernetSwitchPortSecuritySettingData", "Msvm_VirtualEthernetSwitch", "Msvm_DiskDrive",
        }.Select(c => V2(c)),
    ];

    private static string Resource(string tail, int type, string subType, string more = "") =>
        $$"""{ "InstanceID": "Microsoft:{{Vm}}\\{{tail}}", "ResourceType": {{type}}, "ResourceSubType": "{{subType}}", "PoolID": ""{{more}} }""";

    private static string ParentOf(string tail) =>
        $$""", "Parent": "\\\\HV12OSDEMO1\\root\\virtualization\\v2:Msvm_ResourceAllocationSettingData.InstanceID=\"Microsoft:{{Vm}}\\\\{{tail}}\"" """;

    private static string[] DefaultGenerationOne =>
    [
        Resource(@"DE6CDC86-E1FB-4940-801B-C3C1A26C4DA4\\Keyboard", 13, "Microsoft:Hyper-V:Emulated Keyboard"),
        Resource(@"655BC5C5-A784-46B7-81BC-E26328F7EB0E\\Mouse", 13, "Microsoft:Hyper-V:Emulated Mouse"),
        Resource("7D80D3DB-61EE-4879-8879-5609F1100AD0", 24, "Microsoft:Hyper-V:S3 Display Controller"),
        Resource(@"8F0D2762-0B00-4E04-AF4F-19010527CB93\\0", 1, "Microsoft:Hyper-V:Virtual Diskette Controller"),
        Resource(@"8F0D2762-0B00-4E04-AF4F-19010527CB93\\0\\0\\D", 14, "Microsoft:Hyper-V:Synthetic Diskette Drive", ParentOf(@"8F0D2762-0B00-4E04-AF4F-19010527CB93\\\\0")),
        Resource("8E3A359F-559A-4B6A-98A9-1690A6100ED7", 13, "Microsoft:Hyper-V:Serial Controller"),
        Resource(@"8E3A359F-559A-4B6A-98A9-1690A6100ED7\\0", 21, "Microsoft:Hyper-V:Serial Port"),
        Resource(@"8E3A359F-559A-4B6A-98A9-1690A6100ED7\\1", 21, "Microsoft:Hyper-V:Serial Port"),
        Resource($@"{Ide}\\0", 5, "Microsoft:Hyper-V:Emulated IDE Controller", """, "Address": "0" """),
        Resource($@"{Ide}\\1", 5, "Microsoft:Hyper-V:Emulated IDE Controller", """, "Address": "1" """),
        Resource($@"{Ide}\\0\\0\\D", 17, "Microsoft:Hyper-V:Synthetic Disk Drive", """, "AddressOnParent": "0" """ + ParentOf($@"{Ide}\\\\0")),
        Resource($@"{Ide}\\1\\0\\D", 16, "Microsoft:Hyper-V:Synthetic DVD Drive", """, "AddressOnParent": "0" """ + ParentOf($@"{Ide}\\\\1")),
        Resource("58F75A6D-D949-4320-99E1-A2A2576D581C", 13, "Microsoft:Hyper-V:Synthetic Mouse"),
        Resource("F3CF6965-E8D3-44A9-9B7D-A04245EA7525", 24, "Microsoft:Hyper-V:Synthetic Display Controller"),
        Resource($@"{Scsi}\\0", 6, "Microsoft:Hyper-V:Synthetic SCSI Controller"),
    ];

    private static readonly string Image = Resource($@"{Ide}\\0\\0\\L", 31, "Microsoft:Hyper-V:Virtual Hard Disk",
        """, "ElementName": "Hard Disk Image", "HostResource": ["C:\\Hyper-V\\test\\instances\\vm1\\vm1.vhd"] """ + ParentOf($@"{Ide}\\\\0\\\\0\\\\D"));

    private static readonly string EmptyFloppy = Resource(@"8F0D2762-0B00-4E04-AF4F-19010527CB93\\0\\0\\L", 31, "Microsoft:Hyper-V:Virtual Floppy Disk");

    [Fact]
    public async Task The_row_without_a_GUID_is_the_host_whatever_its_caption_and_never_is_null()
    {
        var reading = await ReadAsync(Systems);

        var vm = Assert.Single(reading.VirtualMachines.Content!.Items);
        Assert.Equal((new Guid(Vm), "vm1", VirtualMachineState.Off), (vm.Id, vm.Name, vm.State));
        Assert.DoesNotContain("1601", System.Text.Json.JsonSerializer.Serialize(reading, HyperVDash.Model.Json.AgentJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_machine_of_the_first_generation_has_three_controllers_a_disk_with_its_image_and_an_empty_DVD_drive()
    {
        var devices = (await ReadAsync([.. Systems, .. Nothing, V2("Msvm_ResourceAllocationSettingData", DefaultGenerationOne), V2("Msvm_StorageAllocationSettingData", Image, EmptyFloppy)])).Devices.Content!;

        Assert.Equal(15, DefaultGenerationOne.Length);
        Assert.Equal([(ControllerKind.Ide, 0), (ControllerKind.Ide, 1), (ControllerKind.Scsi, 0)], devices.Controllers!.Value.Select(c => (c.Kind, c.Number)));
        var drives = devices.Drives!.Value.Where(d => d.Kind != DriveKind.Floppy).ToList();
        Assert.Equal(
            [(DriveKind.Disk, 0, 0, DriveContent.Image, @"C:\Hyper-V\test\instances\vm1\vm1.vhd"), (DriveKind.Dvd, 1, 0, DriveContent.Empty, null)],
            drives.Select(d => (d.Kind, d.ControllerNumber!.Value, d.Location!.Value, d.Content, d.Path)));
    }

    [Fact]
    public async Task Without_a_parent_the_shape_of_the_ids_gives_the_same()
    {
        string[] orphaned = [.. DefaultGenerationOne.Select(r => System.Text.RegularExpressions.Regex.Replace(r, @", ""Parent"": ""(\\.|[^""\\])*""", ""))];
        string image = System.Text.RegularExpressions.Regex.Replace(Image, @", ""Parent"": ""(\\.|[^""\\])*""", "");
        Assert.DoesNotContain(orphaned, r => r.Contains("\"Parent\"", StringComparison.Ordinal));

        var with = (await ReadAsync([.. Systems, .. Nothing, V2("Msvm_ResourceAllocationSettingData", DefaultGenerationOne), V2("Msvm_StorageAllocationSettingData", Image, EmptyFloppy)])).Devices.Content!;
        var without = (await ReadAsync([.. Systems, .. Nothing, V2("Msvm_ResourceAllocationSettingData", orphaned), V2("Msvm_StorageAllocationSettingData", image, EmptyFloppy)])).Devices.Content!;

        Assert.Equal(with.Drives!.Value.Select(d => d with { Id = "" }), without.Drives!.Value.Select(d => d with { Id = "" }));
        Assert.Equal(with.Controllers!.Value, without.Controllers!.Value);
    }

    [Theory]
    [InlineData(@"Microsoft:Definition\\118C3BE5-0D31-4804-85F0-5C6074ABEA8F\\Default")]
    [InlineData(@"Microsoft:Definition\\\\6A45335D-4C3A-44B7-B61F-C9808BBDF8ED\\\\Default")]
    public async Task A_template_is_nobodys_whether_it_has_one_backslash_or_two(string id)
    {
        string template = $$"""{ "InstanceID": "{{id}}", "ResourceType": 10, "ElementName": "Network Adapter", "Address": "000000000000", "StaticMacAddress": false }""";

        var reading = await ReadAsync([.. Systems, .. Nothing.Skip(1), V2("Msvm_SyntheticEthernetPortSettingData", template), V2("Msvm_ResourceAllocationSettingData", DefaultGenerationOne), V2("Msvm_StorageAllocationSettingData", Image)]);

        Assert.Empty(reading.Devices.Content!.NetworkAdapters!.Value);
    }

    [Fact]
    public async Task The_connection_of_a_synthetic_and_of_a_legacy_adapter_are_found_by_the_longest_prefix()
    {
        const string nic = "1A2B3C4D-0000-4000-8000-00000000000A", legacy = "1A2B3C4D-0000-4000-8000-00000000000B", name = "F3A0C0DE-0000-4000-8000-000000000001";
        const string port = """ "HostResource": ["\\\\WIN-667A0LKMU6R\\root\\virtualization\\v2:Msvm_VirtualEthernetSwitch.CreationClassName=\"Msvm_VirtualEthernetSwitch\",Name=\"F3A0C0DE-0000-4000-8000-000000000001\""], "EnabledState": 2 }""";

        var reading = await ReadAsync(
        [
            .. Systems, V2("Msvm_ResourceAllocationSettingData", DefaultGenerationOne), V2("Msvm_StorageAllocationSettingData", Image), V2("Msvm_DiskDrive"),
            V2("Msvm_SyntheticEthernetPortSettingData", $$"""{ "InstanceID": "Microsoft:{{Vm}}\\{{nic}}", "Address": "00155D000001" }"""),
            V2("Msvm_EmulatedEthernetPortSettingData", $$"""{ "InstanceID": "Microsoft:{{Vm}}\\{{legacy}}\\0", "Address": "00155D000002" }"""),
            V2("Msvm_EthernetPortAllocationSettingData",
                $$"""{ "InstanceID": "Microsoft:{{Vm}}\\{{nic}}\\C", {{port}}""", $$"""{ "InstanceID": "microsoft:{{Vm.ToLowerInvariant()}}\\{{legacy.ToLowerInvariant()}}\\0\\C", {{port}}"""),
            V2("Msvm_VirtualEthernetSwitch", $$"""{ "Name": "{{name}}", "ElementName": "Production" }"""),
            V2("Msvm_EthernetSwitchPortVlanSettingData", $$"""{ "InstanceID": "Microsoft:{{Vm}}\\{{legacy}}\\0\\C\\952C5004-4465-451C-8CB8-FA9AB382B773", "OperationMode": 1, "AccessVlanId": 20 }"""),
            V2("Msvm_EthernetSwitchPortSecuritySettingData"),
        ]);

        Assert.Equal(
            [(NetworkAdapterKind.Synthetic, "Production", (int?)null), (NetworkAdapterKind.Legacy, "Production", 20)],
            reading.Devices.Content!.NetworkAdapters!.Value.OrderBy(n => n.Kind).Select(n => (n.Kind, n.SwitchName!, n.VlanId)));
    }

    [Fact]
    public async Task The_older_namespace_says_image_bay_and_pass_through_disk_in_its_own_way()
    {
        const string id = "04FB9E92-0000-4000-8000-000000000001";
        string parent(string tail) => $$""" "Parent": "\\\\HV12OSDEMO1\\root\\virtualization:Msvm_ResourceAllocationSettingData.InstanceID=\"Microsoft:{{id}}\\\\{{tail}}\"" """;
        string row(string tail, int type, string subType, string more) => $$"""{ "InstanceID": "Microsoft:{{id}}\\{{tail}}", "ResourceType": {{type}}, "ResourceSubType": "{{subType}}", {{more}} }""";

        var reading = await ReadAsync(
            """{ "namespace": "root/virtualization/v2", "class": "Msvm_ComputerSystem", "error": { "code": "0x8004100E" } }""",
            V1("Msvm_ComputerSystem", """{ "Name": "HV12OSDEMO1", "EnabledState": 2 }""", $$"""{ "Name": "{{id}}", "ElementName": "old", "EnabledState": 32769 }"""),
            V1("Msvm_VirtualSystemSettingData", $$"""{ "InstanceID": "Microsoft:{{id}}", "SystemName": "{{id}}", "SettingType": 3, "ElementName": "old" }"""),
            V1("Msvm_VirtualSystemGlobalSettingData", $$"""{ "InstanceID": "Microsoft:{{id}}\\Global", "SystemName": "{{id}}" }"""),
            V1("Msvm_MemorySettingData", $$"""{ "InstanceID": "Microsoft:{{id}}\\4764334d-e001-4176-82ee-5594ec9b530e", "VirtualQuantity": 512 }"""),
            V1("Msvm_ProcessorSettingData", $$"""{ "InstanceID": "Microsoft:{{id}}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0", "VirtualQuantity": 1 }"""),
            V1("Msvm_ResourceAllocationSettingData",
                row($@"{Ide}\\0", 5, "Microsoft Emulated IDE Controller", """ "Address": "0" """),
                row($@"{Ide}\\0\\0\\D", 22, "Microsoft Synthetic Disk Drive", """ "Address": "0", """ + parent($@"{Ide}\\\\0")),
                row($@"{Ide}\\0\\0\\L", 21, "Microsoft Virtual Hard Disk", """ "Connection": ["D:\\vm\\old.vhd"], """ + parent($@"{Ide}\\\\0\\\\0\\\\D")),
                row($@"{Scsi}\\0", 6, "Microsoft Synthetic SCSI Controller", """ "Address": "0" """),
                row($@"{Scsi}\\0\\0\\D", 22, "Microsoft Physical Disk Drive",
                    """ "Address": "0", "HostResource": ["\\\\HV12OSDEMO1\\root\\virtualization:Msvm_DiskDrive.CreationClassName=\"Msvm_DiskDrive\",DeviceID=\"Microsoft:353B3BE8-310C-4cf4-839E-4E1B14616136\\\\1\",SystemCreationClassName=\"Msvm_ComputerSystem\",SystemName=\"HV12OSDEMO1\""], """
                    + parent($@"{Scsi}\\\\0"))),
            V1("Msvm_DiskDrive", """{ "DeviceID": "Microsoft:353B3BE8-310C-4cf4-839E-4E1B14616136\\1", "DriveNumber": 1, "SystemName": "HV12OSDEMO1" }"""),
            V1("Msvm_SyntheticEthernetPortSettingData"), V1("Msvm_EmulatedEthernetPortSettingData"), V1("Msvm_VirtualSwitch"), V1("Msvm_SwitchPort"),
            V1("Msvm_BindsTo", """{ "Antecedent": null, "Dependent": null }"""), V1("Msvm_NetworkElementSettingData", """{ "ManagedElement": null, "SettingData": null }"""), V1("Msvm_VLANEndpointSettingData"));

        Assert.Equal(VirtualMachineState.Saved, Assert.Single(reading.VirtualMachines.Content!.Items).State);
        var devices = reading.Devices.Content!;
        Assert.Equal(
            [(ControllerKind.Ide, 0, DriveContent.Image, @"D:\vm\old.vhd", (int?)null), (ControllerKind.Scsi, 0, DriveContent.PassThrough, null, 1)],
            devices.Drives!.Value.Select(d => (d.ControllerKind, d.Location!.Value, d.Content, d.Path, d.HostDiskNumber)));
    }

    [Fact]
    public async Task An_association_of_nothing_with_nothing_is_passed_over()
    {
        const string nobody = """{ "Antecedent": null, "Dependent": null }""";

        var reading = await ReadAsync(
        [
            .. Systems, V2("Msvm_VirtualEthernetSwitch", """{ "Name": "F3A0C0DE-0000-4000-8000-000000000001", "ElementName": "Production" }"""),
            V2("Msvm_VirtualEthernetSwitchSettingData", """{ "InstanceID": "Microsoft:F3A0C0DE-0000-4000-8000-000000000001", "VirtualSystemIdentifier": "F3A0C0DE-0000-4000-8000-000000000001" }"""),
            V2("Msvm_EthernetPortAllocationSettingData"), V2("Msvm_ActiveConnection", nobody, nobody), V2("Msvm_EthernetDeviceSAPImplementation", nobody),
            V2("Msvm_VirtualEthernetSwitchNicTeamingMember", nobody), V2("Msvm_ExternalEthernetPort"), V2("Msvm_EthernetSwitchExtension"), V2("Msvm_WiFiPort"),
            V2("Msvm_InternalEthernetPort"), V2("Msvm_EthernetSwitchHardwareOffloadData"), V2("Msvm_VirtualEthernetSwitchNicTeamingSettingData"), V2("Msvm_EthernetSwitchPortVlanSettingData"),
        ]);

        Assert.Equal(SectionState.Complete, reading.Switches.Attempt.State);
        Assert.Equal("Production", Assert.Single(reading.Switches.Content!.Items).Name);
    }

    [Theory]
    [InlineData(9200, 1)]
    [InlineData(9600, null)]
    [InlineData(20348, null)]
    [InlineData(null, null)]
    public void A_generation_that_is_not_said_is_the_first_only_where_there_was_no_other(int? build, int? generation)
    {
        var host = new HostFacts("H", 2, build, IsBeforeRelease: false, DateTimeOffset.UnixEpoch);
        var tables = new TableSet();
        var id = Guid.NewGuid();
        tables[Plan.Systems(host)] = new Table([CimRow.Of("Msvm_ComputerSystem", ("Name", id.ToString()), ("ElementName", "vm1"), ("EnabledState", 2))], null);
        tables[Plan.Settings(host)] = new Table(
            [CimRow.Of("Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{id}"), ("VirtualSystemIdentifier", id.ToString()), ("VirtualSystemType", "Microsoft:Hyper-V:System:Realized"))], null);

        var vm = Assert.Single(VirtualMachineReader.Read(tables, host, null).Content!.Items);

        Assert.Equal(generation, vm.Generation);
    }
}
