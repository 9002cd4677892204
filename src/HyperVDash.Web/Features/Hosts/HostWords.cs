using System.Globalization;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Rules.Releases;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.Hosts;

/// <summary>Facts of a host in the words a page uses.</summary>
internal static class HostWords
{
    public static string Release(HostLine host) => host.Facts.Profile is { } match
        ? $"{match.Profile.Name}{(match.IsPreRelease ? $", Hyper-V {StageNames.Of(match.Stage)}" : "")}{(match.IsExact ? "" : " (no profile lists this build)")}"
        : "release not known";

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

    public static string KindOf(SectionState state, bool isCurrent) => state switch
    {
        SectionState.Complete => isCurrent ? Standing.Ok : Standing.Stale(Standing.Ok),
        SectionState.Absent or SectionState.Off => Standing.Off,
        SectionState.Partial => "warning",
        _ => Standing.Unknown,
    };

    public static string Speed(PhysicalAdapter adapter) => adapter.BitsPerSecond switch
    {
        >= 1_000_000_000 and var bits => $", {(bits / 1e9).ToString("0.#", CultureInfo.InvariantCulture)} Gbit/s",
        > 0 and var bits => $", {(bits / 1e6).ToString("0.#", CultureInfo.InvariantCulture)} Mbit/s",
        _ => "",
    };

    public static string Medium(NetworkMedium medium) => medium switch { NetworkMedium.WiFi => "Wi-Fi", NetworkMedium.Unknown => "medium not said", _ => medium.ToString() };
}
