using System.Text;
using HyperVDash.Cim.WsMan;

namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>Batches, ends, faults and refusals of a WS-Man conversation.</summary>
public sealed class ConversationTests
{
    private const string V2 = "root/virtualization/v2";

    private static readonly CimQuery Systems = new(V2, "Msvm_ComputerSystem");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_are_pulled_with_the_newest_context_until_the_end()
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Started("uuid:A"), Envelopes.Pulled(Vm("1"), "uuid:B"), Envelopes.Pulled("", "uuid:C"), Envelopes.Pulled(Vm("2"), null));

        Assert.Equal(["1", "2"], await NamesAsync(host));
        Assert.Contains("uuid:A", host.Requests[1], StringComparison.Ordinal);
        Assert.Contains("uuid:B", host.Requests[2], StringComparison.Ordinal);
        Assert.Contains("uuid:C", host.Requests[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_asks_for_large_batches_a_cap_and_neutral_language()
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Items(""));
        await NamesAsync(host);

        string request = Assert.Single(host.Requests);
        Assert.Contains("OptimizeEnumeration", request, StringComparison.Ordinal);
        Assert.Matches("MaxElements>[0-9]{3,}<", request);
        Assert.Matches("MaxEnvelopeSize[^>]*>[0-9]{5,}<", request);
        Assert.Contains("en-US", request, StringComparison.Ordinal);
        Assert.StartsWith("Basic ", host.Authorizations[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_that_stops_early_releases_the_context()
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Started("uuid:A"), Envelopes.Pulled(Vm("1"), "uuid:B"), Envelopes.Of("<n:ReleaseResponse/>"));
        await using var session = host.Open();
        await foreach (var row in session.QueryAsync(Systems, Stop))
        {
            break;
        }

        Assert.Contains("Release", host.Requests[2], StringComparison.Ordinal);
        Assert.Contains("uuid:B", host.Requests[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_goes_on_beyond_what_any_host_has_to_tell_is_ended()
    {
        await using var host = await PaperHost.OfAsync([Envelopes.Started("uuid:A"), .. Enumerable.Range(0, 50).Select(i => Envelopes.Pulled(Vm(new string('x', 1000)), "uuid:B"))]);
        await using var session = new WsManSession(new WsManTarget(host.Url) { User = "reader", Password = "geheim", MaxAnswerLength = 20_000 }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<CimException>(async () => await session.QueryAsync(Systems, Stop).CountAsync(Stop));

        Assert.Equal(CimErrorKind.Protocol, error.Kind);
        Assert.Contains("Msvm_ComputerSystem", error.Message, StringComparison.Ordinal);
        Assert.InRange(host.Requests.Count, 5, 25);
    }

    [Fact]
    public async Task What_a_stranger_sends_before_it_proved_who_it_is_is_not_kept_beyond_a_token()
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Items(Vm(new string('x', 1 << 20))));
        using var handler = new SocketsHttpHandler();
        using var client = WsManHandler.Client(handler);
        using var step = new ByteArrayContent([]);

        // As each step of a sign-in is sent.
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(host.Url, step, Stop));
    }

    [Fact]
    public async Task A_batch_without_end_and_without_context_is_an_end_only_if_the_host_says_so()
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Of("<n:EnumerateResponse></n:EnumerateResponse>"));

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(host));

        Assert.Equal(CimErrorKind.Protocol, error.Kind);
        Assert.Contains("neither instances nor a context nor an end", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x8004100E", CimErrorKind.NoSuchNamespace)]
    [InlineData("0x80041010", CimErrorKind.NoSuchClassOrProperty)]
    [InlineData("0x80041017", CimErrorKind.NoSuchClassOrProperty)]
    [InlineData("0x80041003", CimErrorKind.AccessDenied)]
    [InlineData("0x80070005", CimErrorKind.AccessDenied)]
    [InlineData("0x80041001", CimErrorKind.Protocol)]
    public async Task A_code_inside_a_translated_sentence_sorts_the_fault(string code, CimErrorKind kind)
    {
        await using var host = await PaperHost.OfAsync([new PaperAnswer(Envelopes.Fault("w:InternalError", $"Der Dienst kann die Anforderung nicht verarbeiten. HRESULT {code}")) { Status = 500 }]);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(host));

        Assert.Equal((kind, Convert.ToUInt32(code, 16)), (error.Kind, error.Code));
        Assert.Contains("Msvm_ComputerSystem", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_instance_of_newer_hosts_sorts_the_fault_too()
    {
        string detail = """<p:MSFT_WmiError xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd" b:IsCIM_Error="true" xmlns:p="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"><p:CIMStatusCode>3</p:CIMStatusCode><p:error_Code>2147749902</p:error_Code><p:MessageID>HRESULT 0x8004100e</p:MessageID></p:MSFT_WmiError>""";
        await using var host = await PaperHost.OfAsync([new PaperAnswer(Envelopes.Fault("w:InternalError", "?", detail)) { Status = 500 }]);

        Assert.Equal(CimErrorKind.NoSuchNamespace, (await Assert.ThrowsAsync<CimException>(() => NamesAsync(host))).Kind);
    }

    [Fact]
    public async Task A_fault_in_the_middle_gives_the_rows_before_it_and_is_no_end()
    {
        await using var host = await PaperHost.OfAsync([new(Envelopes.Started("uuid:A")), new(Envelopes.Pulled(Vm("1"), "uuid:B")),
            new PaperAnswer(Envelopes.Fault("w:InternalError", "HRESULT 0x80041001")) { Status = 500 }, new PaperAnswer(Envelopes.Of("")) { Status = 500 }]);
        await using var session = host.Open();
        var seen = new List<string?>();

        await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (var row in session.QueryAsync(Systems, Stop))
            {
                seen.Add(row.String("Name"));
            }
        });

        Assert.Equal(["1"], seen);
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>")]
    [InlineData("<html><body>Bad gateway</body></html>")]
    [InlineData("{\"error\":true}")]
    [InlineData("")]
    [InlineData("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><x>")]
    public async Task What_is_no_answer_is_a_protocol_error_that_names_host_and_class(string text)
    {
        await using var host = await PaperHost.OfAsync(text);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(host));

        Assert.Equal(CimErrorKind.Protocol, error.Kind);
        Assert.Contains(host.Url.Authority, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_nested_without_end_are_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("<p:A><p:B>x</p:B>", 40)) + string.Concat(Enumerable.Repeat("</p:A>", 40));
        await using var host = await PaperHost.OfAsync(Envelopes.Items(Envelopes.Instance("X", deep)));

        Assert.Equal(CimErrorKind.Protocol, (await Assert.ThrowsAsync<CimException>(() => NamesAsync(host))).Kind);
    }

    [Fact]
    public async Task A_mark_of_byte_order_does_not_disturb()
    {
        await using var host = await PaperHost.OfAsync([new PaperAnswer("\uFEFF" + Envelopes.Items(Vm("日本")))]);

        Assert.Equal(["日本"], await NamesAsync(host));
    }

    [Fact]
    public async Task A_host_that_offers_only_Negotiate_gets_the_sentence_that_says_so_after_one_request()
    {
        await using var host = await PaperHost.OfAsync([new PaperAnswer("") { Status = 401, Headers = new() { ["WWW-Authenticate"] = "Negotiate" } }]);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(host));

        Assert.Equal(CimErrorKind.AccessDenied, error.Kind);
        Assert.Contains("offers only Negotiate", error.Message, StringComparison.Ordinal);
        Assert.Single(host.Requests);
    }

    [Fact]
    public async Task A_refused_password_is_tried_once_and_appears_nowhere()
    {
        await using var host = await PaperHost.OfAsync([new PaperAnswer("") { Status = 401, Headers = new() { ["WWW-Authenticate"] = "Basic realm=\"WSMAN\"" } }]);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(host));

        Assert.Contains("refused the user 'reader'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error.ToString(), StringComparison.Ordinal);
        Assert.Single(host.Requests);
    }

    [Fact]
    public async Task A_password_does_not_leave_for_another_machine_over_plain_http()
    {
        await using var session = new WsManSession(new WsManTarget(new Uri("http://192.0.2.1:5985/wsman")) { User = "reader", Password = "geheim" }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (var row in session.QueryAsync(Systems, Stop))
            {
            }
        });

        Assert.Contains("the password is not sent there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_call_answers_with_its_out_parameters_whatever_the_element_is_called()
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Of("<p:GetStringValue xmlns:p=\"x\"><p:ReturnValue>0</p:ReturnValue><p:sValue>0409</p:sValue></p:GetStringValue>"));
        await using var session = host.Open();

        var reply = await session.InvokeAsync(new CimCall("root/default", "StdRegProv", "GetStringValue") { Arguments = [new("hDefKey", CimType.UInt32, 2147483650L), new("sValueName", CimType.String, "a<b")] }, Stop);

        Assert.Equal((0, "0409"), (reply.ReturnValue, reply.Out.String("sValue")));
        Assert.Contains("a&lt;b", host.Requests[0], StringComparison.Ordinal);
    }

    private static string Vm(string name) => Envelopes.Instance("Msvm_ComputerSystem", $"<p:Name>{name}</p:Name>");

    private static async Task<List<string?>> NamesAsync(PaperHost host)
    {
        await using var session = host.Open();
        var names = new List<string?>();
        await foreach (var row in session.QueryAsync(Systems, Stop))
        {
            names.Add(row.String("Name"));
        }

        return names;
    }
}
