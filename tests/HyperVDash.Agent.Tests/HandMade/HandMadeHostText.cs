using System.Text.Json.Nodes;
using HyperVDash.Agent.Tests.Wire;

namespace HyperVDash.Agent.Tests.HandMade;

/// <summary>
/// A host written down by hand: what it sends for each class, as it stands inside the envelope, and what must be made of it. A line with <c>@</c> names namespace, class, and method if it is one,
/// and words that the question must hold; each line after it is an instance. A line with <c>=</c> is a fact: a path into the reading and its JSON, or a section and its state.
/// </summary>
internal sealed class HandMadeHostText
{
    private readonly List<(string Namespace, string Class, string[] Words, List<string> Instances)> _answers = [];

    private HandMadeHostText(string file)
    {
        foreach (string line in File.ReadLines(file).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string[] parts = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            switch (parts[0])
            {
                case "@":
                    _answers.Add((parts[1], parts[2], parts.Length > 3 ? [parts[3]] : [], []));
                    break;
                case "=":
                    Facts.Add((parts[1], line[(line.IndexOf(parts[1], StringComparison.Ordinal) + parts[1].Length + 1)..]));
                    break;
                default:
                    _answers[^1].Instances.Add(line);
                    break;
            }
        }
    }

    /// <summary>Path and JSON, or section and state.</summary>
    public List<(string Path, string Value)> Facts { get; } = [];

    public static HandMadeHostText Read(string file) => new(file);

    public SoapAnswer Answer(SoapQuestion question)
    {
        bool isMethod = question.Operation is not ("Enumerate" or "Pull" or "Release" or "Get" or "Identify");
        string asked = isMethod ? $"{question.Class}.{question.Operation}" : question.Class;
        var answer = _answers.Find(a => a.Namespace.Equals(question.Namespace, StringComparison.OrdinalIgnoreCase) && a.Class.Equals(asked, StringComparison.OrdinalIgnoreCase)
            && Array.TrueForAll(a.Words, w => question.Text.Contains(w, StringComparison.OrdinalIgnoreCase)));
        return (answer.Instances, isMethod) switch
        {
            ({ } instances, false) => Envelope(question, "http://schemas.xmlsoap.org/ws/2004/09/enumeration/EnumerateResponse",
                $"<n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext><w:Items>{string.Concat(instances.Select(i => Instance(question, i)))}</w:Items><w:EndOfSequence/></n:EnumerateResponse>"),
            ({ } outputs, true) => Output(question, outputs.Single()),

            // A value or key that the registry has not.
            (null, true) when question.Class == "StdRegProv" => Output(question, "<p:ReturnValue>2</p:ReturnValue>"),
            _ => Missing(question),
        };
    }

    private static string Instance(SoapQuestion question, string inner) =>
        $"<p:{question.Class} xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"{Uri(question)}\" xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\" xsi:type=\"p:{question.Class}_Type\">{inner}</p:{question.Class}>";

    private static SoapAnswer Output(SoapQuestion question, string inner) => Envelope(question, $"{Uri(question)}/{question.Operation}Response",
        $"<p:{question.Operation}_OUTPUT xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"{Uri(question)}\">{inner}</p:{question.Operation}_OUTPUT>");

    private static string Uri(SoapQuestion question) => $"http://schemas.microsoft.com/wbem/wsman/1/wmi/{question.Namespace}/{question.Class}";

    /// <summary>Windows tells a missing namespace from a missing class only by the code in the provider's words.</summary>
    private SoapAnswer Missing(SoapQuestion question)
    {
        bool hasNamespace = question.Namespace == "root/cimv2" || _answers.Exists(a => a.Namespace.Equals(question.Namespace, StringComparison.OrdinalIgnoreCase));
        return Envelope(question, "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", $"""
            <s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">The WS-Management service cannot process the request.</s:Text></s:Reason>
            <s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858778" Machine="h"><f:Message><f:ProviderFault provider="WMI Provider" path="%systemroot%\system32\WsmWmiPl.dll">
            <f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858778" Machine="h"><f:Message>The WS-Management service cannot process the request. HRESULT {(hasNamespace ? "0x80041010" : "0x8004100e")}</f:Message></f:WSManFault>
            </f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault>
            """, 500);
    }

    private static SoapAnswer Envelope(SoapQuestion question, string action, string body, int status = 200) => SoapAnswer.Of(
        "<s:Envelope xml:lang=\"en-US\" xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\">"
        + $"<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:00000000-0000-4000-8000-000000000001</a:MessageID><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:RelatesTo>{question.MessageId}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>", status);

    /// <summary>The node at a path of names and numbers; null where it leads nowhere.</summary>
    public static JsonNode? At(JsonNode? node, IEnumerable<string> path)
    {
        foreach (string step in path)
        {
            node = node is JsonArray list ? int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) is var at && at < list.Count ? list[at] : null : node?[step];
        }

        return node;
    }
}
