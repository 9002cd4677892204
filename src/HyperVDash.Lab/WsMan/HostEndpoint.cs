using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using HyperVDash.Cim.Wql;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.WsMan;

/// <summary>One host's WinRM: turns a request into the answer it would give.</summary>
internal sealed class HostEndpoint(LabHost host, LabFaults faults)
{
    private const int MinEnvelope = 8192;
    private const int OwnEnvelope = 512_000;

    private static readonly XNamespace W = Names.W;

    private readonly ConcurrentDictionary<string, Enumeration> _open = new(StringComparer.OrdinalIgnoreCase);

    public LabHost Host { get; } = host;

    /// <summary>What a request is about, for faults and the log; filled while it is answered.</summary>
    public sealed class Subject
    {
        public string Namespace { get; set; } = "";

        public string? Class { get; set; }

        public string? Wql { get; set; }

        public string Operation { get; set; } = "";

        /// <summary>Number of this reply within its enumeration, from 1.</summary>
        public int Reply { get; set; } = 1;
    }

    /// <summary>The envelope to send back, and its HTTP status.</summary>
    public (int Status, byte[] Body) Answer(SoapRequest request, Subject subject)
    {
        try
        {
            return (200, Respond(request, subject));
        }
        catch (SoapFault fault)
        {
            return (fault.Status, Envelope(request, "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", xml => fault.Write(xml, Host.Name)));
        }
    }

    private byte[] Respond(SoapRequest request, Subject subject)
    {
        if (request.Operation?.Name.NamespaceName == Names.Identity)
        {
            subject.Operation = "Identify";
            return Envelope(request, "", WriteIdentity);
        }

        Check(request);
        var resource = Resource.Parse(request.ResourceUri, request.Selectors)
            ?? throw new SoapFault("a:DestinationUnreachable", 0x8033803B, "The resource URI is not valid.");
        subject.Namespace = resource.Namespace;
        subject.Class = resource.Class;
        int slash = request.Action.LastIndexOf('/');
        subject.Operation = request.Action[(slash + 1)..];
        return (request.Action[..Math.Max(slash, 0)], subject.Operation) switch
        {
            (Names.N, "Enumerate") => Enumerate(request, resource, subject),
            (Names.N, "Pull") => Pull(request, subject),
            (Names.N, "Release") => Release(request),
            (Names.X, "Get") => Get(request, resource),
            (Names.X, _) => throw new SoapFault("a:ActionNotSupported", 0x80338013, "This host only reads."),
            var (uri, method) when uri.EndsWith(resource.Class, StringComparison.OrdinalIgnoreCase) => Invoke(request, resource, method, subject),
            _ => throw new SoapFault("a:ActionNotSupported", 0x80338013, $"The action {request.Action} is not supported."),
        };
    }

    private static void Check(SoapRequest request)
    {
        if (request.NotUnderstood is { } header)
        {
            throw new SoapFault("s:MustUnderstand", 0x80338010, $"The header {header} is not understood.");
        }

        if (request.MustUnderstandLocale)
        {
            throw new SoapFault("w:UnsupportedFeature", 0x80338087, "mustUnderstand is not supported on the Locale header.");
        }

        if (string.IsNullOrWhiteSpace(request.MessageId))
        {
            throw new SoapFault("a:InvalidMessageInformationHeader", 0x8033800F, "The MessageID header is missing or empty.");
        }

        if (!request.HasReplyTo || request.Action.Length == 0)
        {
            throw new SoapFault("a:MessageInformationHeaderRequired", 0x80338011, "A required addressing header is missing.");
        }

        if (request.ReplyTo is { } address && address != Names.Anonymous)
        {
            throw new SoapFault("w:UnsupportedFeature", 0x80338042, "Only anonymous replies are supported.");
        }

        if (request.MaxEnvelopeSize is < MinEnvelope)
        {
            throw new SoapFault("w:EncodingLimit", 0x8033807E, "MaxEnvelopeSize is smaller than 8192.");
        }
    }

