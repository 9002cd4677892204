using System.Text;
using System.Text.Unicode;
using System.Xml;

namespace HyperVDash.Cim.WsMan;

/// <summary>What one envelope brought.</summary>
internal sealed class WsManReply
{
    public List<CimRow> Rows { get; } = [];

    /// <summary>The context to pull with next; null if the enumeration is over.</summary>
    public string? Context { get; private set; }

    public bool IsEnd { get; private set; }

    /// <summary>Answer of a method: ReturnValue and out parameters.</summary>
    public CimRow? Output { get; private set; }

    public WsManFault? Fault { get; private set; }

    public bool HasBody { get; private set; }

    public string? RelatesTo { get; private set; }

    /// <summary>Why the text stopped making sense; rows before that are in <see cref="Rows"/>.</summary>
    public string? Broken { get; private set; }

    public Dictionary<string, string> Identity { get; } = [];

    // Bytes and depth are bounded by what a host can send; the reader refuses DTDs by itself.
    private static readonly XmlDictionaryReaderQuotas Quotas = new()
    {
        MaxDepth = 256,
        MaxStringContentLength = int.MaxValue,
        MaxBytesPerRead = int.MaxValue,
        MaxArrayLength = int.MaxValue,
        MaxNameTableCharCount = 1 << 20,
    };

    public static WsManReply Read(WsManBytes bytes, RowDecoder decoder)
    {
        var reply = new WsManReply();
        try
        {
            RequireText(bytes.Buffer.AsSpan(0, bytes.Length));
            using var reader = XmlDictionaryReader.CreateTextReader(bytes.Buffer, 0, bytes.Length, Quotas);
            reply.ReadEnvelope(reader, decoder);
        }
        catch (XmlException broken)
        {
            reply.Broken = broken.Message;
        }
        catch (ArgumentException damaged)
        {
            // The reader takes a declaration that is cut or names no known encoding for a mistake of its caller.
            reply.Broken = $"its XML declaration is damaged ({damaged.Message})";
        }

        return reply;
    }

    /// <summary>The reader looks only at the bytes of texts it is asked for; what is no text anywhere is not to be trusted elsewhere.</summary>
    private static void RequireText(ReadOnlySpan<byte> bytes)
    {
        bool isWide = bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, (byte)'<', ..] or [(byte)'<', 0, ..];
        if (!isWide && !Utf8.IsValid(bytes))
        {
            throw new XmlException("Its bytes are no UTF-8.");
        }
    }

    private void ReadEnvelope(XmlDictionaryReader reader, RowDecoder decoder)
    {
        reader.MoveToContent();
        if (reader.LocalName != "Envelope" || reader.NamespaceURI != WsManNames.Soap)
        {
            throw new XmlException($"The answer is <{reader.LocalName}>, not a SOAP 1.2 envelope.");
        }

        while (reader.ReadWithin())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.LocalName == "Header" && reader.NamespaceURI == WsManNames.Soap)
            {
                ReadHeader(reader);
            }
            else if (reader.LocalName == "Body" && reader.NamespaceURI == WsManNames.Soap)
            {
                HasBody = true;
                if (!reader.IsEmptyElement)
                {
                    ReadBody(reader, decoder);
                }
            }
        }
    }

    private void ReadHeader(XmlDictionaryReader reader)
    {
        int depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            return;
        }

        while (reader.ReadWithin() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "RelatesTo")
            {
                RelatesTo = TextOf(reader);
            }
        }
    }

    private void ReadBody(XmlDictionaryReader reader, RowDecoder decoder)
    {
        int depth = reader.Depth;
        while (reader.ReadWithin() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (reader.LocalName)
            {
                case "Fault" when reader.NamespaceURI == WsManNames.Soap:
                    Fault = WsManFault.Read(reader);
                    break;
                case "EnumerateResponse" or "PullResponse" when reader.NamespaceURI == WsManNames.Enumeration:
                    ReadBatch(reader, decoder);
                    break;
                case "IdentifyResponse":
                    ReadIdentity(reader);
                    break;
                default:
                    // A Get's instance, or a method's output, whatever its element is called.
                    Output = decoder.ReadInstance(reader);
                    break;
            }
        }
    }

    private void ReadBatch(XmlDictionaryReader reader, RowDecoder decoder)
    {
        if (reader.IsEmptyElement)
        {
            return;
        }

        int depth = reader.Depth;
        while (reader.ReadWithin() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            // Items and end marker stand in one namespace in the first answer and in another later; both are right everywhere.
            switch (reader.LocalName)
            {
                case "EnumerationContext":
                    Context = TextOf(reader) is { Length: > 0 } context ? context : null;
                    break;
                case "EndOfSequence":
                    IsEnd = true;
                    break;
                case "Items":
                    ReadItems(reader, decoder);
                    break;
            }
        }
    }

    private void ReadItems(XmlDictionaryReader reader, RowDecoder decoder)
    {
        if (reader.IsEmptyElement)
        {
            return;
        }

        int depth = reader.Depth;
        while (reader.ReadWithin() && reader.Depth > depth)
        {
            // An Item wraps object and reference; the object is its first child.
            if (reader.NodeType != XmlNodeType.Element || (reader.IsLocalName("Item") && reader.IsNamespaceUri(WsManNames.WsMan)))
            {
                continue;
            }

            if (reader.IsLocalName("EndpointReference") && reader.IsNamespaceUri(WsManNames.Addressing))
            {
                SkipInside(reader);
            }
            else
            {
                Rows.Add(decoder.ReadInstance(reader));
            }
        }
    }

    private void ReadIdentity(XmlDictionaryReader reader)
    {
        int depth = reader.Depth;
        while (reader.ReadWithin() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName is "ProductVendor" or "ProductVersion" or "ProtocolVersion")
            {
                Identity[reader.LocalName] = TextOf(reader);
            }
        }
    }

    private static void SkipInside(XmlDictionaryReader reader)
    {
        int depth = reader.Depth;
        if (!reader.IsEmptyElement)
        {
            while (reader.ReadWithin() && reader.Depth > depth)
            {
            }
        }
    }

    /// <summary>The element's text; leaves the reader on its end tag.</summary>
    private static string TextOf(XmlDictionaryReader reader)
    {
        var text = new StringBuilder();
        int depth = reader.Depth;
        if (!reader.IsEmptyElement)
        {
            while (reader.ReadWithin() && reader.Depth > depth)
            {
                text.Append(reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA ? reader.Value : "");
            }
        }

        return text.ToString().Trim();
    }
}
