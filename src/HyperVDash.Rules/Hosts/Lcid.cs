using System.Globalization;

namespace HyperVDash.Rules.Hosts;

/// <summary>Language numbers with the name of their culture, for people; rules compare the numbers.</summary>
internal static class Lcid
{
    /// <summary>E.g. <c>1031 (de-DE)</c>; null if the host did not say the number.</summary>
    public static string? Words(int? lcid) => lcid is null ? null
        : Culture(lcid) is { } name ? $"{lcid.Value.ToString(CultureInfo.InvariantCulture)} ({name})" : lcid.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The culture's name; null for numbers that have none here. A list, because the system's own differs from platform to platform.</summary>
    public static string? Culture(int? lcid) => lcid switch
    {
        1033 => "en-US", 2057 => "en-GB", 1031 => "de-DE", 1036 => "fr-FR", 1041 => "ja-JP", 1040 => "it-IT", 3082 or 1034 => "es-ES", 1043 => "nl-NL",
        1053 => "sv-SE", 1030 => "da-DK", 1035 => "fi-FI", 1044 => "nb-NO", 1045 => "pl-PL", 1046 => "pt-BR", 2070 => "pt-PT", 1029 => "cs-CZ", 1038 => "hu-HU",
        1049 => "ru-RU", 1055 => "tr-TR", 2052 => "zh-CN", 1028 => "zh-TW", 1042 => "ko-KR", _ => null,
    };
}
