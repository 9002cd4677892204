using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;

namespace HyperVDash.Cim;

/// <summary>
/// An instance that a property or an out parameter carries as text: CIM-XML (<c>&lt;INSTANCE CLASSNAME=…&gt;</c>)
/// or, from some senders, an element named like the class. The text may come from a guest, so nothing in it is trusted.
/// </summary>
public static class EmbeddedInstance
{
    /// <summary>Longer texts are refused; a guest's item is a few hundred bytes, a disk's a few thousand.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxDepth = 16;

    // A reader keeps its buffers from one text to the next. One that threw is not used again.
    private static readonly ConcurrentBag<XmlDictionaryReader> Readers = [];

    /// <summary>False if the text is not one instance; never throws for what a text can hold.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CimRow? row)
    {
        row = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength || !text.Contains('<', StringComparison.Ordinal))
        {
            return false;
        }

        string clean = WithoutControlCharacters(text);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(clean.Length));
        int length = Encoding.UTF8.GetBytes(clean, bytes);
        try
        {
            var reader = Open(bytes, length);
            reader.MoveToContent();
            row = reader.LocalName == "INSTANCE" ? ReadInstance(reader) : ReadElement(reader);
            reader.Close();
            Readers.Add(reader);
            return row is not null;
        }
        catch (Exception damaged) when (damaged is XmlException or ArgumentException or IndexOutOfRangeException)
        {
            // The reader takes an encoding of an unknown name for a mistake of its caller, and runs out of its own buffer over some lists of attributes.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static XmlDictionaryReader Open(byte[] bytes, int length)
    {
        if (!Readers.TryTake(out var reader))
        {
            return XmlDictionaryReader.CreateTextReader(bytes, 0, length, XmlDictionaryReaderQuotas.Max);
        }

        ((IXmlTextReaderInitializer)reader).SetInput(bytes, 0, length, null, XmlDictionaryReaderQuotas.Max, null);
        return reader;
    }

    private static CimRow ReadInstance(XmlReader reader)
    {
        string className = reader.GetAttribute("CLASSNAME") ?? "";
        var values = new List<(string, object?)>();
        int depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            return CimRow.Of(className);
        }

        while (ReadWithin(reader) && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1
                && reader.LocalName is "PROPERTY" or "PROPERTY.ARRAY" && reader.GetAttribute("NAME") is { } name)
            {
                values.Add((name, ReadProperty(reader)));
            }
        }

        return CimRow.Of(className, values);
    }

    private static object? ReadProperty(XmlReader reader)
    {
        bool isArray = reader.LocalName == "PROPERTY.ARRAY";
        var texts = new List<object?>();
        int depth = reader.Depth;
        if (!reader.IsEmptyElement)
        {
            while (ReadWithin(reader) && reader.Depth > depth)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "VALUE")
                {
                    texts.Add(ReadText(reader));
                }
            }
        }

        return isArray ? texts : texts.Count > 0 ? texts[0] : null;
    }

    private static CimRow? ReadElement(XmlReader reader)
    {
        string className = reader.LocalName;
        var values = new List<(string, object?)>();
        int depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            return null;
        }

        while (ReadWithin(reader) && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1)
            {
                string name = reader.LocalName;
                bool isNull = reader.GetAttribute("nil", "http://www.w3.org/2001/XMLSchema-instance") == "true";
                string text = ReadText(reader);
                values.Add((name, isNull ? null : text));
            }
        }

        return values.Count == 0 ? null : CimRow.Of(className, values);
    }

    private static string ReadText(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        int depth = reader.Depth;
        while (ReadWithin(reader) && reader.Depth > depth)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                text.Append(reader.Value);
            }
        }

        return text.ToString();
    }

    private static bool ReadWithin(XmlReader reader) =>
        reader.Read() && (reader.Depth <= MaxDepth ? true : throw new XmlException("An embedded instance is nested too deeply."));

    // Guests can push anything; a NUL would end the whole answer.
    private static string WithoutControlCharacters(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u0008') || text.AsSpan().ContainsAnyInRange('\u000E', '\u001F')
            ? string.Concat(text.Where(c => c >= ' ' || c is '\t' or '\n' or '\r'))
            : text;
}
