using System.Text;
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

    public static WsManReply Read(Stream body, RowDecoder decoder, XmlNameTable names)
    {
        var reply = new WsManReply();
        try
        {
            using var reader = XmlReader.Create(body, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                CheckCharacters = false,
                NameTable = names,
                CloseInput = false,
            });
            reply.ReadEnvelope(reader, decoder);
        }
        catch (XmlException broken)
        {
            reply.Broken = broken.Message;
        }

        return reply;
    }

    private void ReadEnvelope(XmlReader reader, RowDecoder decoder)
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

    private void ReadHeader(XmlReader reader)
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

    private void ReadBody(XmlReader reader, RowDecoder decoder)
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

    private void ReadBatch(XmlReader reader, RowDecoder decoder)
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

    private void ReadItems(XmlReader reader, RowDecoder decoder)
    {
        if (reader.IsEmptyElement)
        {
            return;
        }

        int depth = reader.Depth;
        while (reader.ReadWithin() && reader.Depth > depth)
        {
            // An Item wraps object and reference; the object is its first child.
            if (reader.NodeType != XmlNodeType.Element || (reader.LocalName == "Item" && reader.NamespaceURI == WsManNames.WsMan))
            {
                continue;
            }

            if (reader.LocalName == "EndpointReference" && reader.NamespaceURI == WsManNames.Addressing)
            {
                SkipInside(reader);
            }
            else
            {
                Rows.Add(decoder.ReadInstance(reader));
            }
        }
    }

    private void ReadIdentity(XmlReader reader)
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

    private static void SkipInside(XmlReader reader)
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
    private static string TextOf(XmlReader reader)
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
