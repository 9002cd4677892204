using System.Globalization;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Releases;
using HyperVDash.Web.Components.Parts;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Hosts;

/// <summary>Facts of a host in the words a page uses.</summary>
internal static class HostWords
{
    public static string Release(HostLine host) => host.Facts.Profile is { } match
        ? $"{match.Profile.Name}{(match.IsPreRelease ? $", Hyper-V {StageNames.Of(match.Stage)}" : "")}{(match.IsExact ? "" : " (no profile lists this build)")}"
        : "release not known";

    /// <summary>How many VMs a host has, as far as it is known.</summary>
    public static string VmCount(HostLine host) => host.Reading.VirtualMachines.Content is { } list ? $"{list.Items.Length} VMs" : host.HasNoHyperV ? "no Hyper-V" : "VMs not known";

    /// <summary>How many VMs run on some hosts. A host that does not list its VMs has not none; one without Hyper-V has.</summary>
    public static string Running(FleetView fleet, IReadOnlyCollection<HostLine> hosts)
    {
        var able = hosts.Where(h => !h.HasNoHyperV).ToList();
        int blind = able.Count(h => !h.Reading.VirtualMachines.HasContent());
        if (able.Count == 0 && hosts.Count > 0)
        {
            return "no Hyper-V";
        }

        if (blind == able.Count)
        {
            return "VMs not known";
        }

        var vms = able.SelectMany(h => fleet.VmsOf[h]).ToList();
        int running = vms.Count(v => v.Vm.State == VirtualMachineState.Running);
        return $"{running} of {vms.Count} VMs run{blind switch { 0 => "", 1 => ", those of one host not known", _ => $", those of {blind} hosts not known" }}";
    }

    /// <summary>A language by its number, with the short name where this machine knows it; numbers are what is compared.</summary>
    public static string? Language(int? lcid)
    {
        if (lcid is not { } id)
        {
            return null;
        }

        try
        {
            return $"{CultureInfo.GetCultureInfo(id).Name} ({id.ToString(CultureInfo.InvariantCulture)})";
        }
        catch (CultureNotFoundException)
        {
            return id.ToString(CultureInfo.InvariantCulture);
        }
    }

    public static string Every(HostReading reading, Lane lane) => reading.Intervals.FirstOrDefault(i => i.Lane == lane)?.Interval is { } every
        ? every.TotalSeconds < 60 ? $"{every.TotalSeconds:0} s" : $"{every.TotalMinutes:0} min"
        : "–";

    public static string KindOf(SectionKnowledge knowledge) => knowledge switch
    {
        SectionKnowledge.Whole => Standing.Ok,
        SectionKnowledge.Old => Standing.Stale(Standing.Ok),
        SectionKnowledge.NotThere => Standing.Off,
        SectionKnowledge.Partial => "warning",
        _ => Standing.Unknown,
    };

    /// <summary>How a section stands, in the words of its newest attempt; what was read whole too long ago is old.</summary>
    public static string WordOf(HostLine host, NamedSection section) =>
        host.KnowledgeOf(section.Name) == SectionKnowledge.Old ? "old" : SectionNote.WordOf(section.Section.Attempt.State);

    /// <summary>Why it is not known, in a sentence; empty if nobody said.</summary>
    public static string WhyOf(HostLine host, NamedSection section) => section.Section.Attempt.Reason
        ?? (host.KnowledgeOf(section.Name) == SectionKnowledge.Old ? $"{(host.IsCurrent ? "Two intervals have" : "Time has")} passed without a new reading." : "");

    /// <summary>What is not known of a host: sections by name if they are few, else how many.</summary>
    public static string Troubles(HostLine host) => string.Join(", ", host.Troubled.GroupBy(s => WordOf(host, s)).Select(g => g.Count() > 3
        ? $"{g.Count()} sections {g.Key}"
        : string.Join(", ", g.Select(s => $"{s.Name} {g.Key}"))));

    public static string? OnOff(bool? value) => value switch { true => "on", false => "off", _ => null };

    public static string? YesNo(bool? value) => value switch { true => "yes", false => "no", _ => null };

    public static string Processor(HostProcessor processor) =>
        $"{processor.Name ?? "name not said"}{(processor is { Cores: { } cores, LogicalProcessors: { } logical } ? $", {cores} cores, {logical} logical" : "")}"
        + (processor is { Family: { } family, Model: { } model } ? $", family {family} model {model}" : "");

    /// <summary>Against the agent's clock; null if it could not be measured.</summary>
    public static string? Skew(TimeSpan? skew) => skew switch
    {
        null => null,
        { Ticks: 0 } => "like the agent's",
        { } off => $"{off.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s {(off > TimeSpan.Zero ? "ahead of" : "behind")} the agent's",
    };

    public static string Restart(RestartReason reason) => reason switch
    {
        RestartReason.ComponentServicing => "servicing of components", RestartReason.WindowsUpdate => "Windows Update", RestartReason.ComputerRename => "a new computer name",
        RestartReason.FileRename => "files to replace", _ => "another reason",
    };

    public static string Licence(LicenceState licence) => string.Join(", ", new[]
    {
        licence.Status switch
        {
            LicenceStatus.Licensed => "activated", LicenceStatus.Unlicensed => "not licensed", LicenceStatus.Notification => "not activated, in notification",
            LicenceStatus.NonGenuineGrace => "not genuine, in grace", LicenceStatus.InitialGrace or LicenceStatus.AdditionalGrace or LicenceStatus.ExtendedGrace => "in grace", _ => "status not known",
        },
        licence.IsEvaluation == true ? "evaluation" : null,
        licence.GraceRemaining is { Ticks: > 0 } left ? $"{left.TotalDays.ToString("0.#", CultureInfo.InvariantCulture)} days left" : null,
        licence.PartialKey is { } key ? $"key ends in {key}" : null,
    }.OfType<string>());

    public static string Speed(PhysicalAdapter adapter) => adapter.BitsPerSecond switch
    {
        >= 1_000_000_000 and var bits => $", {(bits / 1e9).ToString("0.#", CultureInfo.InvariantCulture)} Gbit/s",
        > 0 and var bits => $", {(bits / 1e6).ToString("0.#", CultureInfo.InvariantCulture)} Mbit/s",
        _ => "",
    };

    public static string Medium(NetworkMedium medium) => medium switch { NetworkMedium.WiFi => "Wi-Fi", NetworkMedium.Unknown => "medium not said", _ => medium.ToString() };
}
