using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>Walks the values of rows and calls, however deep a text stands in them.</summary>
internal sealed partial class RowRedactor(TextRedactor texts)
{
    private const string GuestItem = "Msvm_KvpExchangeDataItem";
    private const string AdapterSetting = "MSFT_NetAdapterAdvancedPropertySettingData";

    private readonly CaptureLayouts _layouts = new();

    /// <param name="asked">The class asked for; that of the row may be derived of it.</param>
    public CimRow Row(CimRow row, string asked)
    {
        var values = new List<(string, object?)>();
        foreach (string name in row.Names)
        {
            values.Add((name, name == "__CLASS" ? row[name] : Value(row[name], Kind(row, asked, name), name)));
        }

        return _layouts.Row(row.ClassName, values)!;
    }

    public CimCall Call(CapturedCall call) => new(call.Namespace, call.Class, call.Method)
    {
        Arguments = [.. call.Arguments.Names.Select(n => new CimArgument(n, CimType.String,
            IsRegistry(call) ? call.Arguments[n] : Value(call.Arguments[n], KnownTexts.Of(call.Class, n), n)))],
    };

    /// <summary>What the call answered; null if nothing of it may be passed on.</summary>
    public CimReply? Reply(CapturedCall call)
    {
        if (!IsRegistry(call))
        {
            return call.Reply with { Out = Row(call.Reply.Out, call.Class) };
        }

        string? value = call.Arguments.String("sValueName");
        var kind = call.Method.ToUpperInvariant() switch
        {
            "ENUMVALUES" => TextKind.Kept,
            "ENUMKEY" => call.Arguments.String("sSubKeyName")?.Contains("EventLog", StringComparison.OrdinalIgnoreCase) == true ? TextKind.Kept : TextKind.Text,
            _ => KnownTexts.RegistryValue(value),
        };
        if (call.Reply.Out.Has("uValue") && call.Reply.Out["uValue"] is IReadOnlyList<object?> { Count: > 0 })
        {
            // A certificate names its owner in bytes that are signed.
            return value?.EndsWith("MacAddress", StringComparison.OrdinalIgnoreCase) == true && Bytes(call.Reply.Out) is { } bytes
                ? call.Reply with { Out = CimRow.Of(call.Reply.Out.ClassName, ("uValue", bytes)) }
                : null;
        }

        return call.Reply with { Out = CimRow.Of(call.Reply.Out.ClassName, call.Reply.Out.Names.Select(n => (n, Value(call.Reply.Out[n], kind, n)))) };
    }

    public CimException Error(CimException error) => new(error.Kind, texts.Message(error.Message), error.Code);

    private static bool IsRegistry(CapturedCall call) => call.Class.Equals("StdRegProv", StringComparison.OrdinalIgnoreCase);

    private List<object?>? Bytes(CimRow row) => row.Numbers("uValue") is { Count: 6 } numbers && numbers.All(n => n is >= 0 and <= 255)
        ? [.. Convert.FromHexString(texts.Text(TextKind.Mac, Convert.ToHexString([.. numbers.Select(n => (byte)n)]))).Select(b => (object?)(long)b)]
        : null;

    private TextKind Kind(CimRow row, string asked, string name)
    {
        if (name.Equals("Data", StringComparison.OrdinalIgnoreCase) && row.ClassName.Equals(GuestItem, StringComparison.OrdinalIgnoreCase))
        {
            return KnownTexts.GuestItem(row.String("Name")) ?? TextKind.Note;
        }

        if (name.Equals("Name", StringComparison.OrdinalIgnoreCase) && row.ClassName.Equals(GuestItem, StringComparison.OrdinalIgnoreCase))
        {
            return KnownTexts.GuestItem(row.String("Name")) is null ? TextKind.Text : TextKind.Kept;
        }

        // The address that somebody gave an adapter stands among its settings; without the keyword any of them may be one.
        if (Setting().IsMatch(name) && row.Has(name) && row.ClassName.Equals(AdapterSetting, StringComparison.OrdinalIgnoreCase)
            && row.String("RegistryKeyword")?.ToUpperInvariant() is null or "NETWORKADDRESS")
        {
            return TextKind.Mac;
        }

        // A disk is called like its model, or as the administrator called it.
        if (name.Equals("FriendlyName", StringComparison.OrdinalIgnoreCase) && IsModel(row))
        {
            return TextKind.Kept;
        }

        var kind = KnownTexts.Of(row.ClassName, name);
        kind = kind == TextKind.Text ? KnownTexts.Of(asked, name) : kind;
        if (kind == TextKind.Kept && row.String(name) is { Length: > 0 } model && name.ToUpperInvariant() is "INTERFACEDESCRIPTION" or "DESCRIPTION" or "ELEMENTNAME" or "INSTANCENAME")
        {
            texts.NoteModel(model);
        }

        return kind;
    }

