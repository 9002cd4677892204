using System.Xml.Linq;

namespace HyperVDash.Lab.Tests.WsMan;

/// <summary>The lab as somebody with curl and the specification sees it.</summary>
public sealed class HandWrittenTests
{
    private const string V2 = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/";
    private const string Registry = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/default/StdRegProv";
    private const string Enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/";

    private static string Text(string action, string uri, string body, string header = "", string id = "uuid:5A52C0E6-0001-4000-8000-000000000001") => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
                    xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration">
          <s:Header>
            <a:To>http://127.0.0.1/wsman</a:To>
            <w:ResourceURI s:mustUnderstand="true">{uri}</w:ResourceURI>
            <a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>
            <a:Action s:mustUnderstand="true">{action}</a:Action>
            <a:MessageID>{id}</a:MessageID>
            {header}
          </s:Header>
          <s:Body>{body}</s:Body>
        </s:Envelope>
        """;

    private static string Query(string wql, string more = "") =>
        $"""<n:Enumerate>{more}<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">{wql}</w:Filter></n:Enumerate>""";

    private static string Pull(string context, int? count = null) =>
        Text(Enumeration + "Pull", V2 + "Msvm_ComputerSystem", $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext>{(count is null ? "" : $"<n:MaxElements>{count}</n:MaxElements>")}</n:Pull>");

    [Fact]
    public async Task Who_does_not_sign_in_is_told_how()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate/>"), signIn: false);

        Assert.Equal((401, "Basic realm=\"WSMAN\""), (answer.Status, answer.Challenge));
    }

    [Fact]
    public async Task A_class_comes_one_instance_a_page_each_under_a_new_context_to_its_end()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var first = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate/>"));
        Assert.Equal(200, first.Status);
        Assert.Equal(Enumeration + "EnumerateResponse", first.Header("Action"));
        Assert.Equal("uuid:5A52C0E6-0001-4000-8000-000000000001", first.Header("RelatesTo"));
        Assert.Equal(["EnumerationContext"], first.Answer.Elements().Select(e => e.Name.LocalName));

        var contexts = new List<string>();
        var names = new List<string>();
        var page = first;
        while (page.Context is { } context)
        {
            contexts.Add(context);
            page = await host.PostAsync(Pull(context));
            var items = page.Answer.Element(RawClient.N + "Items")!;
            names.Add(Assert.Single(items.Elements()).Elements().Single(e => e.Name.LocalName == "ElementName").Value);
        }

