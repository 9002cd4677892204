using System.Globalization;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>The updates a host says it has; once a day, because the host takes long to say it.</summary>
internal sealed class UpdateReader() : SectionReader<UpdateList>("updates", r => r.Updates, (r, s) => r with { Updates = s })
{
    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Plan.Hotfixes];

    protected override SectionResult<UpdateList> Read(SectionSources sources)
    {
        var hotfixes = sources.Tables[Plan.Hotfixes];
        if (hotfixes.Error is { } error)
        {
            return SectionResult<UpdateList>.Failed(error);
        }

        bool? isMonthFirst = IsMonthFirst([.. hotfixes.Rows.Select(r => r.String("InstalledOn"))]);
        return SectionResult<UpdateList>.Read(new()
        {
            Items =
            [
                .. hotfixes.Rows.Select(r => (Id: Text.Cut(r.String("HotFixID")), On: r.String("InstalledOn"))).Where(u => u.Id is { Length: > 0 })
                    .DistinctBy(u => u.Id, StringComparer.OrdinalIgnoreCase)
                    .OrderBy(u => u.Id, StringComparer.OrdinalIgnoreCase)
                    .Select(u => new InstalledUpdate(u.Id!, InstalledAt(u.On, isMonthFirst))),
            ],
        }, []);
    }

    /// <summary>A host writes all its dates in one order; one of them that can be read in one way only tells it.</summary>
    /// <returns>Null if none tells it, or if they disagree.</returns>
    internal static bool? IsMonthFirst(IReadOnlyList<string?> texts)
    {
        var told = texts.Select(Parts).OfType<(int A, int B, int Year)>().Where(p => p.A > 12 != p.B > 12).Select(p => p.B > 12).Distinct().ToList();
        return told is [var isMonthFirst] ? isMonthFirst : null;
    }

    /// <summary>A FILETIME in sixteen hexadecimal digits, <c>20240131</c>, or a date with slashes whose order is known; anything else is somebody's language.</summary>
    internal static DateTimeOffset? InstalledAt(string? text, bool? isMonthFirst)
    {
        if (text is { Length: 16 } && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long ticks))
        {
            return ticks > 0 && ticks < DateTime.MaxValue.ToFileTimeUtc() ? DateTimeOffset.FromFileTime(ticks).ToUniversalTime() : null;
        }

        if (DateTimeOffset.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return date;
        }

        return Parts(text) is var (a, b, year) && (isMonthFirst ?? (a == b ? true : null)) is { } monthFirst
            && DateTimeOffset.TryParseExact($"{year:0000}-{(monthFirst ? a : b):00}-{(monthFirst ? b : a):00}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day
            : null;
    }

    private static (int A, int B, int Year)? Parts(string? text) =>
        text?.Split('/') is [var a, var b, { Length: 4 } y] && Number(a) is { } first && Number(b) is { } second && Number(y) is { } year ? (first, second, year) : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
