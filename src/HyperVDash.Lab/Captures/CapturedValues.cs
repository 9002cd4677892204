using System.Collections.Immutable;
using HyperVDash.Cim;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.Captures;

/// <summary>Turns recorded values into those of a lab, so that they go over the wire as the host sent them.</summary>
/// <param name="types">What the file says.</param>
/// <param name="known">What the release says where the file is silent.</param>
internal sealed class CapturedValues(ImmutableDictionary<string, string> types, LabClass? known)
{
    private static readonly DateTimeOffset Never = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public LabInstance Instance(CimRow row)
    {
        var instance = new LabInstance(row.ClassName);
        CopyTo(instance, row);
        return instance;
    }

    public void CopyTo(LabInstance instance, CimRow row)
    {
        foreach (string name in row.Names)
        {
            bool isTime = types.TryGetValue(name, out string? type) ? type.StartsWith("datetime", StringComparison.OrdinalIgnoreCase) : known?.Find(name)?.Type == "dt";
            instance[name] = isTime && row[name] is string text ? Time(text) : Plain(row[name]);
        }
    }

    /// <summary>A value as it is, references and embedded instances in the lab's own form.</summary>
    public static object? Plain(object? value) => value switch
    {
        CimPath path => new LabReference(path.Class, [.. path.Keys.Select(k => (k.Key, k.Value))]),
        CimRow row => new CapturedValues(ImmutableDictionary<string, string>.Empty, null).Instance(row),
        IReadOnlyList<object?> list => list.Select(Plain).ToArray(),
        _ => value,
    };

    /// <summary>An in parameter, in the form in which recorded ones are compared.</summary>
    public static object Argument(object value) => value is LabReference reference
        ? new CimPath(reference.ClassName) { Keys = new CimPath("").Keys.SetItems(reference.Keys.Select(k => KeyValuePair.Create(k.Key, k.Value))) }
        : value;

    private static object Time(string text)
    {
        var row = CimRow.Of("", ("Time", text));
        return row.DateTime("Time") is { } at ? at
            : row.Interval("Time") is { } span ? span
            : text.StartsWith("1601", StringComparison.Ordinal) ? Never
            : text;
    }
}
