using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace HyperVDash.Cim.WsMan;

/// <summary>Turns instance elements into rows while the reader passes over them. One per question: rows of a class share a layout.</summary>
internal sealed class RowDecoder(string askedClass)
{
    private const int MaxDepth = 8;
    private const int MaxColumns = 1024;

    /// <summary>A row that fills fewer of its places than one in so many has a layout of its own.</summary>
    private const int Sparse = 8;

    /// <summary>Room that is enough for any character, so that one that does not fit cannot be why a text stopped.</summary>
    private const int LargestCharacter = 4;

    private readonly Dictionary<string, CimLayout> _layouts = new(StringComparer.Ordinal);
    // A text is read to its end before anything else is done.
    [ThreadStatic]
    private static char[]? _chars;

    private object?[] _slots = new object?[16];

    // Most columns say the same in row after row: a text that comes again is the string of the row before.
    private string?[] _before = new string?[16];

    /// <summary>Reads the instance the reader stands on and leaves it on the end tag.</summary>
    public CimRow ReadInstance(XmlDictionaryReader reader)
    {
        // A projection loses the class; what was asked for is the best name there is.
        string className = reader.IsLocalName("XmlFragment") ? askedClass : reader.LocalName;
        if (!_layouts.TryGetValue(className, out var layout))
        {
            _layouts.Add(className, layout = new CimLayout(className, isShared: true));
        }

        int used = 0;
        int next = 0;
        int sent = 0;
        if (!reader.IsEmptyElement)
        {
            while (reader.ReadWithin() && reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                // Rows of a class come in the same order, so that the name is mostly known without making a string of it.
                int slot = next < layout.Count && reader.IsLocalName(layout.Names[next]) ? next : layout.Add(reader.LocalName);
                if (slot >= MaxColumns)
                {
                    throw new XmlException($"An instance of {className} has more than {MaxColumns} different properties, which no class has.");
                }

                next = slot + 1;
                sent++;
                Fit(slot);
                for (; used <= slot; used++)
                {
                    _slots[used] = CimRow.NotSent;
                }

                object? value = ReadProperty(reader, 0, _before[slot]);
                _slots[slot] = _slots[slot] switch
                {
                    var first when ReferenceEquals(first, CimRow.NotSent) => value,
                    List<object?> list => Append(list, value),
                    var first => new List<object?> { first, value },
                };
                _before[slot] = value as string ?? _before[slot];
            }
        }

        var row = _slots.AsSpan(0, used);
        return used > Sparse * Math.Max(sent, 8) ? Compact(layout, row) : new CimRow(layout, row.ToArray());
    }

    // No host sends rows that share no column; whoever does must not be paid for each of them with the columns of all.
    private CimRow Compact(CimLayout layout, ReadOnlySpan<object?> slots)
    {
        _layouts.Remove(layout.ClassName);
        var values = new List<(string, object?)>();
        for (int i = 0; i < slots.Length; i++)
        {
            if (!ReferenceEquals(slots[i], CimRow.NotSent))
            {
                values.Add((layout.Names[i], slots[i]));
            }
        }

        return CimRow.Of(layout.ClassName, values);
    }

    private void Fit(int slot)
    {
        if (slot >= _slots.Length)
        {
            int length = Math.Max(slot + 1, _slots.Length * 2);
            Array.Resize(ref _slots, length);
            Array.Resize(ref _before, length);
        }
    }

    private static List<object?> Append(List<object?> list, object? value)
    {
        list.Add(value);
        return list;
    }

    private object? ReadProperty(XmlDictionaryReader reader, int depth, string? before)
    {
        string? type = null;
        bool isNull = false;
        if (reader.HasAttributes)
        {
            isNull = reader.GetAttribute("nil", WsManNames.Instance) is "true" or "1";
            type = isNull ? null : reader.GetAttribute("type", WsManNames.Instance);
        }

        if (reader.IsEmptyElement)
        {
            return isNull ? null : "";
        }

        reader.ReadWithin();
        if (reader.NodeType == XmlNodeType.EndElement)
        {
            return isNull ? null : "";
        }

        if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
        {
            string text = ReadText(reader, before);
            return reader.NodeType == XmlNodeType.EndElement ? text : ReadMixed(reader, text);
        }

        // White space before a child element, or a property that is nothing but white space.
        var blanks = new StringBuilder();
        while (reader.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement))
        {
            blanks.Append(reader.NodeType is XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace or XmlNodeType.Text ? reader.Value : "");
            if (!reader.ReadWithin())
            {
                throw new XmlException("The text ends inside a property.");
            }
        }