    private byte[] Enumerate(SoapRequest request, Resource resource, Subject subject)
    {
        if (request.Operation?.Elements().FirstOrDefault(e => e.Name.LocalName == "PolymorphismMode")?.Value.Trim() is "ExcludeSubClassProperties" or "None")
        {
            throw new SoapFault("b:PolymorphismModeNotSupported", 0x80338137, "The polymorphism mode is not supported.");
        }

        var enumeration = request.Filter is { } filter
            ? Filtered(request, resource, filter, subject)
            : resource.Class == "*"
                ? throw new SoapFault("a:DestinationUnreachable", 0x8033803B, "An enumeration of all classes needs a filter.")
                : Open(resource, resource.Class, null, null, request.Parameter("EnumerationMode"), inQuery: false);
        subject.Class = enumeration.ClassName;
        subject.Reply = enumeration.Replies = 1;
        bool isOptimized = request.Has("OptimizeEnumeration");
        return Envelope(request, Names.N + "/EnumerateResponse", xml =>
        {
            xml.WriteStartElement("n", "EnumerateResponse", Names.N);
            if (isOptimized)
            {
                WriteBatch(xml, request, enumeration, Names.W, "w");
            }
            else
            {
                xml.WriteElementString("n", "EnumerationContext", Names.N, Keep(enumeration));
            }

            xml.WriteEndElement();
        });
    }

    private Enumeration Filtered(SoapRequest request, Resource resource, XElement filter, Subject subject)
    {
        string dialect = filter.Attribute("Dialect")?.Value ?? Names.Wql;
        string? mode = request.Parameter("EnumerationMode");
        if (dialect == Names.SelectorFilter)
        {
            var wanted = filter.Descendants(W + "Selector").ToDictionary(s => s.Attribute("Name")?.Value ?? "", s => s.Value, StringComparer.OrdinalIgnoreCase);
            return Open(resource, resource.Class, null,
                i => wanted.All(w => string.Equals(Convert.ToString(i[w.Key], CultureInfo.InvariantCulture), w.Value, StringComparison.OrdinalIgnoreCase)), mode, inQuery: true);
        }

        if (dialect != Names.Wql)
        {
            throw new SoapFault("n:FilterDialectRequestedUnavailable", 0x80338019, "The filter dialect is not supported.");
        }

        if (resource.Class != "*")
        {
            throw new SoapFault("n:CannotProcessFilter", 0x803380FB, "A WQL query needs a resource URI that ends in /*.");
        }

        subject.Wql = filter.Value.Trim();
        WqlQuery query;
        try
        {
            query = WqlQuery.Parse(subject.Wql);
        }
        catch (WqlException bad)
        {
            throw SoapFault.InvalidQuery(bad.Message);
        }

        subject.Class = query.Class;
        return Open(resource, query.Class, query.Columns.IsEmpty ? null : query.Columns, i => query.Matches(name => Value(i, name)), mode, inQuery: true,
            [.. query.Columns, .. query.ComparedColumns()]);
    }

    private object? Value(LabInstance instance, string name) => name.ToUpperInvariant() switch
    {
        "__SERVER" => Host.Name,
        "__CLASS" => instance.ClassName,
        _ => instance[name],
    };

