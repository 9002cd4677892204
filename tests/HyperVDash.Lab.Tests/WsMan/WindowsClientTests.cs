using System.Xml.Linq;

namespace HyperVDash.Lab.Tests.WsMan;

/// <summary>The requests of Windows' own CIM client (Get-CimInstance, Get-CimClass, Invoke-CimMethod).</summary>
public sealed class WindowsClientTests
{
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";

    private static string Text(string action, string uri, string selectors, string options, string body) => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header><a:To>http://hv03:5985/wsman</a:To><w:ResourceURI s:mustUnderstand="true">{uri}</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">{action}</a:Action><w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><a:MessageID>uuid:C5D92E4B-3C34-4B53-A7A1-7C0D0B4E0001</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/><p:ActivityId s:mustUnderstand="false">7A0D0001-0000-0000-0000-000000000000</p:ActivityId><p:SessionId s:mustUnderstand="false">uuid:7A0D0002-0000-0000-0000-000000000000</p:SessionId><p:OperationID s:mustUnderstand="false">uuid:7A0D0003-0000-0000-0000-000000000000</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId><w:OptionSet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><w:Option Name="msftwinrm:UsePreciseArrays" Type="xs:boolean">true</w:Option>{options}</w:OptionSet><w:SelectorSet><w:Selector Name="__cimnamespace">root/virtualization/v2</w:Selector>{selectors}</w:SelectorSet></s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;

    private const string Metadata = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";

    // As Get-CimClass sends it for a pattern: the name is empty, and there is no EnumerationMode.
    private static string List(string className, int maxElements, string options = "") => Text("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", Metadata, $"<w:Selector Name=\"ClassName\">{className}</w:Selector>",
        "<w:Option Name=\"IncludeInheritanceHierarchy\" Type=\"xs:boolean\">true</w:Option><w:Option Name=\"IncludeInheritedElements\" Type=\"xs:boolean\">true</w:Option><w:Option Name=\"IncludeQualifiers\" Type=\"xs:boolean\">true</w:Option>"
        + "<w:Option Name=\"__MI_CallbackRegistration\" Type=\"xs:int\">11</w:Option><w:Option Name=\"wmiarray:__MI_OPERATIONOPTIONS_CHANNELVALUE\" Type=\"xs:unsignedInt\">0</w:Option>"
        + $"<w:Option Name=\"wmi:__MI_OPERATIONOPTIONS_WRITEERRORMODE\" Type=\"xs:unsignedInt\">1</w:Option>{options}",
        $"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{maxElements}</w:MaxElements></n:Enumerate>");

    /// <summary>Every item, pulled to the end in the form in which it was begun.</summary>
    private static async Task<List<XElement>> WalkAsync(RawClient host, string start)
    {
        var answer = await host.PostAsync(start);
        var items = answer.Answer.Element(RawClient.W + "Items")!.Elements().ToList();
        string body = start[start.IndexOf("<s:Body>", StringComparison.Ordinal)..], count = body[(body.IndexOf("<w:MaxElements>", StringComparison.Ordinal) + 15)..body.IndexOf("</w:MaxElements>", StringComparison.Ordinal)];
        while (answer.Context is { } context)
        {
            answer = await host.PostAsync(start.Replace("/enumeration/Enumerate<", "/enumeration/Pull<", StringComparison.Ordinal)
                .Replace(body, $"<s:Body><n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{count}</n:MaxElements></n:Pull></s:Body></s:Envelope>", StringComparison.Ordinal));
            items.AddRange(answer.Answer.Element(RawClient.N + "Items")!.Elements());
        }

        return items;
    }

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
        string Question(string name) => Text("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", Metadata,
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

    [Fact]
    public async Task Without_its_options_a_description_has_no_qualifiers_and_no_chain_of_bases()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = (await host.PostAsync(Text("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", Metadata, "<w:Selector Name=\"ClassName\">Msvm_ComputerSystem</w:Selector>", "", ""))).Answer;

        Assert.Equal(["NAME", "SUPERCLASS"], answer.Attributes().Select(a => a.Name.ToString()));
        Assert.Empty(answer.Descendants("QUALIFIER"));
        Assert.NotEmpty(answer.Elements("PROPERTY"));
    }