        return reader.NodeType == XmlNodeType.EndElement ? blanks.ToString() : ReadComplex(reader, type, depth);
    }

    /// <summary>The text nodes from the one the reader stands on; leaves it on the next node of another kind. A reference to a character begins a node of its own.</summary>
    private static string ReadText(XmlDictionaryReader reader, string? before)
    {
        char[] chars = _chars ??= new char[2048];
        int length = 0;
        StringBuilder? longText = null;
        do
        {
            while (reader.ReadValueChunk(chars, length, chars.Length - length) is var read and > 0)
            {
                length += read;
                if (chars.Length - length >= LargestCharacter)
                {
                    // It stops before the room is used up only at the end of the text; asking again costs as much as a short text.
                    break;
                }

                (longText ??= new StringBuilder(4 * length)).Append(chars, 0, length);
                length = 0;
            }
        }
        while (reader.ReadWithin() && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace);

        var rest = chars.AsSpan(0, length);
        string text = longText is not null ? longText.Append(rest).ToString()
            : before is not null && rest.SequenceEqual(before) ? before
            : rest.ToString();
        return text;
    }

    private static string ReadMixed(XmlDictionaryReader reader, string text)
    {
        var all = new StringBuilder(text);
        int depth = 0;
        while (depth > 0 || reader.NodeType != XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when !reader.IsEmptyElement:
                    depth++;
                    break;
                case XmlNodeType.EndElement:
                    depth--;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    all.Append(reader.Value);
                    break;
            }

            if (!reader.ReadWithin())
            {
                throw new XmlException("The text ends inside a property.");
            }
        }

        return all.ToString();
    }

    /// <summary>The reader stands on the first child element; leaves it on the property's end tag.</summary>
    private object? ReadComplex(XmlDictionaryReader reader, string? type, int depth)
    {
        switch (reader.LocalName)
        {
            case "Datetime" or "Interval" or "Date" or "Time" or "CIM_DateTime":
                string text = reader.ReadElementContentAsString();
                SkipToEnd(reader);
                return text;

            case "Address" or "ReferenceParameters" or "EndpointReference" when reader.NamespaceURI == WsManNames.Addressing:
                return ReadReference(reader, depth);

            default:
                return ReadEmbedded(reader, type, depth);
        }
    }

    private CimRow ReadEmbedded(XmlDictionaryReader reader, string? type, int depth)
    {
        // The class stands in xsi:type as "p1:Class_Type"; the prefix need not be declared, so it is only text.
        string className = type is null ? reader.LocalName : type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..];
        className = className.EndsWith("_Type", StringComparison.Ordinal) ? className[..^5] : className;
        var values = new List<(string, object?)>();
        var lists = new Dictionary<string, List<object?>>(StringComparer.OrdinalIgnoreCase);
        if (depth + 1 > MaxDepth)
        {
            throw new XmlException("An instance is nested too deeply.");
        }

        while (reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                string name = reader.LocalName;
                object? value = ReadProperty(reader, depth + 1, null);
                if (lists.TryGetValue(name, out var list))
                {
                    list.Add(value);
                }
                else
                {
                    lists.Add(name, [value]);
                    values.Add((name, lists[name]));
                }
            }

            if (!reader.ReadWithin())
            {
                throw new XmlException("The text ends inside an embedded instance.");
            }
        }

        return CimRow.Of(className, values.Select(v => (v.Item1, ((List<object?>)v.Item2!) is { Count: 1 } one ? one[0] : v.Item2)));
    }

    private static CimPath? ReadReference(XmlDictionaryReader reader, int depth)
    {
        var keys = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        string? uri = null;
        int open = 0;
        while (open > 0 || reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "ResourceURI" && uri is null)
            {
                uri = reader.ReadElementContentAsString();
                continue;
            }

            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "Selector" && reader.GetAttribute("Name") is { } name)
            {
                string value = ReadSelector(reader, depth);
                if (!name.Equals("__cimnamespace", StringComparison.OrdinalIgnoreCase))
                {
                    keys[name] = value;
                }
            }
            else if (reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement)
            {
                open++;
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                open--;
            }

            if (open > 2 * MaxDepth || !reader.ReadWithin())
            {
                throw new XmlException("A reference is cut short or nested too deeply.");
            }
        }

        return string.IsNullOrEmpty(uri) ? null : new CimPath(uri[(uri.LastIndexOf('/') + 1)..]) { Keys = keys.ToImmutable() };
    }

    // A key that is itself a reference is kept as its path text, which compares like one.
    private static string ReadSelector(XmlDictionaryReader reader, int depth)
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        reader.ReadWithin();
        while (reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (depth + 1 > MaxDepth)
                {
                    throw new XmlException("A reference is nested too deeply.");
                }

                text.Append(ReadReference(reader, depth + 1));
                break;
            }

            text.Append(reader.Value);
            if (!reader.ReadWithin())
            {
                throw new XmlException("A reference is cut short.");
            }
        }

        return text.ToString();
    }

    private static void SkipToEnd(XmlReader reader)
    {
        int open = 0;
        while (open > 0 || reader.NodeType != XmlNodeType.EndElement)
        {
            open += reader.NodeType switch { XmlNodeType.Element when !reader.IsEmptyElement => 1, XmlNodeType.EndElement => -1, _ => 0 };
            if (!reader.ReadWithin())
            {
                throw new XmlException("The text ends inside a property.");
            }
        }
    }
}
