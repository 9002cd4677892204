using System.Xml.Linq;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.Tests.WsMan;

/// <summary>The questions of libvirt's Hyper-V driver (virsh -c hyperv://), as it words them, and what it cannot do without.</summary>
public sealed class LibvirtTests
{
    private const string Wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/";

    private static string Text(string action, string uri, string body) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:wsman="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:wsen="http://schemas.xmlsoap.org/ws/2004/09/enumeration"><s:Header><wsa:Action s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/09/enumeration/{action}</wsa:Action><wsa:To s:mustUnderstand="true">http://127.0.0.1:5985/wsman</wsa:To><wsman:ResourceURI s:mustUnderstand="true">{uri}</wsman:ResourceURI><wsa:MessageID s:mustUnderstand="true">uuid:3b1e6a52-7a1c-1a1c-8002-d4d8d2f0a000</wsa:MessageID><wsa:ReplyTo><wsa:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:Address></wsa:ReplyTo></s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;

    /// <summary>Enumerates on <c>/*</c> and pulls with the class's own URI, one instance at a time, until there is no context; never releases.</summary>
    private static async Task<List<XElement>> AskAsync(RawClient host, string cimNamespace, string className, string wql)
    {
        var page = await host.PostAsync(Text("Enumerate", $"{Wmi}{cimNamespace}/*", $"""<wsen:Enumerate><wsman:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">{wql}</wsman:Filter></wsen:Enumerate>"""));
        var found = new List<XElement>();
        while (page.Context is { } context)
        {
            page = await host.PostAsync(Text("Pull", $"{Wmi}{cimNamespace}/{className}", $"<wsen:Pull><wsen:EnumerationContext>{context}</wsen:EnumerationContext></wsen:Pull>"));
            var items = page.Answer.Element(RawClient.N + "Items");
            Assert.NotNull(items);
            Assert.InRange(items.Elements().Count(), 0, 1);
            Assert.All(items.Elements(), i => Assert.Equal(XName.Get(className, $"{Wmi}{cimNamespace}/{className}"), i.Name));
            found.AddRange(items.Elements());
        }

        Assert.Equal(200, page.Status);
        return found;
    }

    [Theory]
    [InlineData("cimv2", "Win32_ComputerSystemProduct", "SELECT * FROM Win32_ComputerSystemProduct ", 1)]
    [InlineData("cimv2", "Win32_OperatingSystem", "SELECT * FROM Win32_OperatingSystem ", 1)]
    [InlineData("cimv2", "Win32_ComputerSystem", "SELECT * FROM Win32_ComputerSystem ", 1)]
    [InlineData("cimv2", "Win32_Processor", "ASSOCIATORS OF {Win32_ComputerSystem.Name='HV03'} WHERE AssocClass = Win32_ComputerSystemProcessor ResultClass = Win32_Processor", 2)]
    [InlineData("virtualization/v2", "Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem WHERE Name != __SERVER ", 9)]
    [InlineData("virtualization/v2", "Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem WHERE Name != __SERVER AND (EnabledState != 0 and EnabledState != 3 and EnabledState != 32769) ", null)]
    [InlineData("virtualization/v2", "Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem WHERE Name != __SERVER AND ElementName = \"WEB-01\"", 1)]
    [InlineData("virtualization/v2", "Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem WHERE Name != __SERVER AND Name = '00000000-0000-0000-0000-000000000000'", 0)]
    [InlineData("virtualization/v2", "Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem WHERE Name != __SERVER AND not (ElementName like 'web%' or Name is null)", 8)]
    [InlineData("virtualization/v2", "Msvm_VirtualEthernetSwitch", "SELECT * FROM Msvm_VirtualEthernetSwitch WHERE HealthState = 5", null)]
    [InlineData("virtualization/v2", "Msvm_ConcreteJob", "SELECT * FROM Msvm_ConcreteJob", 0)]
    public async Task Its_questions_are_answered_one_instance_a_pull(string cimNamespace, string className, string wql, int? count)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var rows = await AskAsync(host, cimNamespace, className, wql);

