using System.Xml.Linq;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>Invoke: runs a method that reads and writes its out parameters into one envelope.</summary>
internal sealed class MethodCalls(LabHost host, LabFaults faults, int maxEnvelope)
{
    private static readonly XNamespace W = Names.W;

    public byte[] Invoke(SoapRequest request, Resource resource, string method)
    {
        if (faults.IsDenied(host.Name, resource.Namespace, resource.Class))
        {
            throw SoapFault.Denied();
        }

        if (!host.HasNamespace(resource.Namespace) && !host.IsOpenEnded)
        {
            throw SoapFault.InvalidNamespace();
        }

        var known = host.Release.Find(resource.Namespace, resource.Class);
        if ((known is null && !host.IsOpenEnded) || faults.Find(host.Name, resource.Class, LabFaultKind.MissingClass) is not null)
        {
            throw SoapFault.InvalidClass(inQuery: false);
        }

        var answer = Run(resource, method, ReadArguments(request.Operation));
        string uri = resource.ClassUri(resource.Class);
        var writer = new InstanceWriter(host, resource, request.WantsPreciseArrays);
        byte[] body = Envelope.Write(request, $"{uri}/{method}Response", xml =>
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
        return body.Length <= Math.Min(request.MaxEnvelopeSize ?? maxEnvelope, maxEnvelope) ? body : throw SoapFault.TooLarge();
    }

    private LabAnswer Run(Resource resource, string method, Dictionary<string, IReadOnlyList<object>> arguments) => host.Change(h =>
    {
        // A living host learns its methods with its tables, at its first question.
        h.Refresh?.Invoke();
        var run = h.FindMethod(resource.Class, method)
            ?? throw new SoapFault("a:ActionNotSupported", 0x80338013, $"The method {method} is not known.", 0x8004102E);
        return faults.Find(h.Name, resource.Class, LabFaultKind.Empty) is null ? run(new LabCall(method, arguments) { Namespace = resource.Namespace }) : new LabAnswer(0);
    });

    private static Dictionary<string, IReadOnlyList<object>> ReadArguments(XElement? input) => input is null
        ? []
        : input.Elements().Where(e => e.Attribute(XName.Get("nil", Names.Xsi))?.Value is not ("true" or "1"))
            .GroupBy(e => e.Name.LocalName, StringComparer.OrdinalIgnoreCase).ToDictionary(
                g => g.Key,
                g => (IReadOnlyList<object>)[.. g.Select(ReadArgument)],
                StringComparer.OrdinalIgnoreCase);

    private static object ReadArgument(XElement element) =>
        element.Descendants(W + "ResourceURI").FirstOrDefault() is { } uri
            ? new LabReference(uri.Value[(uri.Value.LastIndexOf('/') + 1)..],
                [.. element.Descendants(W + "Selector").Select(s => (s.Attribute("Name")?.Value ?? "", s.Value)).Where(k => k.Item1 != "__cimnamespace")])
            : element.Value;
}
