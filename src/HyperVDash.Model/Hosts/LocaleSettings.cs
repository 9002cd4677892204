using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section locale: the languages of a host in all the forms Windows keeps them.</summary>
public sealed record LocaleSettings
{
    /// <summary>LCID of the installed system (Win32_OperatingSystem.OSLanguage), e.g. 1033.</summary>
    public int? OsLanguage { get; init; }

    /// <summary>LCID of the system locale (registry Nls\Language Default, hexadecimal on the host), e.g. 1033.</summary>
    public int? SystemLocale { get; init; }

    /// <summary>LCID in which Windows was installed (registry Nls\Language InstallLanguage).</summary>
    public int? InstallLanguage { get; init; }

    /// <summary>LCID of the formats (Win32_OperatingSystem.Locale): evidence only.</summary>
    public int? FormatLocale { get; init; }

    /// <summary>Installed display languages (Win32_OperatingSystem.MUILanguages), e.g. <c>en-US</c>; null before Windows says so.</summary>
    public ImmutableArray<string>? DisplayLanguages { get; init; }
}
