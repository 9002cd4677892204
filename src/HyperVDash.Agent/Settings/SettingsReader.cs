using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Settings;

/// <summary>
/// Reads sections of the settings into their option classes and notes every mistake with key, value and what is allowed:
/// a word where a number belongs, a number out of its range, a key that nobody reads. The binder of the framework stops at the first and passes over unknown keys.
/// </summary>
public sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _mistakes = [];

    /// <summary>Sentences; empty if all is well.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>All mistakes, with those that the options find in themselves; a key is named once.</summary>
    public IReadOnlyList<string> With(IEnumerable<string> others) =>
        [.. _mistakes, .. others.Where(o => !_mistakes.Exists(m => m.StartsWith($"{o.Split(' ')[0]} ", StringComparison.Ordinal)))];

    /// <summary>The section's options. What holds a mistake keeps its default.</summary>
    public T Read<T>(string section) where T : class, new() => (T)Object(typeof(T), configuration.GetSection(section));

    private object Object(Type type, IConfigurationSection section)
    {
        object options = Activator.CreateInstance(type)!;
        var settings = Setting.Of(type);
        foreach (var child in section.GetChildren())
        {
            if (settings.FirstOrDefault(s => s.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is not { } setting)
            {
                // Its value may be a secret under a misspelt key, so it is not repeated.
                _mistakes.Add($"{child.Path} is no setting; {section.Path} knows {string.Join(", ", settings.Select(s => s.Name))}.");
            }
            else if (setting.RefusesEmpty && string.IsNullOrEmpty(child.Value) && !child.GetChildren().Any())
            {
                _mistakes.Add($"{child.Path} is empty; it may be {Setting.Allowed(setting.Type, setting.Range)}, or leave the key out.");
            }
            else if (Value(setting.Type, child, setting.Range) is { } value)
            {
                setting.Set(options, value);
            }
        }

        return options;
    }

    private object? Value(Type type, IConfigurationSection section, RangeAttribute? range)
    {
        if (Setting.IsScalar(type))
        {
            return Scalar(type, section, range);
        }

        if (Setting.ElementOf(type) is { } element)
        {
            return type.GetGenericTypeDefinition() == typeof(ImmutableDictionary<,>) ? Dictionary(type, element, section) : List(type, element, section);
        }

        return Object(type, section);
    }

    private object List(Type type, Type element, IConfigurationSection section)
    {
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        foreach (object item in section.GetChildren().Select(c => Value(element, c, null)).OfType<object>())
        {
            items.Add(item);
        }

        return type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? Generic(nameof(ImmutableArrayOf), element, items) : items;
    }

    private object Dictionary(Type type, Type element, IConfigurationSection section) => Generic(
        nameof(ImmutableDictionaryOf), type.GetGenericArguments()[1],
        section.GetChildren().Select(c => KeyValuePair.Create(c.Key, Value(element, c, null))).Where(p => p.Value is not null).ToList());

    private static object Generic(string method, Type element, object items) =>
        typeof(SettingsReader).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(element).Invoke(null, [items])!;

    private static ImmutableArray<T> ImmutableArrayOf<T>(List<T> items) => [.. items];

    private static ImmutableDictionary<string, T> ImmutableDictionaryOf<T>(List<KeyValuePair<string, object?>> items) =>
        items.ToImmutableDictionary(p => p.Key, p => (T)p.Value!, StringComparer.OrdinalIgnoreCase);

    private object? Scalar(Type type, IConfigurationSection section, RangeAttribute? range)
    {
        if (section.GetChildren().Any())
        {
            _mistakes.Add($"{section.Path} is a list or a group of settings; it may be {Setting.Allowed(type, range)}.");
            return null;
        }

        if (string.IsNullOrEmpty(section.Value))
        {
            return null;
        }

        object? value = Parse(type, section.Value);
        if (value is not null && (range is null || range.IsValid(value)))
        {
            return value;
        }

        _mistakes.Add($"{section.Path} is '{AddressText.Shown(section.Value)}'; it may be {Setting.Allowed(type, range)}.");
        return null;
    }

    private static object? Parse(Type type, string text) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(bool) => bool.TryParse(text, out bool yes) ? yes : null,
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null,
        // A bare 5 would be five days.
        _ when type == typeof(TimeSpan) => text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null,
        _ when type == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && !uri.IsFile ? uri : null,
        _ when type == typeof(DateOnly) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
        _ when type == typeof(Guid) => Guid.TryParse(text, out var id) ? id : null,
        _ when type == typeof(Version) => Version.TryParse(text, out var version) ? version : null,
        _ => Enum.TryParse(type, text, ignoreCase: true, out object? word) && Enum.IsDefined(type, word) ? word : null,
    };
}
