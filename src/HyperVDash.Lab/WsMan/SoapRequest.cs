using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace HyperVDash.Lab.WsMan;

/// <summary>A request as it was read: by namespace and local name, in any order, with any prefixes.</summary>
internal sealed class SoapRequest
{
    private static readonly XNamespace S = Names.S, A = Names.A, W = Names.W, N = Names.N, B = Names.B;

    private readonly XElement _header;

    private SoapRequest(XElement header, XElement body) => (_header, Body) = (header, body);

    public XElement Body { get; }

    public string Action => Header(A + "Action") ?? "";

    public string? MessageId => Header(A + "MessageID");

    public string ResourceUri => Header(W + "ResourceURI")?.Trim() ?? "";

    public string? ReplyTo => _header.Element(A + "ReplyTo")?.Element(A + "Address")?.Value.Trim();

    public bool HasReplyTo => _header.Element(A + "ReplyTo") is not null;

    /// <summary>Null if absent.</summary>
    public int? MaxEnvelopeSize => int.TryParse(Header(W + "MaxEnvelopeSize"), NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : null;

    public bool WantsPreciseArrays => Wants("msftwinrm:UsePreciseArrays");

    /// <summary>An option that is switched on; false if it is not named.</summary>
    public bool Wants(string option) => _header.Element(W + "OptionSet")?.Elements(W + "Option").Any(o =>
        o.Attribute("Name")?.Value == option && o.Value.Trim() is "true" or "1") == true;

    public bool HasOptionThatMustBeObeyed => _header.Element(W + "OptionSet")?.Elements(W + "Option").Any(o => o.Attribute("MustComply")?.Value is "true" or "1") == true;

    /// <summary>The property that a Get wants alone; null for the whole instance.</summary>
    public string? Fragment => _header.Element(W + "FragmentTransfer") is not { } fragment ? null
        : fragment.Attribute(S + "mustUnderstand")?.Value is "true" or "1" ? fragment.Value.Trim()
        : throw new SoapFault("w:InvalidParameter", 0x80338042, "FragmentTransfer must be understood; say so.");

    public Dictionary<string, string> Selectors { get; private init; } = [];

    /// <summary>A header that must be understood and is not; its name.</summary>
    public string? NotUnderstood => _header.Elements()
        .FirstOrDefault(h => h.Attribute(S + "mustUnderstand")?.Value is "true" or "1" && h.Name.NamespaceName is not (Names.A or Names.W or Names.M or Names.B or Names.N))
        ?.Name.LocalName;

    public bool MustUnderstandLocale => _header.Elements().Any(h =>
        h.Name.LocalName is "Locale" or "DataLocale" && h.Attribute(S + "mustUnderstand")?.Value is "true" or "1");

    public XElement? Operation => Body.Elements().FirstOrDefault();

    /// <summary>A child of the operation, from either namespace that clients put it in.</summary>
    public string? Parameter(string name) => (Operation?.Element(W + name) ?? Operation?.Element(N + name) ?? Operation?.Element(B + name))?.Value.Trim();

    public bool Has(string name) => Operation?.Element(W + name) is not null || Operation?.Element(N + name) is not null;

    public XElement? Filter => Operation?.Element(W + "Filter") ?? Operation?.Element(N + "Filter");

    /// <summary>Null: not asked, which means one.</summary>
    public int? MaxElements => int.TryParse(Parameter("MaxElements"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;

    /// <exception cref="XmlException">No well-formed SOAP 1.2 envelope, or one with a DTD or out of all proportion.</exception>
    public static async Task<SoapRequest> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(body, new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = 4 << 20,
        });
        var document = await XDocument.LoadAsync(reader, LoadOptions.PreserveWhitespace, cancellationToken).ConfigureAwait(false);
        var envelope = document.Root;
        if (envelope?.Name != S + "Envelope" || envelope.Element(S + "Body") is not { } soapBody)
        {
            throw new XmlException("The request is not a SOAP 1.2 envelope.");
        }

        var header = envelope.Element(S + "Header") ?? new XElement(S + "Header");
        var selectors = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var selector in header.Element(W + "SelectorSet")?.Elements(W + "Selector") ?? [])
        {
            selectors[selector.Attribute("Name")?.Value ?? ""] = selector.Value;
        }

        string uri = header.Element(W + "ResourceURI")?.Value ?? "";
        if (uri.Split('?', 2) is [_, var query])
        {
            foreach (string pair in query.Split('&'))
            {
                if (pair.Split('=', 2) is [var name, var value])
                {
                    selectors[Uri.UnescapeDataString(name)] = Uri.UnescapeDataString(value);
                }
            }
        }

        return new SoapRequest(header, soapBody) { Selectors = selectors };
    }

    private string? Header(XName name) => _header.Element(name)?.Value;
}
