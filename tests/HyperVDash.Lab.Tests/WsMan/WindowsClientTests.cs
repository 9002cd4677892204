using System.Xml.Linq;

namespace HyperVDash.Lab.Tests.WsMan;

/// <summary>The requests of Windows' own CIM client (Get-CimInstance, Get-CimClass, Invoke-CimMethod).</summary>
public sealed class WindowsClientTests
{
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";

    private static string Text(string action, string uri, string selectors, string options, string body) => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header><a:To>http://hv03:5985/wsman</a:To><w:ResourceURI s:mustUnderstand="true">{uri}</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">{action}</a:Action><w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><a:MessageID>uuid:C5D92E4B-3C34-4B53-A7A1-7C0D0B4E0001</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/><p:ActivityId s:mustUnderstand="false">7A0D0001-0000-0000-0000-000000000000</p:ActivityId><p:SessionId s:mustUnderstand="false">uuid:7A0D0002-0000-0000-0000-000000000000</p:SessionId><p:OperationID s:mustUnderstand="false">uuid:7A0D0003-0000-0000-0000-000000000000</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId><w:OptionSet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><w:Option Name="msftwinrm:UsePreciseArrays" Type="xs:boolean">true</w:Option>{options}</w:OptionSet><w:SelectorSet><w:Selector Name="__cimnamespace">root/virtualization/v2</w:Selector>{selectors}</w:SelectorSet></s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;

    private static string Query(string wql) => Text("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", "http://schemas.dmtf.org/wbem/wscim/1/*", "", "",
        $"""<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements><w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode><w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">{wql}</w:Filter></n:Enumerate>""");

