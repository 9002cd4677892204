using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Releases;

public sealed class PreReleaseHost : Rule<HostSubject>
{
    public override RuleCard Card { get; } = new("HVD801", "prerelease-host", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Host runs a pre-release Windows or Hyper-V build",
        Why = "There is no support, its VMs may not survive the update, and limits of released builds do not hold.",
        Fix = "Bring the host to a released build; export or recreate its VMs.",
        Quiet = "Tag host:insider-accepted.",
        Sections = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Error],
        Origin = "Field notes of December 2007, second post, item 3",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if (Unreadable(subject, context, "operatingSystem") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        yield return subject.Profile switch
        {
            null => NotSaid("operatingSystem", "its build"),
            { Stage: ReleaseStage.Unknown } => NotSaid("operatingSystem", "what tells a beta from the release: BuildLabEx, updates or the version of vmms.exe"),
            { IsPreRelease: true } when context.Settings.HasTag(subject.Id, "host:insider-accepted") => NotFor("Tagged host:insider-accepted."),
            { Stage: ReleaseStage.Preview } match => Fire(subject, match, "preview", Severity.Warning),
            { IsPreRelease: true } match => Fire(subject, match, "stage", Severity.Error),
            { IsBeyondKnown: true } match => Beyond(subject, match),
            _ => Verdict.Passed,
        };
    }

    private static Verdict.Fire Beyond(HostSubject host, ReleaseMatch match) => new("profileMissing", Severity.Info,
        $"{host.Name} runs build {host.Reading.OperatingSystem.Content!.Build}, which is newer than every release this version knows")
    {
        Impact = $"Its limits are not known; rules about limits cannot tell. What it says is read like {match.Profile.Name}.",
        Remedy = new("Install a newer version of HyperVDash.") { Risk = RemedyRisk.Online },
        Evidence = [Fact(host, "operatingSystem", "Build", host.Reading.OperatingSystem.Content!.Build?.ToString(CultureInfo.InvariantCulture), "a listed release", "Win32_OperatingSystem.BuildNumber")],
    };

    private static Verdict.Fire Fire(HostSubject host, ReleaseMatch match, string variant, Severity severity)
    {
        var os = host.Reading.OperatingSystem.Content!;
        return new(variant, severity, $"{host.Name} runs Hyper-V stage {StageNames.Of(match.Stage)} on build {os.Build}")
        {
            Impact = "VMs of this stage may not start after the update; saved states and online checkpoints do not carry over.",
            Remedy = os.Build == 6001
                ? new("Install the released Hyper-V (KB950050) or a later Windows. Shut VMs down and merge checkpoints first.")
                {
                    Commands = ["wusa.exe Windows6.0-KB950050-x64.msu /quiet", "shutdown /r /t 0"],
                    Risk = RemedyRisk.NeedsHostRestart,
                }
                : new($"Reinstall {host.Name} with a released build, or leave the preview channel.") { Risk = RemedyRisk.NeedsHostRestart },
            Evidence =
            [
                Fact(host, "operatingSystem", "Build", os.Build?.ToString(CultureInfo.InvariantCulture), null, "Win32_OperatingSystem.BuildNumber"),
                Fact(host, "operatingSystem", "Build lab", os.BuildLab, "6001.18000 or later on 2008", @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion BuildLabEx"),
                Fact(host, "operatingSystem", "vmms.exe", os.HyperVVersion, "6.0.6001.18016 or later on 2008", "CIM_DataFile.Version"),
                Fact(host, "operatingSystem", "Updates", os.Hotfixes is { } fixes ? string.Join(", ", fixes.Where(f => f.StartsWith("KB9", StringComparison.OrdinalIgnoreCase))) is { Length: > 0 } list ? list : "none of Hyper-V" : null, null, "Win32_QuickFixEngineering.HotFixID"),
                Fact(host, "operatingSystem", "Profile used", match.Profile.Key),
            ],
        };
    }

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "Windows Server 2008 RC0 with the preview", Host(6001, "6001.16659.amd64fre.winmain.070916-1443", null, [])),
        Fires(Severity.Error, "released Windows Server 2008 with the beta in the box", Host(6001, "6001.18000.amd64fre.longhorn_rtm.080118-1840", "6.0.6001.17101", [])),
        Fires(Severity.Error, "Hyper-V RC1 by its update", Host(6001, "6001.18000.amd64fre.longhorn_rtm.080118-1840", "6.0.6001.18004", ["KB950049"])),
        Fires(Severity.Warning, "a preview of a later Windows", Host(26227, "26227.5000.amd64fre.rs_prerelease.240501-1000", null, null)),
        Fires(Severity.Warning, "a build that was never released", Host(20344, "20344.1.amd64fre.main.210401-1400", null, null)),
        Fires(Severity.Info, "a build newer than every listed one", Host(29500, "29500.1.amd64fre.ge_release.280501-1500", null, null)),
        Passes("an annual release between two others", Host(25398, "25398.1.amd64fre.zn_release.230616-1746", null, null)),
        Skips("a preview that the lab accepts", Host(26227, "26227.5000.amd64fre.rs_prerelease.240501-1000", null, null), Given.Tagged("host:insider-accepted", Sample.Host.Id)),
        Passes("released Hyper-V on 2008", Host(6001, "6001.18000.amd64fre.longhorn_rtm.080118-1840", "6.0.6001.18016", ["KB950050"])),
        Passes("2022", Host(20348, "20348.1.amd64fre.fe_release.210507-1500", null, null)),
        CannotTell("2008 that shows neither updates nor vmms.exe", Host(6001, "6001.18000.amd64fre.longhorn_rtm.080118-1840", null, null)),
    ];

    private static HostSubject Host(int build, string lab, string? vmms, ImmutableArray<string>? hotfixes) => new(Sample.Host with
    {
        OperatingSystem = Sample.Read(new HostOperatingSystem { Build = build, BuildLab = lab, HyperVVersion = vmms, Hotfixes = hotfixes }),
    });
}
