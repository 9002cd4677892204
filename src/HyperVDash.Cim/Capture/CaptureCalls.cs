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
            .. arguments.Where(a => a.Value is not null).Select(a => $"{a.Name.ToUpperInvariant()}={Canonical(a.Value)}").Order(StringComparer.Ordinal)]);

    public static string Key(CimCall call) => Key(call.Namespace, call.Class, call.Method, call.Arguments.Select(a => (a.Name, a.Value)));

    /// <summary>What is kept of a name: a million of them fit in memory, and two never share one by chance.</summary>
    public static UInt128 Hash(string key) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Canonical(object? value) => value switch
    {
        null => "",
        CimPath path => path.ToString().ToUpperInvariant(),
        string text when text.Contains('=', StringComparison.Ordinal) && CimPath.TryParse(text, out var path) => path.ToString().ToUpperInvariant(),
        bool yes => yes ? "TRUE" : "FALSE",
        string text => text.ToUpperInvariant(),
        CimRow row => $"{row.ClassName.ToUpperInvariant()}({string.Join(',', row.Names.Order(StringComparer.OrdinalIgnoreCase).Select(n => $"{n.ToUpperInvariant()}={Canonical(row[n])}"))})",
        System.Collections.IEnumerable list => List(list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    // One element and a list of one are the same on the wire.
    private static string List(System.Collections.IEnumerable list) => string.Join('\u001F', list.Cast<object?>().Select(Canonical));
}
