using System.Globalization;

namespace HyperVDash.Lab.Faults;

/// <summary>Something a host can be made to do wrong.</summary>
public enum LabFaultKind
{
    /// <summary>Answers late.</summary>
    Delay,

    /// <summary>Never answers.</summary>
    Hang,

    /// <summary>Closes the connection without an answer.</summary>
    Refuse,

    /// <summary>HTTP 401, whoever asks.</summary>
    Unauthorized,

    /// <summary>WBEM access denied (0x80041003).</summary>
    Denied,

    /// <summary>No instances, as a host answers to an account without rights.</summary>
    Empty,

    /// <summary>A column is not known (0x80041017), and not sent with all columns.</summary>
    MissingProperty,

    /// <summary>The class is not known (0x80041010).</summary>
    MissingClass,

    /// <summary>The connection breaks in the middle of a reply.</summary>
    Cut,

    /// <summary>A page of HTML.</summary>
    NonXml,

    /// <summary>Bytes that are no UTF-8.</summary>
    Charset,

    /// <summary>A few bytes at a time.</summary>
    Trickle,
}

/// <summary>One fault: of a host, or of one class of it.</summary>
/// <param name="Class">A class, or with <see cref="LabFaultKind.Denied"/> a namespace such as <c>root/MSCluster</c>. Null: of every answer of the host.</param>
/// <param name="Parameter">Seconds of a delay, number of the reply that is cut (1 answers Enumerate, 4 the third Pull), name of a column.</param>
public sealed record LabFault(string Host, string? Class, LabFaultKind Kind, string? Parameter = null)
{
    private static readonly Dictionary<string, LabFaultKind> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delay"] = LabFaultKind.Delay, ["hang"] = LabFaultKind.Hang, ["refuse"] = LabFaultKind.Refuse, ["401"] = LabFaultKind.Unauthorized,
        ["denied"] = LabFaultKind.Denied, ["empty"] = LabFaultKind.Empty, ["missing-property"] = LabFaultKind.MissingProperty,
        ["missing-class"] = LabFaultKind.MissingClass, ["cut"] = LabFaultKind.Cut, ["non-xml"] = LabFaultKind.NonXml,
        ["charset"] = LabFaultKind.Charset, ["trickle"] = LabFaultKind.Trickle,
    };

    /// <summary>Every fault as it is written, in one sentence for a help text.</summary>
    public static string Help => $"HOST=FAULT, HOST/Class=FAULT or HOST/namespace=denied; may be repeated. Faults: {string.Join(", ", Words.Keys)}.";

    public int Number(int fallback) => int.TryParse(Parameter, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : fallback;

    private bool IsOfNamespace => Class?.Contains('/', StringComparison.Ordinal) == true;

    /// <summary>Reads <c>HOST[/Class]=FAULT[:PARAMETER]</c>, or <c>HOST/namespace=denied</c>.</summary>
    /// <exception cref="FormatException">The text is of another form; the message lists the faults.</exception>
    public static LabFault Parse(string text)
    {
        string[] sides = text.Split('=', 2);
        if (sides.Length == 2 && sides[0].Length > 0)
        {
            string[] what = sides[1].Split(':', 2);
            string[] where = sides[0].Split('/', 2);
            if (Words.TryGetValue(what[0], out var kind))
            {
                var fault = new LabFault(where[0], where.Length > 1 ? where[1] : null, kind, what.Length > 1 ? what[1] : null);
                return fault.IsOfNamespace && kind != LabFaultKind.Denied
                    ? throw new FormatException($"'{text}' is not a fault: a whole namespace can be denied and nothing else. Write {where[0]}/{where[1]}=denied, or name a class.")
                    : fault;
            }
        }

        throw new FormatException($"'{text}' is not a fault. Write HOST=FAULT, HOST/Class=FAULT or HOST/namespace=denied with one of: {string.Join(", ", Words.Keys)}.");
    }
}
