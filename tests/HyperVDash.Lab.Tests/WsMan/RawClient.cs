using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Lab.Tests.WsMan;

/// <summary>Posts text that was written by hand to a lab, as curl does, and reads the answer with a plain XML parser; it shares nothing with the product's client.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    public static readonly XNamespace S = "http://www.w3.org/2003/05/soap-envelope";
    public static readonly XNamespace A = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    public static readonly XNamespace W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
    public static readonly XNamespace N = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    public static readonly XNamespace F = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
    public static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly HttpClient _http = new();
    private readonly LabServer _lab;

    private RawClient(LabServer lab) => _lab = lab;

    public LabServer Lab => _lab;

    public Uri Url => _lab.Addresses[0].Url;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A host of the demo, frozen.</summary>
    public static Task<RawClient> OfDemoAsync(string host, TimeProvider? time = null) =>
        OfAsync(LabScenarios.Build("demo", TimeProvider.System, isFrozen: true).Hosts.Single(h => h.Name == host), time);

    public static async Task<RawClient> OfAsync(LabHost host, TimeProvider? time = null) =>
        new(await LabServer.StartAsync([host], new LabServerOptions(), time ?? TimeProvider.System, Stop));

    public async Task<RawAnswer> PostAsync(string envelope, string? contentType = null, Encoding? encoding = null, bool signIn = true, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent((encoding ?? new UTF8Encoding(false)).GetBytes(envelope)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType ?? "application/soap+xml;charset=UTF-8");
        request.Headers.Authorization = signIn ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String("lab:lab"u8)) : null;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, Stop);
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        bool hasBody = response.Content.Headers.ContentLength is null or > 0;
        return new RawAnswer((int)response.StatusCode, hasBody ? await XDocument.LoadAsync(body, LoadOptions.PreserveWhitespace, Stop) : null)
        {
            Challenge = response.Headers.WwwAuthenticate.ToString(),
            ContentType = response.Content.Headers.ContentType?.ToString() ?? "",
        };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _lab.DisposeAsync();
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(int Status, XDocument? Text)
{
    public string Challenge { get; init; } = "";

    public string ContentType { get; init; } = "";

    public XElement Body => Text!.Root!.Element(RawClient.S + "Body")!;

    /// <summary>The first child of the body.</summary>
    public XElement Answer => Body.Elements().First();

    /// <summary>Null if there is none or it is empty.</summary>
    public string? Context => Answer.Element(RawClient.N + "EnumerationContext")?.Value is { Length: > 0 } text ? text : null;

    public string? Header(string name) => Text!.Root!.Element(RawClient.S + "Header")!.Element(RawClient.A + name)?.Value;

    public string Subcode => Answer.Element(RawClient.S + "Code")!.Element(RawClient.S + "Subcode")!.Value.Trim();

    public uint Code => uint.Parse(Answer.Descendants(RawClient.F + "WSManFault").First().Attribute("Code")!.Value, CultureInfo.InvariantCulture);

    /// <summary>The WMI code in the fault's text; null if there is none.</summary>
    public string? WmiCode => Answer.Value is var text && text.IndexOf("HRESULT 0x", StringComparison.Ordinal) is var at and >= 0 ? text.Substring(at + 8, 10) : null;
}
