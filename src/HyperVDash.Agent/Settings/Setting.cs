using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace HyperVDash.Agent.Settings;

/// <summary>One key of an option class, for the reader and for the page that lists them.</summary>
public sealed class Setting(PropertyInfo property)
{
    public PropertyInfo Property => property;

    public string Name => property.Name;

    /// <summary>Without the question mark of a setting that may be missing.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public RangeAttribute? Range { get; } = property.GetCustomAttribute<RangeAttribute>();

    /// <summary>Empty is a mistake and not the same as left out.</summary>
    public bool RefusesEmpty => property.GetCustomAttribute<MinLengthAttribute>() is not null || Type == typeof(Guid) || Type == typeof(DateOnly);

    public void Set(object options, object value) => property.SetValue(options, value);

    /// <summary>The keys that a settings file may hold: what only code sets is internal, what is worked out has no setter.</summary>
    public static ImmutableArray<Setting> Of(Type options) =>
        [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true }).Select(p => new Setting(p))];

    public static bool IsScalar(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(Version)
        || type == typeof(DateOnly) || type == typeof(Guid);

    /// <summary>What a list or dictionary holds; null for any other type.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var kind && (kind == typeof(IReadOnlyList<>) || kind == typeof(ImmutableArray<>) || kind == typeof(ImmutableDictionary<,>))
            ? type.GetGenericArguments()[^1]
            : null;

    /// <summary>What may stand there, as a phrase.</summary>
    public static string Allowed(Type type, RangeAttribute? range) => type switch
    {
        _ when range is not null => $"{range.Minimum} to {range.Maximum}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(TimeSpan) => "a duration such as 00:00:05",
        _ when type == typeof(Uri) => "an absolute address such as https://hv01:5986",
        _ when type == typeof(Version) => "a version such as 4.2",
        _ when type == typeof(DateOnly) => "a date such as 2027-03-31",
        _ when type == typeof(Guid) => "an id such as 6f0c3b52-8a51-4b1e-9c3d-2f1a7d7e5b10",
        _ when type.IsEnum => string.Join(", ", Enum.GetNames(type).Where(n => n != "Unknown")),
        _ => "text",
    };
}