    [Fact]
    public async Task For_a_pattern_of_names_it_lists_every_class_and_picks_among_them_itself()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var all = await WalkAsync(host, List("", maxElements: 32_000));
        var inParts = await WalkAsync(host, List("", maxElements: 7));

        var names = all.ConvertAll(c => c.Attribute("NAME")!.Value);
        Assert.Contains("Msvm_ComputerSystem", names);
        Assert.Contains("Msvm_VirtualEthernetSwitch", names);
        Assert.Contains("CIM_ComputerSystem", names);
        Assert.Equal(names.Distinct(), names);
        Assert.All(all, c => Assert.Equal("CLASS", c.Name.ToString()));
        Assert.Equal(all.Select(c => c.ToString(SaveOptions.DisableFormatting)), inParts.Select(c => c.ToString(SaveOptions.DisableFormatting)));
        // Every class of the list can be asked for by its name, and every base is in it.
        Assert.Subset(names.ToHashSet(), all.Select(c => c.Attribute("SUPERCLASS")?.Value).OfType<string>().ToHashSet());
        Assert.Equal(["CreationClassName", "Name"], all.Single(c => c.Attribute("NAME")!.Value == "CIM_ComputerSystem").Elements().Where(p => p.Elements("QUALIFIER").Any()).Select(p => p.Attribute("NAME")!.Value));
    }

    [Fact]
    public async Task Below_a_base_it_lists_the_classes_derived_from_it()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var derived = await WalkAsync(host, List("CIM_ComputerSystem", maxElements: 32_000));
        var unknown = await host.PostAsync(List("CIM_Nothing", maxElements: 32_000));

        Assert.Equal(["Msvm_ComputerSystem", "Msvm_VirtualEthernetSwitch"], derived.Select(c => c.Attribute("NAME")!.Value));
        Assert.Equal((500, "0x80041010"), (unknown.Status, unknown.WmiCode));
    }

    [Fact]
    public async Task Names_alone_come_without_members()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var names = await WalkAsync(host, List("", maxElements: 32_000, "<w:Option Name=\"ExcludeClassSpecification\" Type=\"xs:boolean\">true</w:Option>"));

        Assert.True(names.Count > 40, $"{names.Count}");
        Assert.All(names, c => Assert.Empty(c.Elements()));
    }

    [Fact]
    public async Task Before_2012_a_host_describes_no_classes()
    {
        await using var host = await RawClient.OfAsync(HyperVDash.Lab.Scenarios.LabScenarios.Generate(
            new HyperVDash.Lab.Scenarios.Generator.GeneratorOptions(1, 1, 1) { Release = "2008R2" }, TimeProvider.System, isFrozen: true).Hosts[0]);

        var answer = await host.PostAsync(List("", maxElements: 32_000));

        Assert.Equal((500, 0x8033803B), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_class_is_listed_by_its_own_address_and_each_object_is_got_again_by_the_reference_that_came_with_it()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        const string uri = Dmtf + "Msvm_ComputerSystem";

        var items = await WalkAsync(host, Text("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", uri, "", "",
            "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>4</w:MaxElements><w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode></n:Enumerate>"));

        Assert.Equal(10, items.Count);
        Assert.All(items, i => Assert.Equal([XName.Get("Msvm_ComputerSystem", uri), RawClient.A + "EndpointReference"], i.Elements().Select(e => e.Name)));
        foreach (var item in items)
        {
            string keys = string.Concat(item.Descendants(RawClient.W + "Selector").Where(s => s.Attribute("Name")!.Value != "__cimnamespace").Select(s => $"<w:Selector Name=\"{s.Attribute("Name")!.Value}\">{s.Value}</w:Selector>"));
            var again = (await host.PostAsync(Text("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", uri, keys, "", ""))).Answer;
            Assert.Equal((uri, Child(item.Elements().First(), "Name")), (again.Name.NamespaceName, Child(again, "Name")));
        }
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
