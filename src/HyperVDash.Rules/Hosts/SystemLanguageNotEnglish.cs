using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Hosts;

public sealed class SystemLanguageNotEnglish : Rule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD101", "system-locale-not-en-us", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "System language of a Hyper-V host is not EN-US",
        Why = "Before its release, Hyper-V's management service did not start under another default language. Today it breaks tools that match English texts of WMI.",
        Fix = "Set the system locale and display language before the role is used, then restart.",
        Quiet = "Only formats or keyboard differ; the host has no Hyper-V; the lab requires another language (RequiredLocale).",
        Sections = ["locale", "operatingSystem"],
        Mentions = ["services", "virtualMachines"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Field notes of December 2007, second post, item 5",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "locale", "operatingSystem") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        if (subject.Reading.VirtualMachines.Attempt.State == Model.Fleet.SectionState.Absent)
        {
            yield return new Verdict.NotApplicable($"{subject.Name} has no Hyper-V.");
            yield break;
        }

        var locale = subject.Reading.Locale.Content!;
        int wanted = context.Settings.RequiredLanguage;
        string wantedName = context.Settings.RequiredLocale;
        var differences = new List<string>();
        if (locale.OsLanguage is { } os && os != wanted)
        {
            differences.Add($"the system is {Lcid.Words(os)}");
        }

        if (locale.SystemLocale is { } system && system != wanted)
        {
            differences.Add($"the system locale is {Lcid.Words(system)}");
        }

        if (locale.DisplayLanguages is { IsEmpty: false } languages && !languages.Contains(wantedName, StringComparer.OrdinalIgnoreCase))
        {
            differences.Add($"the display languages are {string.Join(", ", languages)}");
        }

        yield return differences.Count > 0 ? Fire(subject, locale, context, differences)
            : locale.OsLanguage is null ? NotSaid("locale", "the language of the installed system")
            : locale.SystemLocale is null ? NotSaid("locale", "its system locale")
            : locale.DisplayLanguages is null or { IsEmpty: true } ? NotSaid("locale", "its display languages")
            : Verdict.Passed;
    }

    private static Verdict.Fire Fire(HostSubject subject, LocaleSettings locale, RuleContext context, List<string> differences)
    {
        bool isBeta = subject.Profile?.Profile.IsPreRelease == true;
        // A service list that is old says nothing about now.
        var vmms = (subject.Reading.Services.IsReadable() ? subject.Reading.Services.Content!.Items : []).FirstOrDefault(s => s.Name.Equals("vmms", StringComparison.OrdinalIgnoreCase));
        bool isDown = vmms is { State: not (ServiceState.Running or ServiceState.Unknown) };
        string wanted = context.Settings.RequiredLocale;
        return new("language", isBeta ? isDown ? Severity.Critical : Severity.Error : Severity.Warning,
            $"{subject.Name} does not run in {wanted}: {string.Join(", ", differences)}")
        {
            Impact = isBeta ? "The management service of this pre-release fails to start under another default language." : "Tools that compare English texts of WMI fail on this host.",
            Remedy = Mend(subject, RemedyRisk.NeedsHostRestart, $"On {subject.Name}: set system locale and display language, then restart.",
                $"On {subject.Name}: run 'control intl.cpl', Administrative, Change system locale, {wanted}, and restart; or reinstall from {wanted} media.",
                $"Set-WinSystemLocale {wanted}", $"Set-WinUILanguageOverride {wanted}", "Restart-Computer"),
            Evidence =
            [
                Fact(subject, "locale", "Language of the system", Lcid.Words(locale.OsLanguage), Lcid.Words(context.Settings.RequiredLanguage), "Win32_OperatingSystem.OSLanguage"),
                Fact(subject, "locale", "System locale", Lcid.Words(locale.SystemLocale), Lcid.Words(context.Settings.RequiredLanguage), @"HKLM\SYSTEM\CurrentControlSet\Control\Nls\Language Default"),
                Fact(subject, "locale", "Display languages", locale.DisplayLanguages is { } l ? string.Join(", ", l) : null, $"contains {wanted}", "Win32_OperatingSystem.MUILanguages"),
                Fact(subject, "locale", "Installed in", Lcid.Words(locale.InstallLanguage), null, "Nls\\Language InstallLanguage"),
                Fact(subject, "locale", "Formats", Lcid.Words(locale.FormatLocale), null, "Win32_OperatingSystem.Locale"),
                Fact(subject, "services", "vmms", vmms?.State.ToString(), null, "Win32_Service.State"),
            ],
        };
    }

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "a German pre-release host whose management service is stopped", Host(6001, "6001.16659.amd64fre.longhorn_rtm.071231-1200", 1031, 1031, ["de-DE"], ServiceState.Stopped)),
        Fires(Severity.Error, "a German pre-release host whose service runs", Host(6001, "6001.16659.amd64fre.longhorn_rtm.071231-1200", 1031, 1031, ["de-DE"])),
        Fires(Severity.Warning, "a 2022 host installed in English whose system locale is German", Host(20348, null, 1033, 1031, ["en-US"])),
        Passes("a 2022 host in English with German formats", Host(20348, null, 1033, 1033, ["en-US"], formats: 1031)),
        Passes("a German host where the lab requires German", Host(20348, null, 1031, 1031, ["de-DE"]), new() { RequiredLocale = "de-DE", RequiredLanguage = 1031 }),
        Fires(Severity.Warning, "an English 2022 host whose display languages lack English", Host(20348, null, 1033, 1033, ["de-DE"])),
        CannotTell("a host that does not say its display languages", Host(20348, null, 1033, 1033, null)),
        Skips("a host without Hyper-V", new(Sample.Host with { VirtualMachines = Sample.Failed<Model.VirtualMachines.VirtualMachineList>(Model.Fleet.SectionState.Absent, "no role") })),
        CannotTell("a host that denies its registry and says nothing else", Host(20348, null, null, null, null)),
    ];

    private static HostSubject Host(int build, string? lab, int? os, int? system, ImmutableArray<string>? mui, ServiceState vmms = ServiceState.Running, int formats = 1033) => new(Sample.Host with
    {
        OperatingSystem = Sample.Read(Sample.Host.OperatingSystem.Content! with { Build = build, BuildLab = lab, HyperVVersion = null, Hotfixes = [] }),
        Locale = Sample.Read(new LocaleSettings { OsLanguage = os, SystemLocale = system, DisplayLanguages = mui, FormatLocale = formats }),
        Services = Sample.Read(new ServiceList { Items = [new("vmms", vmms, ServiceStartMode.Auto)] }),
    });
}
