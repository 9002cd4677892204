using System.Security;
using System.Text;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Writes what a guest told in the CIM XML in which Hyper-V hands it out.</summary>
internal static class KeyValueText
{
    public static string Write(string name, string? value)
    {
        var text = new StringBuilder("<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">");
        Property(text, "Caption", null, isPropagated: true);
        Property(text, "Data", value);
        Property(text, "Description", null, isPropagated: true);
        Property(text, "ElementName", null, isPropagated: true);
        Property(text, "Name", name);
        return text.Append("<PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>2</VALUE></PROPERTY></INSTANCE>").ToString();
    }

    private static void Property(StringBuilder text, string name, string? value, bool isPropagated = false)
    {
        text.Append("<PROPERTY NAME=\"").Append(name).Append(isPropagated ? "\" PROPAGATED=\"true\" TYPE=\"string\">" : "\" TYPE=\"string\">");
        if (value is not null)
        {
            text.Append("<VALUE>").Append(SecurityElement.Escape(value)).Append("</VALUE>");
        }

        text.Append("</PROPERTY>");
    }
}