        Assert.True(count is null ? rows.Count > 0 : rows.Count == count, $"{rows.Count} rows");
    }

    [Fact]
    public async Task From_a_virtual_machine_it_walks_to_its_settings_and_from_there_to_its_devices()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var vm = Assert.Single(await AskAsync(host, "virtualization/v2", "Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem WHERE Name != __SERVER AND ElementName = 'web-01'"));
        string id = Value(vm, "Name");

        var settings = Assert.Single(await AskAsync(host, "virtualization/v2", "Msvm_VirtualSystemSettingData",
            $$"""ASSOCIATORS OF {Msvm_ComputerSystem.CreationClassName='Msvm_ComputerSystem',Name='{{id.ToLowerInvariant()}}'} WHERE AssocClass = Msvm_SettingsDefineState ResultClass = Msvm_VirtualSystemSettingData"""));
        Assert.Equal(id, Value(settings, "VirtualSystemIdentifier"));

        foreach (string part in (string[])["Processor", "Memory", "ResourceAllocation", "StorageAllocation", "EthernetPortAllocation", "SyntheticEthernetPort"])
        {
            var devices = await AskAsync(host, "virtualization/v2", $"Msvm_{part}SettingData",
                $$"""ASSOCIATORS OF {Msvm_VirtualSystemSettingData.InstanceID='Microsoft:{{id}}'} WHERE AssocClass = Msvm_VirtualSystemSettingDataComponent ResultClass = Msvm_{{part}}SettingData""");
            Assert.NotEmpty(devices);
            Assert.All(devices, d => Assert.StartsWith($@"Microsoft:{id}\", Value(d, "InstanceID"), StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task It_asks_for_references_alone_and_finds_the_keys_under_the_prefixes_it_expects()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var first = await host.PostAsync(Text("Enumerate", $"{Wmi}virtualization/v2/Msvm_VirtualSystemManagementService", "<wsen:Enumerate><wsman:EnumerationMode>EnumerateEPR</wsman:EnumerationMode></wsen:Enumerate>"));
        var page = await host.PostAsync(Text("Pull", $"{Wmi}virtualization/v2/Msvm_VirtualSystemManagementService", $"<wsen:Pull><wsen:EnumerationContext>{first.Context}</wsen:EnumerationContext></wsen:Pull>"));

        var reference = page.Answer.Element(RawClient.N + "Items")!.Element(RawClient.A + "EndpointReference")!;

        Assert.Equal(["CreationClassName", "Name", "SystemCreationClassName", "SystemName"], reference.Descendants(RawClient.W + "Selector").Select(s => s.Attribute("Name")!.Value));
        var root = page.Text!.Root!;
        Assert.Equal(("s", "a", "w"), (root.GetPrefixOfNamespace(RawClient.S), root.GetPrefixOfNamespace(RawClient.A), root.GetPrefixOfNamespace(RawClient.W)));
    }

    /// <summary>It refuses an instance that lacks a scalar property of its tables: those of 2012 R2.</summary>
    [Theory]
    [InlineData("root/virtualization/v2", "Msvm_ComputerSystem", 45, 9)]
    [InlineData("root/virtualization/v2", "Msvm_ConcreteJob", 41, 2)]
    [InlineData("root/virtualization/v2", "Msvm_MemorySettingData", 28, 2)]
    [InlineData("root/virtualization/v2", "Msvm_ProcessorSettingData", 27, 2)]
    [InlineData("root/virtualization/v2", "Msvm_VirtualSystemSettingData", 45, 3)]
    [InlineData("root/virtualization/v2", "Msvm_ResourceAllocationSettingData", 24, 3)]
    [InlineData("root/virtualization/v2", "Msvm_StorageAllocationSettingData", 36, 2)]
    [InlineData("root/virtualization/v2", "Msvm_SyntheticEthernetPortSettingData", 28, 3)]
    [InlineData("root/virtualization/v2", "Msvm_EthernetPortAllocationSettingData", 30, 4)]
    [InlineData("root/virtualization/v2", "Msvm_VirtualEthernetSwitch", 34, 9)]
    [InlineData("root/virtualization/v2", "Msvm_VirtualSystemManagementService", 28, 3)]
    [InlineData("root/cimv2", "Win32_ComputerSystem", 57, 6)]
    [InlineData("root/cimv2", "Win32_OperatingSystem", 63, 1)]
    [InlineData("root/cimv2", "Win32_Processor", 48, 1)]
    [InlineData("root/cimv2", "Win32_ComputerSystemProduct", 8, 0)]
    public void Its_tables_are_covered_by_every_release_from_2012_R2_on(string cimNamespace, string className, int properties, int arrays)
    {
        foreach (string key in (string[])["2012R2", "2016", "2022", "2025"])
        {
            var known = LabRelease.Get(key).Find(cimNamespace, className);
            Assert.NotNull(known);
            Assert.True(known.Properties.Length >= properties, $"{key} {className}: {known.Properties.Length} properties of {properties}");
            Assert.True(known.Properties.Count(p => p.IsArray) >= arrays, $"{key} {className}: {known.Properties.Count(p => p.IsArray)} arrays of {arrays}");
        }
    }

    private static string Value(XElement instance, string name) => instance.Elements().Single(e => e.Name.LocalName == name).Value;
}
