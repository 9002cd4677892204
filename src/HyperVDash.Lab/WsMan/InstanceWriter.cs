using System.Globalization;
using System.Xml;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.WsMan;

/// <summary>Writes instances the way WinRM does: alphabetical, null as xsi:nil, null arrays left out, arrays as repeated elements.</summary>
internal sealed class InstanceWriter(LabHost host, Resource resource, bool preciseArrays)
{
    /// <summary>Columns that a fault makes unknown.</summary>
    public string? WithheldProperty { get; init; }

    public void WriteInstance(XmlWriter xml, LabInstance instance)
    {
        string uri = resource.ClassUri(instance.ClassName);
        xml.WriteStartElement("p", instance.ClassName, uri);
        xml.WriteAttributeString("xmlns", "xsi", null, Names.Xsi);
        xml.WriteAttributeString("xmlns", "cim", null, Names.Cim);
        xml.WriteAttributeString("xsi", "type", Names.Xsi, $"p:{instance.ClassName}_Type");
        foreach (var property in PropertiesOf(instance))
        {
            if (!property.Name.Equals(WithheldProperty, StringComparison.OrdinalIgnoreCase))
            {
                WriteProperty(xml, "p", uri, Names.Cim, property, instance[property.Name]);
            }
        }

        xml.WriteEndElement();
    }

    /// <summary>A row of a projected query: no class, no namespaces.</summary>
    public void WriteFragment(XmlWriter xml, LabInstance instance, IEnumerable<string> columns)
    {
        xml.WriteStartElement("w", "XmlFragment", Names.W);
        xml.WriteAttributeString("xmlns", "xsi", null, Names.Xsi);
        var known = PropertiesOf(instance).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (string column in columns.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            if (known.TryGetValue(column, out var property))
            {
                WriteProperty(xml, "", "", "", property, instance[column]);
            }
        }

        xml.WriteEndElement();
    }

    public void WriteReference(XmlWriter xml, LabInstance instance)
    {
        xml.WriteStartElement("a", "EndpointReference", Names.A);
        var keys = host.Release.Find(resource.Namespace, instance.ClassName)?.Keys ?? [];
        WriteReferenceContent(xml, new LabReference(instance.ClassName, [.. keys.Select(k => (k, Text(instance[k]) ?? ""))]));
        xml.WriteEndElement();
    }

    /// <summary>Out parameters and properties: a list is written as repeated elements.</summary>
    public void WriteValue(XmlWriter xml, string prefix, string uri, string name, object? value)
    {
        foreach (object? item in value is System.Collections.IEnumerable list and not string ? list.Cast<object?>() : [value])
        {
            WriteOne(xml, prefix, uri, Names.Cim, name, item);
        }
    }

    private IEnumerable<LabProperty> PropertiesOf(LabInstance instance)
    {
        var known = host.Release.Find(resource.Namespace, instance.ClassName);
        if (known is not null && !host.IsOpenEnded)
        {
            return known.Properties;
        }

        return instance.Values
            .Where(v => !v.Key.StartsWith("__", StringComparison.Ordinal))
            .Select(v => known?.Find(v.Key) ?? new LabProperty(v.Key, "s", v.Value is System.Collections.IEnumerable and not string))
            .OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase);
    }

    private void WriteProperty(XmlWriter xml, string prefix, string uri, string cim, LabProperty property, object? value)
    {
        if (!property.IsArray)
        {
            WriteOne(xml, prefix, uri, cim, property.Name, value);
        }
        else if (value is System.Collections.IEnumerable list and not string)
        {
            foreach (object? item in list)
            {
                WriteOne(xml, prefix, uri, cim, property.Name, item);
            }
        }
        else if (value is not null)
        {
            WriteOne(xml, prefix, uri, cim, property.Name, value);
        }
        else if (preciseArrays)
        {
            xml.WriteStartElement(prefix, property.Name, uri);
            xml.WriteAttributeString("xsi", "nil", Names.Xsi, "true");
            xml.WriteAttributeString("m", "IsNullArray", Names.M, "true");
            xml.WriteEndElement();
        }
    }

    private void WriteOne(XmlWriter xml, string prefix, string uri, string cim, string name, object? value)
    {
        xml.WriteStartElement(prefix, name, uri);
        switch (value)
        {
            case null:
                xml.WriteAttributeString("xsi", "nil", Names.Xsi, "true");
                break;
            case DateTimeOffset at:
                xml.WriteElementString(cim.Length > 0 ? "cim" : "", "Datetime", cim, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture));
                break;
            case TimeSpan span:
                xml.WriteElementString(cim.Length > 0 ? "cim" : "", "Interval", cim,
                    string.Create(CultureInfo.InvariantCulture, $"P{span.Days}DT{span.Hours}H{span.Minutes}M{span.Seconds + (span.Milliseconds / 1000.0):0.######}S"));
                break;
            case LabReference reference:
                WriteReferenceContent(xml, reference);
                break;
            case LabInstance embedded:
                WriteEmbedded(xml, embedded);
                break;
            default:
                xml.WriteString(Sendable(Text(value)!));
                break;
        }

        xml.WriteEndElement();
    }

    private void WriteReferenceContent(XmlWriter xml, LabReference reference)
    {
        xml.WriteElementString("a", "Address", Names.A, Names.Anonymous);
        xml.WriteStartElement("a", "ReferenceParameters", Names.A);
        xml.WriteElementString("w", "ResourceURI", Names.W, resource.ClassUri(reference.ClassName));
        xml.WriteStartElement("w", "SelectorSet", Names.W);
        if (resource.IsDmtf)
        {
            WriteSelector(xml, "__cimnamespace", resource.Namespace);
        }

        foreach (var (key, value) in reference.Keys)
        {
            WriteSelector(xml, key, value);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteSelector(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("w", "Selector", Names.W);
        xml.WriteAttributeString("Name", name);
        xml.WriteString(Sendable(value));
        xml.WriteEndElement();
    }

    private void WriteEmbedded(XmlWriter xml, LabInstance embedded)
    {
        string uri = resource.ClassUri(embedded.ClassName);
        xml.WriteAttributeString("xmlns", "p1", null, uri);
        xml.WriteAttributeString("xsi", "type", Names.Xsi, $"p1:{embedded.ClassName}_Type");
        foreach (var (name, value) in embedded.Values.OrderBy(v => v.Key, StringComparer.OrdinalIgnoreCase))
        {
            foreach (object? item in value is System.Collections.IEnumerable list and not string ? list.Cast<object?>() : [value])
            {
                WriteOne(xml, "p1", uri, Names.Cim, name, item);
            }
        }
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool yes => yes ? "true" : "false",
        double real => XmlConvert.ToString(real),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // Windows replaces what XML cannot carry.
    private static string Sendable(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0 ? text : string.Concat(text.Select(c => c < ' ' && c is not ('\t' or '\n' or '\r') ? '?' : c));
}
