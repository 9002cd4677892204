namespace HyperVDash.Lab.Tests.WsMan;

/// <summary>The requests of wsmancli, with its options, as they come over the wire.</summary>
public sealed class WsmancliTests
{
    private const string Systems = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/Msvm_ComputerSystem";

    private static string Text(string action, string uri, string body, string header = "") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:wsman="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:wsen="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:wsmb="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"><s:Header><wsa:Action s:mustUnderstand="true">{action}</wsa:Action><wsa:To s:mustUnderstand="true">http://127.0.0.1:5985/wsman</wsa:To><wsman:ResourceURI s:mustUnderstand="true">{uri}</wsman:ResourceURI><wsa:MessageID s:mustUnderstand="true">uuid:77a7c1f6-1f2e-1f2e-8002-2b0a8a7f0000</wsa:MessageID><wsa:ReplyTo><wsa:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:Address></wsa:ReplyTo>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;

    private static string Enumerate(string uri, string body, string header = "") => Text("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", uri, body, header);

    private static string Pull(string context, string more = "") =>
        Text("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Pull", Systems, $"<wsen:Pull><wsen:EnumerationContext>{context}</wsen:EnumerationContext>{more}</wsen:Pull>");

    [Fact]
    public async Task Without_options_it_pulls_one_by_one_until_there_is_no_context()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var page = await host.PostAsync(Enumerate(Systems, "<wsen:Enumerate/>"));
        int pulls = 0;
        while (page.Context is { } context)
        {
            page = await host.PostAsync(Pull(context));
            pulls++;
        }

        Assert.Equal((200, 10), (page.Status, pulls));
    }

    [Fact]
    public async Task Optimised_with_a_filter_before_the_number_it_gets_that_many()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var first = await host.PostAsync(Enumerate(Systems.Replace("Msvm_ComputerSystem", "*", StringComparison.Ordinal),
            """<wsen:Enumerate><wsman:OptimizeEnumeration/><wsman:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">select * from Msvm_ComputerSystem</wsman:Filter><wsman:MaxElements>4</wsman:MaxElements></wsen:Enumerate>"""));
        var second = await host.PostAsync(Pull(first.Context!, "<wsen:MaxElements>4</wsen:MaxElements>"));
        var third = await host.PostAsync(Pull(second.Context!, "<wsen:MaxElements>4</wsen:MaxElements>"));

        Assert.Equal(4, first.Answer.Element(RawClient.W + "Items")!.Elements().Count());
        Assert.Equal(4, second.Answer.Element(RawClient.N + "Items")!.Elements().Count());
        Assert.Equal(2, third.Answer.Element(RawClient.N + "Items")!.Elements().Count());
        Assert.Null(third.Context);
    }

    [Theory]
    [InlineData("<wsman:OperationTimeout>PT0.60S</wsman:OperationTimeout>")]
    [InlineData("<wsman:OperationTimeout>PT0.001S</wsman:OperationTimeout><wsman:MaxEnvelopeSize>51200</wsman:MaxEnvelopeSize>")]
    [InlineData("<wsman:OptionSet><wsman:Option Name=\"ShowExtensions\" Type=\"xs:boolean\"/></wsman:OptionSet>")]
    [InlineData("<wsman:SelectorSet><wsman:Selector Name=\"__cimnamespace\">root/virtualization/v2</wsman:Selector></wsman:SelectorSet>")]
    public async Task Its_limits_and_options_are_taken(string header)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        Assert.Equal(200, (await host.PostAsync(Enumerate(Systems, "<wsen:Enumerate/>", header))).Status);
    }

    [Theory]
    [InlineData("include", "IncludeSubClassProperties", 200)]
    [InlineData("exclude", "ExcludeSubClassProperties", 500)]
    [InlineData("none", "None", 500)]
    public async Task Of_the_polymorphism_modes_one_is_known(string option, string mode, int status)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Enumerate(Systems, $"<wsen:Enumerate><wsmb:PolymorphismMode>{mode}</wsmb:PolymorphismMode></wsen:Enumerate>"));

        Assert.True(status == answer.Status, option);
    }

    [Fact]
    public async Task Objects_and_references_come_in_pairs()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        var first = await host.PostAsync(Enumerate(Systems, "<wsen:Enumerate><wsman:EnumerationMode>EnumerateObjectAndEPR</wsman:EnumerationMode></wsen:Enumerate>"));

        var item = (await host.PostAsync(Pull(first.Context!))).Answer.Element(RawClient.N + "Items")!.Elements().Single();

        Assert.Equal(RawClient.W + "Item", item.Name);
        Assert.Equal(["Msvm_ComputerSystem", "EndpointReference"], item.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task Get_takes_its_keys_from_the_address()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        var answer = await host.PostAsync(Text("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", Systems + "?CreationClassName=Msvm_ComputerSystem&amp;Name=HV03", ""));

        Assert.Equal((200, "Msvm_ComputerSystem"), (answer.Status, answer.Answer.Name.LocalName));
    }

    [Fact]
    public async Task Invoke_calls_with_a_prefix_of_its_own()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        const string registry = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/StdRegProv";

        var answer = await host.PostAsync(Text(registry + "/GetDWORDValue", registry,
            $@"<n1:GetDWORDValue_INPUT xmlns:n1=""{registry}""><n1:hDefKey>2147483650</n1:hDefKey><n1:sSubKeyName>SOFTWARE\Microsoft\Windows NT\CurrentVersion</n1:sSubKeyName><n1:sValueName>UBR</n1:sValueName></n1:GetDWORDValue_INPUT>"));

        Assert.Equal((200, "2700"), (answer.Status, answer.Answer.Elements().Single(e => e.Name.LocalName == "uValue").Value));
    }

    [Theory]
    [InlineData(true, "OS: 10.0.20348 SP: 0.0 Stack: 3.0")]
    [InlineData(false, "OS: 0.0.0 SP: 0.0 Stack: 3.0")]
    public async Task Identify_tells_the_release_only_to_who_signed_in(bool signIn, string version)
    {
        await using var host = await RawClient.OfDemoAsync("HV03");
        const string identify = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>""";

        Assert.Equal(401, (await host.PostAsync(identify, signIn: false)).Status);
        var answer = await host.PostAsync(identify, signIn: signIn, headers: [("WSMANIDENTIFY", "unauthenticated")]);

        Assert.Equal(200, answer.Status);
        Assert.Equal(version, answer.Answer.Elements().Single(e => e.Name.LocalName == "ProductVersion").Value);
        Assert.Equal(signIn, answer.Answer.Elements().Any(e => e.Name.LocalName == "SecurityProfiles"));
    }

    [Fact]
    public async Task The_header_for_strangers_opens_nothing_but_Identify()
    {
        await using var host = await RawClient.OfDemoAsync("HV03");

        Assert.Equal(401, (await host.PostAsync(Enumerate(Systems, "<wsen:Enumerate/>"), signIn: false, headers: [("WSMANIDENTIFY", "unauthenticated")])).Status);
    }
}
