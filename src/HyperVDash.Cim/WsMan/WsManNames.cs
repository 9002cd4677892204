namespace HyperVDash.Cim.WsMan;

/// <summary>The protocol's namespaces and actions; compared as they are, never by prefix.</summary>
internal static class WsManNames
{
    public const string Soap = "http://www.w3.org/2003/05/soap-envelope";
    public const string Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    public const string Anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
    public const string WsMan = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
    public const string Microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
    public const string Enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    public const string Identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";
    public const string Fault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
    public const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    public const string Wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";
    public const string Wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";

    public const string EnumerateAction = Enumeration + "/Enumerate";
    public const string PullAction = Enumeration + "/Pull";
    public const string ReleaseAction = Enumeration + "/Release";
    public const string GetAction = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";

    public static string ClassUri(string cimNamespace, string className) => $"{Wmi}{cimNamespace}/{className}";
}
