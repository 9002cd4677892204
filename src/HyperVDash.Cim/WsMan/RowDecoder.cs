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

    private readonly Dictionary<string, CimLayout> _layouts = new(StringComparer.Ordinal);
    private object?[] _slots = new object?[64];

    /// <summary>Reads the instance the reader stands on and leaves it on the end tag.</summary>
    public CimRow ReadInstance(XmlReader reader)
    {
        // A projection loses the class; what was asked for is the best name there is.
        string className = reader.LocalName == "XmlFragment" ? askedClass : reader.LocalName;
        return ReadRow(reader, className, 0);
    }

    private CimRow ReadRow(XmlReader reader, string className, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new XmlException("An instance is nested too deeply.");
        }

        if (!_layouts.TryGetValue(className, out var layout))
        {
            _layouts.Add(className, layout = new CimLayout(className));
        }

        var slots = depth == 0 ? _slots : new object?[32];
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

                int slot = layout.Add(reader.LocalName, next);
                if (slot >= MaxColumns)
                {
                    throw new XmlException($"An instance of {className} has more than {MaxColumns} different properties, which no class has.");
                }

                next = slot + 1;
                sent++;
                if (slot >= slots.Length)
                {
                    Array.Resize(ref slots, Math.Max(slot + 1, slots.Length * 2));
                }

                for (; used <= slot; used++)
                {
                    slots[used] = CimRow.NotSent;
                }

                object? value = ReadProperty(reader, depth);
                slots[slot] = slots[slot] switch
                {
                    var first when ReferenceEquals(first, CimRow.NotSent) => value,
                    List<object?> list => Append(list, value),
                    var first => new List<object?> { first, value },
                };
            }
        }

        var row = used > Sparse * Math.Max(sent, 8) ? Compact(layout, slots.AsSpan(0, used)) : new CimRow(layout, slots.AsSpan(0, used).ToArray());
        if (depth == 0)
        {
            _slots = slots;
        }

        return row;
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

    private static List<object?> Append(List<object?> list, object? value)
    {
        list.Add(value);
        return list;
    }

    private object? ReadProperty(XmlReader reader, int depth)
    {
        string? type = null;
        bool isNull = false;
        if (reader.HasAttributes)
        {
            isNull = reader.GetAttribute("nil", WsManNames.Instance) is "true" or "1";
            type = reader.GetAttribute("type", WsManNames.Instance);
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
            string text = reader.Value;
            reader.ReadWithin();
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

    private static string ReadMixed(XmlReader reader, string text)
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
    private object? ReadComplex(XmlReader reader, string? type, int depth)
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

    private CimRow ReadEmbedded(XmlReader reader, string? type, int depth)
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
                object? value = ReadProperty(reader, depth + 1);
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

    private static CimPath? ReadReference(XmlReader reader, int depth)
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
    private static string ReadSelector(XmlReader reader, int depth)
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