    private Enumeration Open(Resource resource, string className, IReadOnlyList<string>? columns, Func<LabInstance, bool>? match, string? mode, bool inQuery,
        IReadOnlyList<string>? used = null)
    {
        if (faults.Find(Host.Name, className, LabFaultKind.Denied) is not null)
        {
            throw SoapFault.Denied();
        }

        if (Host.Errors.TryGetValue((resource.Namespace, className), out uint error) || Host.Errors.TryGetValue((resource.Namespace, ""), out error))
        {
            throw SoapFault.Wbem(error);
        }

        if (!Host.HasNamespace(resource.Namespace) && !Host.IsOpenEnded)
        {
            throw SoapFault.InvalidNamespace();
        }

        var classes = Host.Release.WithDerived(resource.Namespace, className).Where(c => c.IsQueryable).ToList();
        bool isKnown = classes.Count > 0 && !(Host.IsOpenEnded && Host.Table(resource.Namespace, className).Count == 0);
        if (faults.Find(Host.Name, className, LabFaultKind.MissingClass) is not null || (!isKnown && Host.Table(resource.Namespace, className).Count == 0))
        {
            throw SoapFault.InvalidClass(inQuery);
        }

        var withheld = faults.Find(Host.Name, className, LabFaultKind.MissingProperty)?.Parameter;
        foreach (string column in used ?? [])
        {
            bool isColumn = column.StartsWith("__", StringComparison.Ordinal) || Host.IsOpenEnded || classes.Any(c => c.Find(column) is not null);
            if (!isColumn || column.Equals(withheld, StringComparison.OrdinalIgnoreCase))
            {
                throw SoapFault.InvalidQuery($"The property {column} is not known.");
            }
        }

        var rows = faults.Find(Host.Name, className, LabFaultKind.Empty) is not null
            ? []
            : Host.Change(h =>
            {
                h.Refresh?.Invoke();
                var names = classes.Select(c => c.Name).DefaultIfEmpty(className);
                return names.SelectMany(n => h.Table(resource.Namespace, n)).Where(i => match?.Invoke(i) ?? true).ToList();
            });
        return new Enumeration(resource, className, rows, columns, mode is "EnumerateEPR" or "EnumerateObjectAndEPR" ? mode : null);
    }

    private byte[] Pull(SoapRequest request, Subject subject)
    {
        string context = request.Parameter("EnumerationContext") ?? "";
        if (!_open.TryRemove(context, out var enumeration))
        {
            throw SoapFault.InvalidContext();
        }

        subject.Class = enumeration.ClassName;
        subject.Namespace = enumeration.Resource.Namespace;
        subject.Reply = ++enumeration.Replies;
        return Envelope(request, Names.N + "/PullResponse", xml =>
        {
            xml.WriteStartElement("n", "PullResponse", Names.N);
            WriteBatch(xml, request, enumeration, Names.N, "n");
            xml.WriteEndElement();
        });
    }

    private byte[] Release(SoapRequest request)
    {
        if (!_open.TryRemove(request.Parameter("EnumerationContext") ?? "", out _))
        {
            throw SoapFault.InvalidContext();
        }

        return Envelope(request, Names.N + "/ReleaseResponse", _ => { });
    }

    private void WriteBatch(XmlWriter xml, SoapRequest request, Enumeration enumeration, string itemsNamespace, string prefix)
    {
        int limit = Math.Min(request.MaxEnvelopeSize ?? OwnEnvelope, OwnEnvelope) - 2048;
        int count = request.MaxElements ?? 1;
        var items = new List<string>();
        int size = 0;
        Host.Change(_ =>
        {
            while (!enumeration.IsOver && items.Count < count)
            {
                string item = ItemText(request, enumeration, enumeration.Rows[enumeration.Next]);
                int bytes = Encoding.UTF8.GetByteCount(item);
                if (bytes > limit)
                {
                    throw SoapFault.TooLarge();
                }

                if (items.Count > 0 && size + bytes > limit)
                {
                    break;
                }

                items.Add(item);
                size += bytes;
                enumeration.Next++;
            }
        });

        // The context comes before the items; the last answer has none, but an optimised first answer has an empty one.
        if (!enumeration.IsOver)
        {
            xml.WriteElementString("n", "EnumerationContext", Names.N, Keep(enumeration));
        }
        else if (prefix == "w")
        {
            xml.WriteElementString("n", "EnumerationContext", Names.N, "");
        }

        xml.WriteStartElement(prefix, "Items", itemsNamespace);
        foreach (string item in items)
        {
            xml.WriteRaw(item);
        }

        xml.WriteFullEndElement();
        if (enumeration.IsOver)
        {
            xml.WriteElementString(prefix, "EndOfSequence", itemsNamespace, null);
        }
    }