    [Fact]
    public async Task A_query_brings_every_object_with_its_reference_in_DMTFs_form_and_the_end_in_one_answer()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Query("select * from Msvm_ComputerSystem"), headers: [("User-Agent", "Microsoft WinRM Client"), ("Connection", "Keep-Alive")]);

        var items = answer.Answer.Element(RawClient.W + "Items")!.Elements(RawClient.W + "Item").ToList();
        Assert.Equal(10, items.Count);
        Assert.NotNull(answer.Answer.Element(RawClient.W + "EndOfSequence"));
        Assert.All(items, i => Assert.Equal(XName.Get("Msvm_ComputerSystem", Dmtf + "Msvm_ComputerSystem"), i.Elements().First().Name));
        var reference = items[0].Element(RawClient.A + "EndpointReference")!;
        Assert.Equal(Dmtf + "Msvm_ComputerSystem", reference.Descendants(RawClient.W + "ResourceURI").Single().Value);
        Assert.Equal(["__cimnamespace=root/virtualization/v2", "CreationClassName=Msvm_ComputerSystem", "Name=HV03"],
            reference.Descendants(RawClient.W + "Selector").Select(s => $"{s.Attribute("Name")!.Value}={s.Value}"));
    }

    [Fact]
    public async Task Its_operation_number_is_not_sent_back_which_would_announce_more_than_the_host_can()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Query("select * from Msvm_ComputerSystem"));

        Assert.Equal(["Action", "MessageID", "To", "RelatesTo"], answer.Text!.Root!.Element(RawClient.S + "Header")!.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task Null_arrays_are_told_as_such_where_it_asks_for_that()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Query("select * from Msvm_ComputerSystem where Name = 'HV03'"));

        var roles = answer.Answer.Descendants(XName.Get("Roles", Dmtf + "Msvm_ComputerSystem")).Single();
        Assert.Equal("true", roles.Attribute(RawClient.Xsi + "nil")!.Value);
        Assert.Equal("true", roles.Attribute(XName.Get("IsNullArray", "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"))!.Value);
    }

    [Fact]
    public async Task Spans_instants_and_booleans_have_the_form_it_converts()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var settings = (await host.PostAsync(Query("select * from Msvm_VirtualSystemSettingData"))).Answer;

        const string cim = "http://schemas.dmtf.org/wbem/wscim/1/common";
        Assert.Contains(settings.Descendants(XName.Get("Interval", cim)), e => e.Parent!.Name.LocalName == "AutomaticStartupActionDelay" && e.Value.StartsWith('P'));
        Assert.Contains(settings.Descendants(XName.Get("Datetime", cim)), e => e.Parent!.Name.LocalName == "CreationTime");
        Assert.All(settings.Descendants().Where(e => e.Name.LocalName == "VirtualNumaEnabled" && e.Value.Length > 0), e => Assert.True(e.Value is "true" or "false", e.Value));
    }

    [Fact]
    public async Task The_description_of_a_class_is_CIM_XML_in_no_namespace()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        string Question(string name) => Text("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*",
            $"<w:Selector Name=\"ClassName\">{name}</w:Selector>",
            "<w:Option Name=\"IncludeInheritanceHierarchy\" Type=\"xs:boolean\">true</w:Option><w:Option Name=\"IncludeQualifiers\" Type=\"xs:boolean\">true</w:Option>", "");

        var answer = (await host.PostAsync(Question("Msvm_ComputerSystem"))).Answer;
        var unknown = await host.PostAsync(Question("Msvm_Nothing"));

        Assert.Equal("CLASS", answer.Name.ToString());
        Assert.Equal(("Msvm_ComputerSystem", "CIM_ComputerSystem"), (answer.Attribute("NAME")!.Value, answer.Attribute("SUPERCLASS")!.Value));
        Assert.Equal("uint64", answer.Elements("PROPERTY").Single(p => p.Attribute("NAME")!.Value == "OnTimeInMilliseconds").Attribute("TYPE")!.Value);
        Assert.Equal("uint16", answer.Elements("PROPERTY.ARRAY").Single(p => p.Attribute("NAME")!.Value == "OperationalStatus").Attribute("TYPE")!.Value);
        Assert.Equal(["CreationClassName", "Name"], answer.Elements().Where(p => p.Elements("QUALIFIER").Any(q => q.Attribute("NAME")!.Value == "key")).Select(p => p.Attribute("NAME")!.Value));
        Assert.Equal((500, "0x80041010"), (unknown.Status, unknown.WmiCode));
    }

    [Theory]
    [InlineData("select * from Msvm_Nothing", "5", "2147749904")]
    [InlineData("select Colour from Msvm_ComputerSystem", "15", "2147749911")]
    public async Task A_fault_carries_an_error_instance_with_the_number_it_maps(string wql, string status, string code)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var fault = await host.PostAsync(Query(wql));

        var error = fault.Answer.Descendants(XName.Get("MSFT_WmiError", Dmtf + "MSFT_WmiError")).Single();
        Assert.Equal("true", error.Attribute(XName.Get("IsCIM_Error", "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"))!.Value);
        Assert.Equal((status, code), (Child(error, "CIMStatusCode"), Child(error, "error_Code")));
    }

    [Fact]
    public async Task A_method_is_called_with_typed_text_and_its_channel_options()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        const string uri = Dmtf + "Msvm_VirtualSystemManagementService";
        var keys = (await host.PostAsync(Query("select * from Msvm_VirtualSystemManagementService"))).Answer.Descendants(RawClient.W + "Selector").Where(s => s.Attribute("Name")!.Value != "__cimnamespace").ToList();
        Assert.Equal(4, keys.Count);

        var answer = await host.PostAsync(Text(uri + "/GetSummaryInformation", uri, string.Concat(keys.Select(k => $"<w:Selector Name=\"{k.Attribute("Name")!.Value}\">{k.Value}</w:Selector>")),
            "<w:Option Name=\"wmiarray:__MI_OPERATIONOPTIONS_CHANNELVALUE\" Type=\"xs:unsignedInt\">0</w:Option><w:Option Name=\"wmiarray:__MI_OPERATIONOPTIONS_CHANNELVALUE\" Type=\"xs:unsignedInt\">1</w:Option>",
            $"""<p0:GetSummaryInformation_INPUT xmlns:p0="{uri}" xsi:type="GetSummaryInformation_INPUT_Type"><p0:SettingData xsi:nil="true"/><p0:RequestedInformation xsi:type="cim:cimUnsignedInt">0</p0:RequestedInformation><p0:RequestedInformation xsi:type="cim:cimUnsignedInt">1</p0:RequestedInformation></p0:GetSummaryInformation_INPUT>"""));

        Assert.Equal(XName.Get("GetSummaryInformation_OUTPUT", uri), answer.Answer.Name);
        var rows = answer.Answer.Elements(XName.Get("SummaryInformation", uri)).ToList();
        Assert.Equal(9, rows.Count);
        Assert.All(rows, r => Assert.EndsWith(":Msvm_SummaryInformation_Type", r.Attribute(RawClient.Xsi + "type")!.Value, StringComparison.Ordinal));
        Assert.Contains(rows, r => Child(r, "ElementName") == "web-01");
    }

    [Fact]
    public async Task The_neighbours_of_an_object_are_asked_with_a_filter_of_elements()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        string id = Child((await host.PostAsync(Query("select * from Msvm_ComputerSystem where ElementName = 'web-01'"))).Answer.Descendants(XName.Get("Msvm_ComputerSystem", Dmtf + "Msvm_ComputerSystem")).Single(), "Name");

        var answer = await host.PostAsync(Text("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", "http://schemas.dmtf.org/wbem/wscim/1/*", "", "", $"""
            <n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements><w:Filter Dialect="http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter"><b:AssociatedInstances><b:Object><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>{Dmtf}Msvm_ComputerSystem</w:ResourceURI><w:SelectorSet><w:Selector Name="__cimnamespace">root/virtualization/v2</w:Selector><w:Selector Name="CreationClassName">Msvm_ComputerSystem</w:Selector><w:Selector Name="Name">{id}</w:Selector></w:SelectorSet></a:ReferenceParameters></b:Object><b:AssociationClassName>Msvm_SettingsDefineState</b:AssociationClassName><b:ResultClassName>Msvm_VirtualSystemSettingData</b:ResultClassName></b:AssociatedInstances></w:Filter></n:Enumerate>
            """));

        Assert.Equal("web-01", Child(Assert.Single(answer.Answer.Element(RawClient.W + "Items")!.Elements()), "ElementName"));
    }

    private static string Child(XElement element, string name) => element.Elements().Single(e => e.Name.LocalName == name).Value;
}
