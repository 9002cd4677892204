using System.Xml;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>What a host tells about itself: its release only to those who signed in.</summary>
internal static class Identity
{
    private const string Profiles = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/";

    public static void Write(XmlWriter xml, LabHost host, bool isSignedIn)
    {
        string stack = host.WindowsVersion switch
        {
            ['6', '.', '0', ..] => "1.1",
            ['6', '.', '1', ..] => "2.0",
            _ => "3.0",
        };
        xml.WriteStartElement("wsmid", "IdentifyResponse", Names.Identity);
        xml.WriteElementString("wsmid", "ProtocolVersion", Names.Identity, Names.W);
        xml.WriteElementString("wsmid", "ProductVendor", Names.Identity, "Microsoft Corporation");
        xml.WriteElementString("wsmid", "ProductVersion", Names.Identity, $"OS: {(isSignedIn ? host.WindowsVersion : "0.0.0")} SP: 0.0 Stack: {stack}");
        if (isSignedIn && stack == "3.0")
        {
            xml.WriteStartElement("wsmid", "SecurityProfiles", Names.Identity);
            xml.WriteElementString("wsmid", "SecurityProfileName", Names.Identity, Profiles + "basic");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