    private string ItemText(SoapRequest request, Enumeration enumeration, LabInstance instance)
    {
        var writer = new InstanceWriter(Host, enumeration.Resource, request.WantsPreciseArrays)
        {
            WithheldProperty = faults.Find(Host.Name, enumeration.ClassName, LabFaultKind.MissingProperty)?.Parameter,
        };
        var text = new StringBuilder(2048);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, CheckCharacters = false }))
        {
            switch (enumeration.Mode)
            {
                case "EnumerateEPR":
                    writer.WriteReference(xml, instance);
                    break;
                case "EnumerateObjectAndEPR":
                    xml.WriteStartElement("w", "Item", Names.W);
                    writer.WriteInstance(xml, instance);
                    writer.WriteReference(xml, instance);
                    xml.WriteEndElement();
                    break;
                default:
                    if (enumeration.Columns is { } columns)
                    {
                        writer.WriteFragment(xml, instance, columns);
                    }
                    else
                    {
                        writer.WriteInstance(xml, instance);
                    }

                    break;
            }
        }

        return text.ToString();
    }

    private string Keep(Enumeration enumeration)
    {
        string context = $"uuid:{Guid.NewGuid().ToString().ToUpperInvariant()}";
        _open[context] = enumeration;
        return context;
    }

    private byte[] Get(SoapRequest request, Resource resource)
    {
        var found = Open(resource, resource.Class, null, null, null, inQuery: false);
        var known = Host.Release.Find(resource.Namespace, resource.Class);
        var keys = known?.Keys ?? [];
        var wanted = request.Selectors.Where(s => !s.Key.Equals("__cimnamespace", StringComparison.OrdinalIgnoreCase)).ToList();
        bool isSingleton = wanted.Count == 0 && found.Rows.Count == 1;
        if (!isSingleton && keys.Any(k => !wanted.Exists(w => w.Key.Equals(k, StringComparison.OrdinalIgnoreCase))))
        {
            throw SoapFault.NotFound();
        }

        var instance = found.Rows.FirstOrDefault(i => wanted.TrueForAll(w =>
            string.Equals(Convert.ToString(i[w.Key], CultureInfo.InvariantCulture), w.Value, StringComparison.OrdinalIgnoreCase))) ?? throw SoapFault.NotFound();
        var writer = new InstanceWriter(Host, resource, request.WantsPreciseArrays);
        return Envelope(request, Names.X + "/GetResponse", xml => Host.Change(_ => writer.WriteInstance(xml, instance)));
    }

    private byte[] Invoke(SoapRequest request, Resource resource, string method, Subject subject)
    {
        if (faults.Find(Host.Name, resource.Class, LabFaultKind.Denied) is not null)
        {
            throw SoapFault.Denied();
        }

        if (!Host.HasNamespace(resource.Namespace) && !Host.IsOpenEnded)
        {
            throw SoapFault.InvalidNamespace();
        }

        var known = Host.Release.Find(resource.Namespace, resource.Class);
        if ((known is null && !Host.IsOpenEnded) || faults.Find(Host.Name, resource.Class, LabFaultKind.MissingClass) is not null)
        {
            throw SoapFault.InvalidClass(inQuery: false);
        }

        var arguments = ReadArguments(request.Operation);
        var answer = Host.Change(h =>
        {
            // A living host learns its methods with its tables, at its first question.
            h.Refresh?.Invoke();
            var run = h.FindMethod(resource.Class, method)
                ?? throw new SoapFault("a:ActionNotSupported", 0x80338013, $"The method {method} is not known.", 0x8004102E);
            return faults.Find(h.Name, resource.Class, LabFaultKind.Empty) is null ? run(new LabCall(method, arguments) { Namespace = resource.Namespace }) : new LabAnswer(0);
        });
        string uri = resource.ClassUri(resource.Class);
        var writer = new InstanceWriter(Host, resource, request.WantsPreciseArrays);
        byte[] body = Envelope(request, $"{uri}/{method}Response", xml =>
        {
            xml.WriteStartElement("p", $"{method}_OUTPUT", uri);
            xml.WriteAttributeString("xmlns", "xsi", null, Names.Xsi);
            xml.WriteAttributeString("xmlns", "cim", null, Names.Cim);
            writer.WriteValue(xml, "p", uri, "ReturnValue", answer.ReturnValue);
            foreach (var (name, value) in answer.Out)
            {
                writer.WriteValue(xml, "p", uri, name, value);
            }

            xml.WriteEndElement();
        });
        return body.Length <= Math.Min(request.MaxEnvelopeSize ?? OwnEnvelope, OwnEnvelope) ? body : throw SoapFault.TooLarge();
    }

    private static Dictionary<string, IReadOnlyList<object>> ReadArguments(XElement? input) => input is null
        ? []
        : input.Elements().GroupBy(e => e.Name.LocalName, StringComparer.OrdinalIgnoreCase).ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<object>)[.. g.Select(ReadArgument)],
            StringComparer.OrdinalIgnoreCase);

    private static object ReadArgument(XElement element)
    {
        XNamespace w = Names.W;
        return element.Descendants(w + "ResourceURI").FirstOrDefault() is { } uri
            ? new LabReference(uri.Value[(uri.Value.LastIndexOf('/') + 1)..],
                [.. element.Descendants(w + "Selector").Select(s => (s.Attribute("Name")?.Value ?? "", s.Value))])
            : element.Value;
    }

    private void WriteIdentity(XmlWriter xml)
    {
        xml.WriteStartElement("wsmid", "IdentifyResponse", Names.Identity);
        xml.WriteElementString("wsmid", "ProtocolVersion", Names.Identity, Names.W);
        xml.WriteElementString("wsmid", "ProductVendor", Names.Identity, "Microsoft Corporation");
        xml.WriteElementString("wsmid", "ProductVersion", Names.Identity, $"OS: {Host.WindowsVersion} SP: 0.0 Stack: {(Host.WindowsVersion.StartsWith("6.0", StringComparison.Ordinal) ? "1.1" : Host.WindowsVersion.StartsWith("6.1", StringComparison.Ordinal) ? "2.0" : "3.0")}");
        xml.WriteEndElement();
    }

    private static byte[] Envelope(SoapRequest request, string action, Action<XmlWriter> writeBody)
    {
        using var bytes = new MemoryStream(4096);
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            xml.WriteStartElement("s", "Envelope", Names.S);
            xml.WriteAttributeString("xml", "lang", null, "en-US");
            foreach (var (prefix, uri) in ((string, string)[])[("a", Names.A), ("x", Names.X), ("e", "http://schemas.xmlsoap.org/ws/2004/08/eventing"), ("n", Names.N), ("w", Names.W), ("b", Names.B)])
            {
                xml.WriteAttributeString("xmlns", prefix, null, uri);
            }

            xml.WriteStartElement("s", "Header", Names.S);
            if (action.Length > 0)
            {
                xml.WriteElementString("a", "Action", Names.A, action);
                xml.WriteElementString("a", "MessageID", Names.A, $"uuid:{Guid.NewGuid().ToString().ToUpperInvariant()}");
                xml.WriteElementString("a", "To", Names.A, Names.Anonymous);
                xml.WriteElementString("a", "RelatesTo", Names.A, request.MessageId);
            }

            xml.WriteFullEndElement();
            xml.WriteStartElement("s", "Body", Names.S);
            writeBody(xml);
            xml.WriteFullEndElement();
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }
}