        Assert.Equal(10, names.Count);
        Assert.Equal("HV03", names[0]);
        Assert.Equal(contexts.Count, contexts.Distinct().Count());
        Assert.NotNull(page.Answer.Element(RawClient.N + "EndOfSequence"));
        var old = await host.PostAsync(Pull(contexts[0]));
        Assert.Equal((500, "n:InvalidEnumerationContext", 0x8033801B), (old.Status, old.Subcode, old.Code));
    }

    [Fact]
    public async Task A_page_never_holds_more_than_was_asked_for_nor_more_than_fits()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var first = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate/>"));

        var three = await host.PostAsync(Pull(first.Context!, 3));
        var rest = await host.PostAsync(Pull(three.Context!, 1000));

        Assert.Equal(3, three.Answer.Element(RawClient.N + "Items")!.Elements().Count());
        Assert.Equal(7, rest.Answer.Element(RawClient.N + "Items")!.Elements().Count());

        var narrow = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>1000</w:MaxElements></n:Enumerate>",
            "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">8192</w:MaxEnvelopeSize>"));
        Assert.InRange(narrow.Answer.Element(RawClient.W + "Items")!.Elements().Count(), 1, 4);
        Assert.NotNull(narrow.Context);
        Assert.InRange(narrow.Text!.ToString(SaveOptions.DisableFormatting).Length, 1, 8192);
    }

    [Fact]
    public async Task An_optimised_answer_that_is_whole_has_an_empty_context_items_and_an_end_of_the_other_namespace()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate>"));

        Assert.Equal([RawClient.N + "EnumerationContext", RawClient.W + "Items", RawClient.W + "EndOfSequence"], answer.Answer.Elements().Select(e => e.Name));
        Assert.Null(answer.Context);
        Assert.Equal(10, answer.Answer.Element(RawClient.W + "Items")!.Elements().Count());
    }

    [Fact]
    public async Task An_instance_is_alphabetical_in_the_namespace_of_its_class_with_null_said_and_null_arrays_left_out()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var first = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "*", Query("SELECT * FROM Msvm_ComputerSystem WHERE ElementName = 'web-01'")));

        var instance = (await host.PostAsync(Pull(first.Context!))).Answer.Element(RawClient.N + "Items")!.Elements().Single();

        Assert.Equal(XName.Get("Msvm_ComputerSystem", V2 + "Msvm_ComputerSystem"), instance.Name);
        Assert.Equal("p:Msvm_ComputerSystem_Type", instance.Attribute(RawClient.Xsi + "type")!.Value);
        Assert.Equal("p", instance.GetPrefixOfNamespace(instance.Name.Namespace));
        Assert.All(instance.Elements(), e => Assert.Equal(instance.Name.Namespace, e.Name.Namespace));
        var names = instance.Elements().Select(e => e.Name.LocalName).ToList();
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        Assert.Equal("true", Property(instance, "OtherEnabledState").Attribute(RawClient.Xsi + "nil")!.Value);
        Assert.DoesNotContain("Roles", names);
        Assert.Single(instance.Elements(), e => e.Name.LocalName == "OperationalStatus");
        var installed = Assert.Single(Property(instance, "InstallDate").Elements());
        Assert.Equal(XName.Get("Datetime", "http://schemas.dmtf.org/wbem/wscim/1/common"), installed.Name);
        Assert.EndsWith("Z", installed.Value, StringComparison.Ordinal);
        Assert.Equal("1601-01-01T00:00:00Z", Property(instance, "LastReplicationTime").Value);
    }

    [Fact]
    public async Task A_projection_is_a_fragment_without_namespaces_in_the_order_of_the_alphabet()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "*",
            Query("select Name, EnabledState, InstallDate, OtherEnabledState, Roles from Msvm_ComputerSystem where Name &lt;&gt; __SERVER", "<w:OptimizeEnumeration/>")));

        var fragment = Assert.Single(answer.Answer.Element(RawClient.W + "Items")!.Elements());
        Assert.Equal(RawClient.W + "XmlFragment", fragment.Name);
        Assert.Equal(["EnabledState", "InstallDate", "Name", "OtherEnabledState"], fragment.Elements().Select(e => e.Name.ToString()));
        Assert.Equal("Datetime", fragment.Element("InstallDate")!.Elements().Single().Name.ToString());
        Assert.Equal("true", fragment.Element("OtherEnabledState")!.Attribute(RawClient.Xsi + "nil")!.Value);
    }

    [Fact]
    public async Task Get_finds_one_instance_by_all_its_keys_and_nothing_by_some_of_them()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        const string get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
        const string keys = """<w:Selector Name="name">hv03</w:Selector>""";

        var whole = await host.PostAsync(Text(get, V2 + "Msvm_ComputerSystem", "", $"<w:SelectorSet><w:Selector Name=\"CreationClassName\">Msvm_ComputerSystem</w:Selector>{keys}</w:SelectorSet>"));
        var part = await host.PostAsync(Text(get, V2 + "Msvm_ComputerSystem", "", $"<w:SelectorSet>{keys}</w:SelectorSet>"));
        var gone = await host.PostAsync(Text(get, V2 + "Msvm_ComputerSystem", "", "<w:SelectorSet><w:Selector Name=\"CreationClassName\">Msvm_ComputerSystem</w:Selector><w:Selector Name=\"Name\">nobody</w:Selector></w:SelectorSet>"));
        var one = await host.PostAsync(Text(get, "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem", "",
            "<w:FragmentTransfer s:mustUnderstand=\"true\" Dialect=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">BuildNumber</w:FragmentTransfer>"));

        Assert.Equal((200, "HV03"), (whole.Status, Property(whole.Answer, "ElementName").Value));
        Assert.Equal((500, "a:DestinationUnreachable", 0x80338000), (part.Status, part.Subcode, part.Code));
        Assert.Equal((500, "a:DestinationUnreachable", 0x80338000), (gone.Status, gone.Subcode, gone.Code));
        Assert.Equal("http://schemas.xmlsoap.org/ws/2004/08/addressing/fault", part.Header("Action"));
        Assert.Equal((RawClient.W + "XmlFragment", "20348"), (one.Answer.Name, one.Answer.Element("BuildNumber")!.Value));
    }

    [Fact]
    public async Task A_method_answers_with_its_return_value_and_what_it_found()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        string Input(string value) => $"""<p:GetStringValue_INPUT xmlns:p="{Registry}"><p:hDefKey>2147483650</p:hDefKey><p:sSubKeyName>SOFTWARE\Microsoft\Windows NT\CurrentVersion</p:sSubKeyName><p:sValueName>{value}</p:sValueName></p:GetStringValue_INPUT>""";

        var found = await host.PostAsync(Text(Registry + "/GetStringValue", Registry, Input("BuildLabEx")));
        var missing = await host.PostAsync(Text(Registry + "/GetStringValue", Registry, Input("NoSuchValue")));

        Assert.Equal(Registry + "/GetStringValueResponse", found.Header("Action"));
        Assert.Equal(XName.Get("GetStringValue_OUTPUT", Registry), found.Answer.Name);
        Assert.Equal(("0", "20348.1.amd64fre.fe_release.210507-1500"), (Property(found.Answer, "ReturnValue").Value, Property(found.Answer, "sValue").Value));
        Assert.NotEqual("0", Property(missing.Answer, "ReturnValue").Value);
    }

    [Theory]
    [InlineData("virtualization/v2/Msvm_Nothing", "<n:Enumerate/>", "a:DestinationUnreachable", 0x80338000, "0x80041010")]
    [InlineData("virtualization/v2/*", "SELECT * FROM Msvm_Nothing", "n:CannotProcessFilter", 0x8033801A, "0x80041010")]
    [InlineData("virtualization/v2/*", "SELECT Name, Colour FROM Msvm_ComputerSystem", "n:CannotProcessFilter", 0x8033801A, "0x80041017")]
    [InlineData("virtualization/v2/*", "SELECT * FROM Msvm_ComputerSystem WHERE Colour = 1", "n:CannotProcessFilter", 0x8033801A, "0x80041017")]
    [InlineData("virtualization/v2/*", "SELEKT * FROM Msvm_ComputerSystem", "n:CannotProcessFilter", 0x8033801A, "0x80041017")]
    [InlineData("virtualization/Msvm_ComputerSystem", "<n:Enumerate/>", "n:CannotProcessFilter", 0x8033801A, "0x8004100e")]
    [InlineData("virtualization/v2/Msvm_ComputerSystem", "SELECT * FROM Msvm_ComputerSystem", "n:CannotProcessFilter", 0x803380FB, null)]
    [InlineData("virtualization/v2/*", "<n:Enumerate/>", "a:DestinationUnreachable", 0x8033803B, null)]
    [InlineData("virtualization/v2/*", "<n:Enumerate><w:Filter Dialect=\"http://schemas.dmtf.org/wbem/cql/1/dsp0202.pdf\">x</w:Filter></n:Enumerate>", "n:FilterDialectRequestedUnavailable", 0x80338019, null)]
    [InlineData("virtualization/v2/Msvm_ComputerSystem", "<n:Enumerate><b:PolymorphismMode xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd\">None</b:PolymorphismMode></n:Enumerate>", "b:PolymorphismModeNotSupported", 0x80338137, null)]
    public async Task What_cannot_be_answered_is_a_fault_with_the_numbers_of_Windows(string uri, string body, string subcode, uint code, string? wmi)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var fault = await host.PostAsync(Text(Enumeration + "Enumerate", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/" + uri, body.StartsWith('<') ? body : Query(body)));

        Assert.Equal((500, subcode, code, wmi), (fault.Status, fault.Subcode, fault.Code, fault.WmiCode));
        Assert.Equal("HV03", fault.Answer.Descendants(RawClient.F + "WSManFault").First().Attribute("Machine")!.Value);
    }

    [Theory]
    [InlineData("<a:MessageID>uuid:5A52C0E6-0001-4000-8000-000000000001</a:MessageID>", "<a:MessageID/>", "a:InvalidMessageInformationHeader")]
    [InlineData("<a:ReplyTo><a:Address s:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>", "", "a:MessageInformationHeaderRequired")]
    [InlineData("role/anonymous", "role/none", "w:UnsupportedFeature")]
    [InlineData("enumeration/Enumerate<", "enumeration/Count<", "a:ActionNotSupported")]
    [InlineData("<!--more-->", "<w:MaxEnvelopeSize>8191</w:MaxEnvelopeSize>", "w:EncodingLimit")]
    [InlineData("<!--more-->", "<w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"true\"/>", "w:UnsupportedFeature")]
    [InlineData("<!--more-->", "<x:Strange xmlns:x=\"urn:x\" s:mustUnderstand=\"true\"/>", "s:MustUnderstand")]
    [InlineData("<!--more-->", "<w:OptionSet><w:Option Name=\"a\" MustComply=\"true\">1</w:Option></w:OptionSet>", "w:InvalidOptions")]
    [InlineData("<!--more-->", "<w:SelectorSet><w:Selector Name=\"__cimnamespace\">root/cimv2</w:Selector></w:SelectorSet>", "w:InvalidSelectors")]
    [InlineData("<!--more-->", "<w:SelectorSet><w:Selector Name=\"Name\">HV03</w:Selector></w:SelectorSet>", "w:InvalidSelectors")]
    [InlineData("/root/virtualization/v2/Msvm_ComputerSystem<", "<", "a:DestinationUnreachable")]
    public async Task A_header_that_Windows_refuses_is_refused(string instead, string written, string subcode)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        string right = Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate/>", "<!--more-->");
        Assert.Equal(200, (await host.PostAsync(right)).Status);

        var fault = await host.PostAsync(right.Replace(instead, written, StringComparison.Ordinal));

        Assert.Equal((500, subcode), (fault.Status, fault.Subcode));
    }

    [Fact]
    public async Task Text_in_UTF_16_is_answered_in_UTF_16()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate><w:OptimizeEnumeration/></n:Enumerate>"),
            "application/soap+xml;charset=UTF-16", System.Text.Encoding.Unicode);

        Assert.Equal(200, answer.Status);
        Assert.Contains("UTF-16", answer.ContentType, StringComparison.OrdinalIgnoreCase);
        Assert.Single(answer.Answer.Element(RawClient.W + "Items")!.Elements());
    }

    [Theory]
    [InlineData("HV03", 520_000)]
    [InlineData("HV02", 160_000)]
    public async Task A_request_larger_than_the_release_takes_is_HTTP_413(string name, int size)
    {
        await using var host = await RawClient.OfDemoAsync(name);

        Assert.Equal(413, (await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "*", new string(' ', size)))).Status);
    }

    [Fact]
    public async Task What_is_no_envelope_is_HTTP_400_and_never_resolved()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        Assert.Equal(400, (await host.PostAsync("<html/>")).Status);
        Assert.Equal(400, (await host.PostAsync("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>")).Status);
        Assert.Equal(400, (await host.PostAsync("")).Status);
    }

    [Fact]
    public async Task An_enumeration_that_nobody_pulls_is_forgotten_after_four_minutes()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var host = await RawClient.OfDemoAsync("HV03", time);
        string first = (await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate/>"))).Context!;

        time.Advance(TimeSpan.FromSeconds(239));
        string second = (await host.PostAsync(Pull(first))).Context!;
        time.Advance(TimeSpan.FromSeconds(241));

        Assert.Equal("n:InvalidEnumerationContext", (await host.PostAsync(Pull(second))).Subcode);
    }

    [Fact]
    public async Task A_released_enumeration_is_over()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        string context = (await host.PostAsync(Text(Enumeration + "Enumerate", V2 + "Msvm_ComputerSystem", "<n:Enumerate/>"))).Context!;

        var released = await host.PostAsync(Text(Enumeration + "Release", V2 + "Msvm_ComputerSystem", $"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"));

        Assert.Equal((200, Enumeration + "ReleaseResponse"), (released.Status, released.Header("Action")));
        Assert.Equal("n:InvalidEnumerationContext", (await host.PostAsync(Pull(context))).Subcode);
    }

    private static XElement Property(XElement instance, string name) => instance.Elements().Single(e => e.Name.LocalName == name);
}
