namespace HyperVDash.Lab.WsMan;

/// <summary>The protocol's namespaces, from the specification; shared with no client.</summary>
internal static class Names
{
    public const string S = "http://www.w3.org/2003/05/soap-envelope";
    public const string A = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    public const string W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
    public const string N = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    public const string X = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
    public const string B = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd";
    public const string M = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
    public const string F = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
    public const string Cim = "http://schemas.dmtf.org/wbem/wscim/1/common";
    public const string Xsi = "http://www.w3.org/2001/XMLSchema-instance";
    public const string Identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";
    public const string Anonymous = A + "/role/anonymous";
    public const string Wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";
    public const string DmtfClass = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";
    public const string DmtfAll = "http://schemas.dmtf.org/wbem/wscim/1/";
    public const string MicrosoftClass = "http://schemas.microsoft.com/wbem/wscim/1/cim-schema/2/";
    public const string Wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
    public const string AssociationFilter = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter";
    public const string Metadata = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/";
    public const string SelectorFilter = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter";
}