    private static bool IsModel(CimRow row) => row.String("FriendlyName") is { } name && row.String("Model") is { } model
        && (Words(name) == Words(model) || Words(name) == Words($"{row.String("Manufacturer")} {model}"));

    private static string Words(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToUpperInvariant();

    private object? Value(object? value, TextKind kind, string name) => value switch
    {
        CimRow row => Row(row, row.ClassName),
        CimPath path => texts.Reference(path),
        string text when text.Length > 0 && text.TrimStart().StartsWith('<') => Xml(text, kind),
        string text => WithCodes(name, text, texts.Text(kind, text)),
        long or ulong when kind == TextKind.Serial => texts.Text(kind, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
        IReadOnlyList<object?> list => list.Select(item => Value(item, kind, name)).ToList(),
        _ => value,
    };

    /// <summary>An instance that a property carries as text stays one; a text that only looks like it is a text: what people write has names for elements too.</summary>
    private string Xml(string text, TextKind kind)
    {
        if (!InstanceElement().IsMatch(text) || !EmbeddedInstance.TryParse(text, out var row) || !ClassName().IsMatch(row.ClassName))
        {
            return texts.Text(kind < TextKind.Text ? kind : TextKind.Text, text);
        }

        var instance = new XElement("INSTANCE", new XAttribute("CLASSNAME", row.ClassName));
        var redacted = Row(row, row.ClassName);
        foreach (string name in row.Names.Where(n => n.Length > 0))
        {
            instance.Add(redacted[name] switch
            {
                IReadOnlyList<object?> list => new XElement("PROPERTY.ARRAY", new XAttribute("NAME", name), new XAttribute("TYPE", "string"), new XElement("VALUE.ARRAY", list.Select(v => new XElement("VALUE", Written(v))))),
                null => new XElement("PROPERTY", new XAttribute("NAME", name), new XAttribute("TYPE", "string")),
                var value => new XElement("PROPERTY", new XAttribute("NAME", name), new XAttribute("TYPE", "string"), new XElement("VALUE", Written(value))),
            });
        }

        return instance.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Why a job failed is told by a number in its text, in whatever language: it names nobody, and without it another fault would be read.</summary>
    private static string WithCodes(string name, string text, string now) =>
        now == text || name.ToUpperInvariant() is not ("ERRORDESCRIPTION" or "ERRORSUMMARYDESCRIPTION" or "JOBSTATUS")
            ? now
            : string.Concat([now, .. Code().Matches(text).Select(m => m.Value).Where(code => !now.Contains(code, StringComparison.Ordinal)).Select(code => $" ({code})")]);

    [GeneratedRegex("0x[0-9A-Fa-f]{8}(?![0-9A-Fa-f])", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    // Hosts send either form: the second is an element called like the class.
    [GeneratedRegex(@"\A\s*<(INSTANCE\s|(\w+:)?(Msvm|Win32|MSFT|CIM|MSCluster|MicrosoftNLB|MicrosoftDNS|MSNdis)_\w+[\s>])", RegexOptions.CultureInvariant)]
    private static partial Regex InstanceElement();

    [GeneratedRegex(@"\A(Msvm|Win32|MSFT|CIM|MSCluster|MicrosoftNLB|MicrosoftDNS|MSNdis)_\w+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\A(Default)?(RegistryValue|DisplayValue)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Setting();

    private static string Written(object? value)
    {
        string text = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        return string.Concat(text.Where(XmlConvert.IsXmlChar));
    }
}
