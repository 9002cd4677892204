using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HyperVDash.Cim.Capture;

/// <summary>The name under which a method call is found again: class, method and in parameters, spelled one way.</summary>
internal static class CaptureCalls
{
    public static string Key(string cimNamespace, string className, string method, IEnumerable<(string Name, object? Value)> arguments) =>
        string.Join('\n', [cimNamespace.ToUpperInvariant(), className.ToUpperInvariant(), method.ToUpperInvariant(),
            .. arguments.Where(a => a.Value is not null).Select(a => Spelled(a.Name, a.Value)).Order(StringComparer.Ordinal)]);

    public static string Key(CimCall call) => Key(call.Namespace, call.Class, call.Method, call.Arguments.Select(a => (a.Name, a.Value)));

    /// <summary>What is kept of a name: a million of them fit in memory, and two never share one by chance.</summary>
    public static UInt128 Hash(string key) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    // One text for the whole argument: put together from the texts of its parts, a list of lists would be copied once a level.
    private static string Spelled(string name, object? value)
    {
        var text = new StringBuilder(name.ToUpperInvariant()).Append('=');
        Spell(text, value);
        return text.ToString();
    }

    private static void Spell(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: break;
            case CimPath path: text.Append(path.ToString().ToUpperInvariant()); break;
            case string path when path.Contains('=', StringComparison.Ordinal) && CimPath.TryParse(path, out var parsed): text.Append(parsed.ToString().ToUpperInvariant()); break;
            case string words: text.Append(words.ToUpperInvariant()); break;
            case bool yes: text.Append(yes ? "TRUE" : "FALSE"); break;
            case CimRow row: SpellRow(text, row); break;
            case System.Collections.IEnumerable list: SpellList(text, list); break;
            case IFormattable number: text.Append(CultureInfo.InvariantCulture, $"{number}"); break;
            default: text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void SpellRow(StringBuilder text, CimRow row)
    {
        text.Append(row.ClassName.ToUpperInvariant()).Append('(');
        string[] names = [.. row.Names];
        Array.Sort(names, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < names.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(names[i].ToUpperInvariant()).Append('=');
            Spell(text, row[names[i]]);
        }

        text.Append(')');
    }

    // One element and a list of one are the same on the wire.
    private static void SpellList(StringBuilder text, System.Collections.IEnumerable list)
    {
        bool isFirst = true;
        foreach (object? element in list)
        {
            text.Append(isFirst ? "" : "\u001F");
            isFirst = false;
            Spell(text, element);
        }
    }
}
