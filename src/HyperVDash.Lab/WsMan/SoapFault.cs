using System.Globalization;
using System.Xml;

namespace HyperVDash.Lab.WsMan;

/// <summary>A fault on its way to the client.</summary>
/// <param name="subcode">With its prefix, e.g. <c>w:AccessDenied</c>.</param>
/// <param name="code">WS-Man or Win32 code, sent in decimal.</param>
/// <param name="wbem">WMI's own code, which on the wire stands only in text.</param>
internal sealed class SoapFault(string subcode, uint code, string text, uint? wbem = null, bool isReceiver = false) : Exception(text)
{
    private const string ErrorClass = "MSFT_WmiError";

    /// <summary>The header that goes with the subcode.</summary>
    public string Action => subcode[0] switch
    {
        'a' => Names.A + "/fault",
        'n' => Names.N + "/fault",
        _ => "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault",
    };

    /// <param name="withErrorInstance">Newer hosts add an error instance where the request had DMTF's form.</param>
    public void Write(XmlWriter xml, string host, bool withErrorInstance)
    {
        xml.WriteStartElement("s", "Fault", Names.S);
        xml.WriteStartElement("s", "Code", Names.S);
        xml.WriteElementString("s", "Value", Names.S, isReceiver ? "s:Receiver" : "s:Sender");
        xml.WriteStartElement("s", "Subcode", Names.S);
        xml.WriteElementString("s", "Value", Names.S, subcode);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteStartElement("s", "Reason", Names.S);
        xml.WriteStartElement("s", "Text", Names.S);
        xml.WriteAttributeString("xml", "lang", null, "en-US");
        xml.WriteString(Message);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteStartElement("s", "Detail", Names.S);
        WriteDetail(xml, host);
        if (withErrorInstance && wbem is { } hresult)
        {
            WriteErrorInstance(xml, hresult);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteErrorInstance(XmlWriter xml, uint hresult)
    {
        string uri = Names.DmtfClass + ErrorClass;
        xml.WriteStartElement("p", ErrorClass, uri);
        xml.WriteAttributeString("xmlns", "cim", null, Names.Cim);
        xml.WriteAttributeString("b", "IsCIM_Error", Names.B, "true");
        xml.WriteAttributeString("xsi", "type", Names.Xsi, $"p:{ErrorClass}_Type");
        foreach (var (name, type, value) in ((string, string, string)[])
        [
            ("CIMStatusCode", "cimUnsignedInt", CimStatus(hresult)), ("Message", "cimString", Message),
            ("MessageID", "cimString", $"HRESULT 0x{hresult.ToString("x8", CultureInfo.InvariantCulture)}"), ("PerceivedSeverity", "cimUnsignedShort", "0"),
            ("ProbableCause", "cimUnsignedShort", "0"), ("error_Category", "cimUnsignedShort", "0"), ("error_Code", "cimUnsignedInt", hresult.ToString(CultureInfo.InvariantCulture)),
            ("error_Type", "cimString", "HRESULT"),
        ])
        {
            xml.WriteStartElement("p", name, uri);
            xml.WriteAttributeString("xsi", "type", Names.Xsi, $"cim:{type}");
            xml.WriteString(value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string CimStatus(uint hresult) => hresult switch
    {
        0x80041003 => "2",
        0x8004100E => "3",
        0x80041010 => "5",
        0x80041002 => "6",
        0x80041017 => "15",
        _ => "1",
    };

    private void WriteDetail(XmlWriter xml, string host)
    {
        string number = code.ToString(CultureInfo.InvariantCulture);
        xml.WriteStartElement("f", "WSManFault", Names.F);
        xml.WriteAttributeString("Code", number);
        xml.WriteAttributeString("Machine", host);
        xml.WriteStartElement("f", "Message", Names.F);
        if (wbem is null)
        {
            xml.WriteString(Message);
        }
        else
        {
            xml.WriteStartElement("f", "ProviderFault", Names.F);
            xml.WriteAttributeString("provider", "WMI Provider");
            xml.WriteAttributeString("path", @"%systemroot%\system32\WsmWmiPl.dll");
            xml.WriteStartElement("f", "WSManFault", Names.F);
            xml.WriteAttributeString("Code", number);
            xml.WriteAttributeString("Machine", host);
            xml.WriteElementString("f", "Message", Names.F, $"{Message} HRESULT 0x{wbem.Value.ToString("x8", CultureInfo.InvariantCulture)}");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    public static SoapFault InvalidNamespace() => new("n:CannotProcessFilter", 0x8033801A,
        "The WS-Management service cannot process the request. The WMI service reported that the namespace does not exist.", 0x8004100E);

    public static SoapFault InvalidClass(bool inQuery) => inQuery
        ? new("n:CannotProcessFilter", 0x8033801A, "The data source could not process the filter. The class is not known.", 0x80041010)
        : new("a:DestinationUnreachable", 0x80338000, "The WS-Management service cannot find the resource. The class is not known.", 0x80041010);

    public static SoapFault InvalidQuery(string why) => new("n:CannotProcessFilter", 0x8033801A,
        $"The data source could not process the filter. {why}", 0x80041017);

    public static SoapFault NotFound() => new("a:DestinationUnreachable", 0x80338000,
        "The WS-Management service cannot find the resource identified by the resource URI and selectors.");

    public static SoapFault Denied() => new("w:AccessDenied", 5, "Access is denied.", 0x80041003);

    public static SoapFault TooLarge() => new("w:EncodingLimit", 0x80338049,
        "The WS-Management service cannot process the request: the response does not fit into the envelope.", isReceiver: true);

    public static SoapFault InvalidContext() => new("n:InvalidEnumerationContext", 0x8033801B, "The supplied enumeration context is invalid.");

    public static SoapFault Wbem(uint wbem) => wbem switch
    {
        0x8004100E => InvalidNamespace(),
        0x80041003 or 0x80070005 => Denied(),
        0x80041010 => InvalidClass(inQuery: false),
        _ => new SoapFault("w:InternalError", 0x80338012, "The WMI provider reported an error.", wbem, isReceiver: true),
    };
}
