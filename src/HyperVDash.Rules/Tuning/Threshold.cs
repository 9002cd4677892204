using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tuning;

/// <summary>A setting that a rule is judged by.</summary>
/// <param name="Key">As it stands in the settings, e.g. <c>ScsiWarnPercent</c>.</param>
/// <param name="Default">Its value if nobody sets it; "none" for an empty list, "not set" for null.</param>
/// <param name="Value">Its value now.</param>
public sealed record Threshold(string Key, string Default, string Value)
{
    private static readonly RuleSettings Defaults = new();

    private static readonly ImmutableArray<(PropertyInfo Property, ImmutableArray<string> Rules)> All =
    [
        .. typeof(RuleSettings).GetProperties().Select(p => (p, p.GetCustomAttribute<ThresholdOfAttribute>()?.Rules.ToImmutableArray() ?? [])).Where(p => !p.Item2.IsEmpty),
    ];

    public bool IsSet => Value != Default;

    /// <summary>Those of one rule, in the order of the settings' page.</summary>
    public static ImmutableArray<Threshold> Of(string ruleId, RuleSettings settings) =>
        [.. All.Where(t => t.Rules.Contains(ruleId, StringComparer.OrdinalIgnoreCase)).Select(t => new Threshold(t.Property.Name, Text(t.Property.GetValue(Defaults)), Text(t.Property.GetValue(settings))))];

    /// <summary>A rule is judged by that key; upper and lower case are the same.</summary>
    public static bool IsOne(string key) => All.Any(t => t.Property.Name.Equals(key, StringComparison.OrdinalIgnoreCase));

    private static string Text(object? value) => value switch
    {
        null => "not set",
        string text => text,
        bool yes => yes ? "true" : "false",
        DailyWindow window => $"{window.From:hh\\:mm} to {window.To:hh\\:mm}",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)) is { Length: > 0 } items ? items : "none",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
