using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml;

namespace HyperVDash.Cim.WsMan;

/// <summary>One request envelope, written in the order Windows writes it, because some servers are picky.</summary>
internal sealed class WsManRequest
{
    private static readonly ImmutableDictionary<string, string> NoKeys = ImmutableDictionary<string, string>.Empty;

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    // A writer keeps its buffers from one request to the next, and so does what it writes to. One that threw is not used again.
    private static readonly ConcurrentBag<(XmlDictionaryWriter Xml, MemoryStream Bytes)> Writers = [];

    private WsManRequest(string messageId, ReadOnlyMemory<byte> body) => (MessageId, Body) = (messageId, body);

    public string MessageId { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public bool IsEnumerate { get; private init; }

    // Writes a character that XML forbids as a reference, so that a name with one, as a host sent it, can still be asked for.
    private static XmlDictionaryWriter Open(Stream bytes) => XmlDictionaryWriter.CreateTextWriter(bytes, Encoding, ownsStream: false);

    private static (XmlDictionaryWriter Xml, MemoryStream Bytes) Reopen()
    {
        if (!Writers.TryTake(out var used))
        {
            var bytes = new MemoryStream(4096);
            return (Open(bytes), bytes);
        }

        used.Bytes.SetLength(0);
        ((IXmlTextWriterInitializer)used.Xml).SetOutput(used.Bytes, Encoding, ownsStream: false);
        return used;
    }

    public static WsManRequest Identify()
    {
        using var bytes = new MemoryStream();
        using (var xml = Open(bytes))
        {
            xml.WriteStartElement("s", "Envelope", WsManNames.Soap);
            xml.WriteStartElement("s", "Header", WsManNames.Soap);
            xml.WriteEndElement();
            xml.WriteStartElement("s", "Body", WsManNames.Soap);
            xml.WriteStartElement("wsmid", "Identify", WsManNames.Identity);
        }

        return new("", bytes.ToArray());
    }

    public static WsManRequest Enumerate(WsManTarget target, CimQuery query, TimeSpan timeout)
    {
        string uri = query.IsWholeClass ? WsManNames.ClassUri(query.Namespace, query.Class) : $"{WsManNames.Wmi}{query.Namespace}/*";
        return Build(target, uri, WsManNames.EnumerateAction, timeout, NoKeys, xml =>
        {
            xml.WriteStartElement("n", "Enumerate", WsManNames.Enumeration);
            xml.WriteElementString("w", "OptimizeEnumeration", WsManNames.WsMan, null);
            xml.WriteElementString("w", "MaxElements", WsManNames.WsMan, Number(target.MaxElements));
            if (!query.IsWholeClass)
            {
                xml.WriteStartElement("w", "Filter", WsManNames.WsMan);
                xml.WriteAttributeString("Dialect", WsManNames.Wql);
                WriteWql(xml, query);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        });
    }

    /// <summary><see cref="CimQuery.Wql"/> piece by piece: its text is long, and a host is asked a hundred such questions.</summary>
    private static void WriteWql(XmlWriter xml, CimQuery query)
    {
        xml.WriteString("SELECT ");
        for (int i = 0; i < query.Columns.Length; i++)
        {
            xml.WriteString(i == 0 ? "" : ",");
            xml.WriteString(query.Columns[i]);
        }

        xml.WriteString(query.Columns.IsEmpty ? "* FROM " : " FROM ");
        xml.WriteString(query.Class);
        if (query.Where is { } where)
        {
            xml.WriteString(" WHERE ");
            xml.WriteString(where);
        }
    }

    public static WsManRequest Pull(WsManTarget target, CimQuery query, string context, TimeSpan timeout) =>
        Build(target, WsManNames.ClassUri(query.Namespace, query.Class), WsManNames.PullAction, timeout, NoKeys, xml =>
        {
            xml.WriteStartElement("n", "Pull", WsManNames.Enumeration);
            xml.WriteElementString("n", "EnumerationContext", WsManNames.Enumeration, context);
            xml.WriteElementString("n", "MaxElements", WsManNames.Enumeration, Number(target.MaxElements));
            xml.WriteEndElement();
        });

    public static WsManRequest Release(WsManTarget target, CimQuery query, string context) =>
        Build(target, WsManNames.ClassUri(query.Namespace, query.Class), WsManNames.ReleaseAction, TimeSpan.FromSeconds(5), NoKeys, xml =>
        {
            xml.WriteStartElement("n", "Release", WsManNames.Enumeration);
            xml.WriteElementString("n", "EnumerationContext", WsManNames.Enumeration, context);
            xml.WriteEndElement();
        });

    public static WsManRequest Get(WsManTarget target, string cimNamespace, CimPath path) =>
        Build(target, WsManNames.ClassUri(cimNamespace, path.Class), WsManNames.GetAction, target.OperationTimeout, path.Keys, _ => { });

    public static WsManRequest Invoke(WsManTarget target, CimCall call, TimeSpan timeout)
    {
        string uri = WsManNames.ClassUri(call.Namespace, call.Class);
        return Build(target, uri, $"{uri}/{call.Method}", timeout, call.Keys, xml =>
        {
            xml.WriteStartElement("p", $"{call.Method}_INPUT", uri);
            foreach (var argument in call.Arguments)
            {
                foreach (object? value in argument.Value is System.Collections.IEnumerable list and not string ? list.Cast<object?>() : [argument.Value])
                {
                    if (value is not null)
                    {
                        WriteArgument(xml, uri, call.Namespace, argument.Name, value);
                    }
                }
            }

            xml.WriteEndElement();
        });
    }

    private static void WriteArgument(XmlWriter xml, string uri, string cimNamespace, string name, object value)
    {
        xml.WriteStartElement("p", name, uri);
        if (value is CimPath path)
        {
            xml.WriteElementString("a", "Address", WsManNames.Addressing, WsManNames.Anonymous);
            xml.WriteStartElement("a", "ReferenceParameters", WsManNames.Addressing);
            xml.WriteElementString("w", "ResourceURI", WsManNames.WsMan, WsManNames.ClassUri(cimNamespace, path.Class));
            WriteSelectors(xml, path.Keys);
            xml.WriteEndElement();
        }
        else
        {
            xml.WriteString(value is bool yes ? yes ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        xml.WriteEndElement();
    }

    private static WsManRequest Build(
        WsManTarget target, string resourceUri, string action, TimeSpan timeout, IReadOnlyDictionary<string, string> selectors, Action<XmlWriter> writeBody)
    {
        string messageId = $"uuid:{Guid.NewGuid().ToString().ToUpperInvariant()}";
        var (xml, bytes) = Reopen();
        xml.WriteStartElement("s", "Envelope", WsManNames.Soap);
        xml.WriteAttributeString("xmlns", "a", null, WsManNames.Addressing);
        xml.WriteAttributeString("xmlns", "w", null, WsManNames.WsMan);
        xml.WriteAttributeString("xmlns", "n", null, WsManNames.Enumeration);
        xml.WriteAttributeString("xmlns", "p", null, WsManNames.Microsoft);
        xml.WriteStartElement("s", "Header", WsManNames.Soap);
        xml.WriteElementString("a", "To", WsManNames.Addressing, target.ToString());
        Understood(xml, "w", "ResourceURI", WsManNames.WsMan, resourceUri);
        xml.WriteStartElement("a", "ReplyTo", WsManNames.Addressing);
        Understood(xml, "a", "Address", WsManNames.Addressing, WsManNames.Anonymous);
        xml.WriteEndElement();
        Understood(xml, "a", "Action", WsManNames.Addressing, action);
        Understood(xml, "w", "MaxEnvelopeSize", WsManNames.WsMan, Number(target.MaxEnvelopeSize));
        xml.WriteElementString("a", "MessageID", WsManNames.Addressing, messageId);
        Language(xml, "w", "Locale", WsManNames.WsMan);
        Language(xml, "p", "DataLocale", WsManNames.Microsoft);
        if (selectors.Count > 0)
        {
            WriteSelectors(xml, selectors);
        }

        // Without it a null array and an array of none look the same.
        xml.WriteStartElement("w", "OptionSet", WsManNames.WsMan);
        xml.WriteStartElement("w", "Option", WsManNames.WsMan);
        xml.WriteAttributeString("Name", "msftwinrm:UsePreciseArrays");
        xml.WriteAttributeString("Type", "xs:boolean");
        xml.WriteString("true");
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteElementString("w", "OperationTimeout", WsManNames.WsMan,
            string.Create(CultureInfo.InvariantCulture, $"PT{Math.Max(0.5, timeout.TotalSeconds):0.000}S"));
        xml.WriteEndElement();
        xml.WriteStartElement("s", "Body", WsManNames.Soap);
        writeBody(xml);
        xml.Close();
        byte[] body = bytes.ToArray();
        Writers.Add((xml, bytes));
        return new(messageId, body) { IsEnumerate = action == WsManNames.EnumerateAction };
    }

    private static void WriteSelectors(XmlWriter xml, IReadOnlyDictionary<string, string> keys)
    {
        xml.WriteStartElement("w", "SelectorSet", WsManNames.WsMan);
        foreach (var (name, value) in keys)
        {
            xml.WriteStartElement("w", "Selector", WsManNames.WsMan);
            xml.WriteAttributeString("Name", name);
            xml.WriteString(value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Understood(XmlWriter xml, string prefix, string name, string uri, string value)
    {
        xml.WriteStartElement(prefix, name, uri);
        xml.WriteAttributeString("s", "mustUnderstand", WsManNames.Soap, "true");
        xml.WriteString(value);
        xml.WriteEndElement();
    }

    private static void Language(XmlWriter xml, string prefix, string name, string uri)
    {
        xml.WriteStartElement(prefix, name, uri);
        xml.WriteAttributeString("xml", "lang", null, "en-US");
        xml.WriteAttributeString("s", "mustUnderstand", WsManNames.Soap, "false");
        xml.WriteEndElement();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
