using System.Collections.Concurrent;
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

    /// <summary>In bytes.</summary>
    public int Length { get; private init; }

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

    // A reader keeps its buffers from one answer to the next. One that threw is not used again.
    private static readonly ConcurrentBag<XmlDictionaryReader> Readers = [];

    public static WsManReply Read(WsManBytes bytes, RowDecoder decoder)
    {
        var reply = new WsManReply { Length = bytes.Length };
        try
        {
            RequireText(bytes.Buffer.AsSpan(0, bytes.Length));
            var reader = Open(bytes);
            reply.ReadEnvelope(reader, decoder);
            reader.Close();
            Readers.Add(reader);
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
        catch (IndexOutOfRangeException)
        {
            // The reader runs out of its own buffer over some lists of attributes that are not XML.
            reply.Broken = "an element's attributes are damaged";
        }

        return reply;
    }

    private static XmlDictionaryReader Open(WsManBytes bytes)
    {
        if (!Readers.TryTake(out var reader))
        {
            return XmlDictionaryReader.CreateTextReader(bytes.Buffer, 0, bytes.Length, Quotas);
        }

        ((IXmlTextReaderInitializer)reader).SetInput(bytes.Buffer, 0, bytes.Length, null, Quotas, null);
        return reader;
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
        if (!reader.IsLocalName("Envelope") || !reader.IsNamespaceUri(WsManNames.Soap))
        {
            throw new XmlException($"The answer is <{reader.LocalName}>, not a SOAP 1.2 envelope.");
        }

        while (reader.ReadWithin())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.IsLocalName("Header") && reader.IsNamespaceUri(WsManNames.Soap))
            {
                ReadHeader(reader);
            }
            else if (reader.IsLocalName("Body") && reader.IsNamespaceUri(WsManNames.Soap))
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
            if (reader.NodeType == XmlNodeType.Element && reader.IsLocalName("RelatesTo"))
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

            if (reader.IsLocalName("Fault") && reader.IsNamespaceUri(WsManNames.Soap))
            {
                Fault = WsManFault.Read(reader);
            }
            else if ((reader.IsLocalName("EnumerateResponse") || reader.IsLocalName("PullResponse")) && reader.IsNamespaceUri(WsManNames.Enumeration))
            {
                ReadBatch(reader, decoder);
            }
            else if (reader.IsLocalName("IdentifyResponse"))
            {
                ReadIdentity(reader);
            }
            else
            {
                // A Get's instance, or a method's output, whatever its element is called.
                Output = decoder.ReadInstance(reader);
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
            if (reader.IsLocalName("EnumerationContext"))
            {
                Context = TextOf(reader) is { Length: > 0 } context ? context : null;
            }
            else if (reader.IsLocalName("EndOfSequence"))
            {
                IsEnd = true;
            }
            else if (reader.IsLocalName("Items"))
            {
                ReadItems(reader, decoder);
            }
            else if ((reader.IsNamespaceUri(WsManNames.Enumeration) || reader.IsNamespaceUri(WsManNames.WsMan)) && !reader.IsLocalName("Expires"))
            {
                // What might have held instances must not pass for none.
                throw new XmlException($"<{reader.LocalName}> is no part of an enumeration.");
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
        string text = "";
        StringBuilder? more = null;
        int depth = reader.Depth;
        if (!reader.IsEmptyElement)
        {
            while (reader.ReadWithin() && reader.Depth > depth)
            {
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    more = text.Length > 0 ? (more ?? new StringBuilder(text)).Append(reader.Value) : null;
                    text = text.Length > 0 ? text : reader.Value;
                }
            }
        }

        return (more?.ToString() ?? text).Trim();
    }
}
