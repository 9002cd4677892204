using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>The languages of a host, and with them the words its rows are written in.</summary>
/// <param name="OsLanguage">Decimal LCID.</param>
/// <param name="SystemLocale">Four hexadecimal digits, as the registry holds it.</param>
public sealed record LabLocale(uint OsLanguage, string SystemLocale, string InstallLanguage, string FormatLocale, ImmutableArray<string> DisplayLanguages)
{
    public static LabLocale EnglishUs { get; } = new(1033, "0409", "0409", "0409", ["en-US"]);

    public static LabLocale German { get; } = new(1031, "0407", "0407", "0407", ["de-DE"]) { Words = LabWords.German };

    public static LabLocale Japanese { get; } = new(1041, "0411", "0411", "0411", ["ja-JP"]) { Words = LabWords.Japanese };

    public static LabLocale French { get; } = new(1036, "040C", "040C", "040C", ["fr-FR"]) { Words = LabWords.French };

    public static LabLocale Chinese { get; } = new(2052, "0804", "0804", "0804", ["zh-CN"]) { Words = LabWords.Chinese };

    public LabWords Words { get; init; } = LabWords.English;
}
