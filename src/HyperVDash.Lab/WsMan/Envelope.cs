using System.Text;
using System.Xml;

namespace HyperVDash.Lab.WsMan;

/// <summary>The frame of an answer, with the prefixes that WinRM uses: some clients look for them literally.</summary>
internal static class Envelope
{
    private static readonly (string Prefix, string Uri)[] Prefixes =
        [("a", Names.A), ("x", Names.X), ("e", "http://schemas.xmlsoap.org/ws/2004/08/eventing"), ("n", Names.N), ("w", Names.W), ("b", Names.B)];

    /// <param name="action">Empty for Identify, whose answer has no headers.</param>
    public static byte[] Write(SoapRequest request, string action, Action<XmlWriter> writeBody)
    {
        using var bytes = new MemoryStream(4096);
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            xml.WriteStartElement("s", "Envelope", Names.S);
            xml.WriteAttributeString("xml", "lang", null, "en-US");
            foreach (var (prefix, uri) in Prefixes)
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
