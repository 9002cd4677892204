using System.Xml;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.WsMan;

/// <summary>The description of a class as CIM-XML: names, types, arrays, keys and methods, as far as the options of the request ask for them.</summary>
/// <param name="WithQualifiers">Windows writes none unasked; among them are the keys.</param>
/// <param name="WithHierarchy">The chain of base classes.</param>
/// <param name="NameOnly">Name and base class alone.</param>
internal readonly record struct ClassText(bool WithQualifiers, bool WithHierarchy, bool NameOnly)
{
    // How Windows answers to ExcludeClassSpecification is not confirmed; a class without members is the form that fits the rest.
    public static ClassText Of(SoapRequest request) => new(request.Wants("IncludeQualifiers"), request.Wants("IncludeInheritanceHierarchy"), request.Wants("ExcludeClassSpecification"));

    public void Write(XmlWriter xml, LabClass known)
    {
        xml.WriteStartElement("CLASS");
        xml.WriteAttributeString("NAME", known.Name);
        if (known.Base is { } parent)
        {
            xml.WriteAttributeString("SUPERCLASS", parent);
            if (WithHierarchy)
            {
                xml.WriteAttributeString("DERIVATION", parent);
            }
        }

        if (NameOnly)
        {
            xml.WriteEndElement();
            return;
        }

        foreach (var property in known.Properties)
        {
            WriteProperty(xml, property, known.Keys.Contains(property.Name, StringComparer.OrdinalIgnoreCase));
        }

        foreach (string method in known.Methods)
        {
            xml.WriteStartElement("METHOD");
            xml.WriteAttributeString("NAME", method);
            xml.WriteAttributeString("TYPE", "uint32");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private void WriteProperty(XmlWriter xml, LabProperty property, bool isKey)
    {
        bool isReference = property.Type == "ref";
        xml.WriteStartElement(isReference ? "PROPERTY.REFERENCE" : property.IsArray ? "PROPERTY.ARRAY" : "PROPERTY");
        xml.WriteAttributeString("NAME", property.Name);
        if (!isReference)
        {
            xml.WriteAttributeString("TYPE", Word(property.Type));
        }

        if (isKey && WithQualifiers)
        {
            xml.WriteStartElement("QUALIFIER");
            xml.WriteAttributeString("NAME", "key");
            xml.WriteAttributeString("TYPE", "boolean");
            xml.WriteElementString("VALUE", "true");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Word(string type) => type switch
    {
        "b" => "boolean",
        "dt" => "datetime",
        ['u', .. var bits] => $"uint{bits}",
        ['i', .. var bits] => $"sint{bits}",
        // CIM-XML has no type for an embedded object; it goes as text.
        _ => "string",
    };
}
