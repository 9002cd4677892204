using System.Collections.Concurrent;
using System.Text;
using System.Xml;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>The open enumerations of a host: begun, pulled with a new context each time, released or forgotten.</summary>
internal sealed class Enumerations(LabHost host, LabFaults faults, ClassQuestions questions, ClassDescriptions descriptions, int maxEnvelope, TimeProvider time)
{
    private const int RoomForFrame = 2048;

    /// <summary>How long WinRM keeps an enumeration that nobody pulls.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(240);

    private readonly ConcurrentDictionary<string, Enumeration> _open = new(StringComparer.OrdinalIgnoreCase);

    public byte[] Start(SoapRequest request, Resource resource, RequestSubject subject)
    {
        if (request.Parameter("PolymorphismMode") is "ExcludeSubClassProperties" or "None")
        {
            throw new SoapFault("b:PolymorphismModeNotSupported", 0x80338137, "The polymorphism mode is not supported.");
        }

        var enumeration = resource.IsMetadata ? descriptions.List(request, resource, subject) : questions.Ask(request, resource, subject);
        subject.Class = enumeration.ClassName;
        subject.Reply = enumeration.Replies = 1;
        bool isOptimized = request.Has("OptimizeEnumeration");
        return Envelope.Write(request, Names.N + "/EnumerateResponse", xml =>
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

    public byte[] Pull(SoapRequest request, RequestSubject subject)
    {
        var enumeration = Take(request);
        subject.Class = enumeration.ClassName;
        subject.Namespace = enumeration.Resource.Namespace;
        subject.Reply = ++enumeration.Replies;
        return Envelope.Write(request, Names.N + "/PullResponse", xml =>
        {
            xml.WriteStartElement("n", "PullResponse", Names.N);
            WriteBatch(xml, request, enumeration, Names.N, "n");
            xml.WriteEndElement();
        });
    }

    public byte[] Release(SoapRequest request)
    {
        Take(request);
        return Envelope.Write(request, Names.N + "/ReleaseResponse", _ => { });
    }

    private string Keep(Enumeration enumeration)
    {
        foreach (var (forgotten, _) in _open.Where(o => IsForgotten(o.Value)))
        {
            _open.TryRemove(forgotten, out _);
        }

        string context = $"uuid:{Guid.NewGuid().ToString().ToUpperInvariant()}";
        enumeration.KeptAt = time.GetTimestamp();
        _open[context] = enumeration;
        return context;
    }

    private Enumeration Take(SoapRequest request) =>
        _open.TryRemove(request.Parameter("EnumerationContext") ?? "", out var enumeration) && !IsForgotten(enumeration) ? enumeration : throw SoapFault.InvalidContext();

    private bool IsForgotten(Enumeration enumeration) => time.GetElapsedTime(enumeration.KeptAt) > Idle;

    private void WriteBatch(XmlWriter xml, SoapRequest request, Enumeration enumeration, string itemsNamespace, string prefix)
    {
        var items = NextItems(request, enumeration);

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

    /// <summary>As many as were asked for, one if nothing was said, and no more than fit.</summary>
    private List<string> NextItems(SoapRequest request, Enumeration enumeration)
    {
        int limit = Math.Min(request.MaxEnvelopeSize ?? maxEnvelope, maxEnvelope) - RoomForFrame;
        int count = request.MaxElements ?? 1;
        var items = new List<string>();
        int size = 0;
        host.Change(_ =>
        {
            while (!enumeration.IsOver && items.Count < count)
            {
                string item = ItemText(request, enumeration);
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
        return items;
    }

    private string ItemText(SoapRequest request, Enumeration enumeration)
    {
        var text = new StringBuilder(2048);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, CheckCharacters = false }))
        {
            if (enumeration.Classes is { } classes)
            {
                enumeration.ClassText.Write(xml, classes[enumeration.Next]);
            }
            else
            {
                WriteItem(xml, request, enumeration, enumeration.Rows[enumeration.Next]);
            }
        }

        return text.ToString();
    }

    private void WriteItem(XmlWriter xml, SoapRequest request, Enumeration enumeration, LabInstance instance)
    {
        var writer = new InstanceWriter(host, enumeration.Resource, request.WantsPreciseArrays)
        {
            WithheldProperty = faults.Find(host.Name, enumeration.ClassName, LabFaultKind.MissingProperty)?.Parameter,
        };
        switch (enumeration.Mode)
        {
            case "EnumerateEPR":
                writer.WriteReference(xml, instance);
                break;
            case "EnumerateObjectAndEPR" when enumeration.Columns is null:
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
}
