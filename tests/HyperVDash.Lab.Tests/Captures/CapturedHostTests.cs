using System.Xml.Linq;
using HyperVDash.Cim.Capture;
using HyperVDash.Lab.Captures;
using HyperVDash.Lab.Tests.WsMan;

namespace HyperVDash.Lab.Tests.Captures;

/// <summary>A capture written by hand, served like a host.</summary>
public sealed class CapturedHostTests : IDisposable
{
    private const string Capture = """
        {
          "format": "hyperv-capture/1", "host": "HV77", "capturedAt": "2026-11-23T08:00:00Z",
          "answers": [
            { "namespace": "root/virtualization/v2", "class": "Msvm_ComputerSystem",
              "types": { "Name": "string", "TimeOfLastStateChange": "datetime", "Load": "real64", "Host": "reference" },
              "instances": [ { "Name": "HV77", "EnabledState": 2, "OperationalStatus": [2], "TimeOfLastStateChange": "20261101070000.500000-000", "Load": "INF", "Peculiar": true, "InstallDate": "16010101000000.000000-000",
                               "Host": "\\\\HV77\\root\\virtualization\\v2:Msvm_Thing.Key=\"a\\\\b\"" },
                             { "__CLASS": "Msvm_Other", "Name": "4EA7033C-356C-4EBA-9F77-1A3399CFCD72", "EnabledState": 3, "OperationalStatus": null, "Item": { "__CLASS": "Msvm_Item", "Name": "i" } } ] },
            { "namespace": "root/virtualization/v2", "class": "Msvm_DiskDrive", "instances": [] },
            { "namespace": "root/cimv2", "class": "Win32_Service", "properties": ["Name", "State"], "where": "Name='vmms'", "instances": [ { "Name": "vmms", "State": "Running" } ] },
            { "namespace": "root/cimv2", "class": "Win32_Service", "properties": ["Name", "StartMode"], "where": "Name='vmms' OR Name='x'", "instances": [ { "Name": "vmms", "StartMode": "Auto" }, { "Name": "x", "StartMode": "Manual" } ] },
            { "namespace": "root/MSCluster", "class": "MSCluster_Node", "error": { "code": "0x8004100E", "message": "Invalid namespace" } }
          ],
          "calls": [ { "namespace": "root/default", "class": "StdRegProv", "method": "GetStringValue", "in": { "hDefKey": 2147483650, "sSubKeyName": "SOFTWARE\\X", "sValueName": "V" }, "returnValue": 0, "out": { "sValue": "found" } } ]
        }
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private static string Text(string action, string uri, string body) => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"><s:Header>
        <w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/wmi/root/{uri}</w:ResourceURI><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID></s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;

    private async Task<RawAnswer> AskAsync(string action, string uri, string body)
    {
        await File.WriteAllTextAsync(_file, Capture, TestContext.Current.CancellationToken);
        using var capture = CaptureFile.Open(_file);
        await using var host = await RawClient.OfAsync(CapturedHost.Of(capture));
        return await host.PostAsync(Text(action, uri, body));
    }

    private Task<RawAnswer> EnumerateAsync(string uri, string? wql = null) => AskAsync("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", uri,
        $"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements>{(wql is null ? "" : $"""<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">{wql}</w:Filter>""")}</n:Enumerate>");

    [Fact]
    public async Task Its_instances_go_over_the_wire_as_the_host_sent_them()
    {
        var items = (await EnumerateAsync("virtualization/v2/Msvm_ComputerSystem")).Answer.Element(RawClient.W + "Items")!.Elements().ToList();

        Assert.Equal(["Msvm_ComputerSystem", "Msvm_Other"], items.Select(i => i.Name.LocalName));
        Assert.Equal("2026-11-01T07:00:00.5Z", Child(items[0], "TimeOfLastStateChange").Elements().Single(e => e.Name.LocalName == "Datetime").Value);
        Assert.Equal("1601-01-01T00:00:00Z", Child(items[0], "InstallDate").Elements().Single().Value);
        Assert.Equal(("INF", "true", "2"), (Child(items[0], "Load").Value, Child(items[0], "Peculiar").Value, Child(items[0], "OperationalStatus").Value));
        Assert.Equal(@"a\b", Child(items[0], "Host").Descendants(RawClient.W + "Selector").Single().Value);
        Assert.Equal("i", Child(items[1], "Item").Elements().Single(e => e.Name.LocalName == "Name").Value);
        Assert.Equal("true", Child(items[1], "OperationalStatus").Attribute(RawClient.Xsi + "nil")!.Value);
        Assert.DoesNotContain(items[1].Elements(), e => e.Name.LocalName.StartsWith("__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_selects_of_what_was_recorded()
    {
        var row = Assert.Single((await EnumerateAsync("virtualization/v2/*", "SELECT Name, EnabledState FROM Msvm_ComputerSystem WHERE Name != __SERVER")).Answer.Element(RawClient.W + "Items")!.Elements());

        Assert.Equal("3", row.Element("EnabledState")!.Value);
    }

    [Fact]
    public async Task An_instance_that_was_recorded_twice_in_part_is_one()
    {
        var items = (await EnumerateAsync("cimv2/Win32_Service")).Answer.Element(RawClient.W + "Items")!.Elements().ToList();

        Assert.Equal(["vmms Running Auto", "x  Manual"], items.Select(i => string.Join(' ', ((string[])["Name", "State", "StartMode"]).Select(n => i.Elements().SingleOrDefault(e => e.Name.LocalName == n)?.Value))));
    }

    [Fact]
    public async Task Nothing_recorded_is_nothing_and_not_recorded_is_an_invalid_class()
    {
        var empty = await EnumerateAsync("virtualization/v2/Msvm_DiskDrive");
        var unknown = await EnumerateAsync("virtualization/v2/*", "SELECT * FROM Msvm_MemorySettingData");
        var absent = await EnumerateAsync("MSCluster/MSCluster_Node");

        Assert.Equal((200, 0), (empty.Status, empty.Answer.Element(RawClient.W + "Items")!.Elements().Count()));
        Assert.Equal((500, "0x80041010"), (unknown.Status, unknown.WmiCode));
        Assert.Equal((500, "0x8004100e"), (absent.Status, absent.WmiCode));
    }

    [Fact]
    public async Task A_call_is_answered_if_it_was_recorded_with_these_parameters()
    {
        const string uri = "default/StdRegProv";
        const string action = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/default/StdRegProv/GetStringValue";
        string input(string value) => $@"<p:GetStringValue_INPUT xmlns:p=""x""><p:hDefKey>2147483650</p:hDefKey><p:sSubKeyName>SOFTWARE\X</p:sSubKeyName><p:sValueName>{value}</p:sValueName></p:GetStringValue_INPUT>";

        var found = await AskAsync(action, uri, input("V"));
        var other = await AskAsync(action, uri, input("W"));

        Assert.Equal(("0", "found"), (Child(found.Answer, "ReturnValue").Value, Child(found.Answer, "sValue").Value));
        Assert.Equal((500, "0x8004102f"), (other.Status, other.WmiCode));
    }

    private static XElement Child(XElement element, string name) => element.Elements().Single(e => e.Name.LocalName == name);
}
