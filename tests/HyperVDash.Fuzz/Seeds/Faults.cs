using System.Text;

namespace HyperVDash.Fuzz.Seeds;

/// <summary>Faults as Windows words them, one of each code that the client tells from the others.</summary>
internal static class Faults
{
    private static readonly (string Subcode, uint Code)[] Known =
    [
        ("w:AccessDenied", 5), ("w:InternalError", 0x80041003), ("w:InternalError", 0x8004100E), ("w:InternalError", 0x80041010), ("w:CannotProcessFilter", 0x80041017), ("w:TimedOut", 0x80338029),
        ("w:QuotaLimit", 0x803381A6), ("w:EncodingLimit", 0x80338048), ("n:InvalidEnumerationContext", 0x80338007), ("w:InternalError", 0x8004106C), ("w:InternalError", 0x80041032), ("a:DestinationUnreachable", 0x80338000),
    ];

    public static IEnumerable<byte[]> Envelopes()
    {
        foreach (var (subcode, code) in Known)
        {
            yield return Of(subcode, $"""<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}" Machine="HV01"><f:Message><f:ProviderFault path="%systemroot%\system32\WsmWmiPl.dll"><f:WSManFault Code="{code}"><f:Message>Zugriff verweigert 0x{code:X8}</f:Message></f:WSManFault></f:ProviderFault></f:Message></f:WSManFault>""");
        }

        yield return Of("w:InternalError", "<p:MSFT_WmiError xmlns:p=\"urn:p\"><p:error_Code>2147749890</p:error_Code></p:MSFT_WmiError>");
    }

    private static byte[] Of(string subcode, string detail) => Encoding.UTF8.GetBytes(
        $"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><a:RelatesTo>uuid:1</a:RelatesTo></s:Header><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="de-DE">Der Vorgang ist fehlgeschlagen.</s:Text></s:Reason><s:Detail>{detail}</s:Detail></s:Fault></s:Body></s:Envelope>""");
}
