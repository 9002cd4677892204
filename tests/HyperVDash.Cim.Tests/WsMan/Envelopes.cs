namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>The frame that every answer has, around what a test is about.</summary>
internal static class Envelopes
{
    public const string ClassUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/";

    public static string Of(string body) =>
        """<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><a:Action>answer</a:Action><a:MessageID>uuid:1</a:MessageID><a:RelatesTo>uuid:0</a:RelatesTo></s:Header><s:Body>"""
        + body + "</s:Body></s:Envelope>";

    /// <summary>An optimised first answer that is also the last.</summary>
    public static string Items(string items) =>
        Of($"<n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext><w:Items>{items}</w:Items><w:EndOfSequence/></n:EnumerateResponse>");

    public static string Started(string context) => Of($"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext></n:EnumerateResponse>");

    public static string Pulled(string items, string? context) =>
        Of($"<n:PullResponse>{(context is null ? "" : $"<n:EnumerationContext>{context}</n:EnumerationContext>")}<n:Items>{items}</n:Items>{(context is null ? "<n:EndOfSequence/>" : "")}</n:PullResponse>");

    public static string Instance(string className, string properties) =>
        $"""<p:{className} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="{ClassUri}{className}" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common" xsi:type="p:{className}_Type">{properties}</p:{className}>""";

    public static string Fault(string subcode, string reason, string detail = "") =>
        Of($"""<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="de-DE">{reason}</s:Text></s:Reason><s:Detail>{detail}</s:Detail></s:Fault>""");
}
