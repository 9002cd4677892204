using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Print;

/// <summary>Printer drivers by their name, which a host writes as <c>name,version,environment</c>.</summary>
internal static class DriverReader
{
    // One question names them all; what is beyond keeps its file version unknown.
    private const int MaxFiles = 40;
    private const string Preferred = "Windows x64";

    public static IReadOnlyDictionary<string, PrintDriver> Of(TableSet tables)
    {
        var files = FilesOf(tables) is { } query ? tables[query].Rows : [];
        return tables[PrintTables.Drivers].Rows.Select(Split).OfType<Installed>()
            .GroupBy(d => d.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => Driver([.. g], files), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The question for the files of the drivers that shared queues use; null if none names a file.</summary>
    public static TableQuery? FilesOf(TableSet tables)
    {
        var used = tables[PrintTables.Queues].Rows.Select(q => q.String("DriverName")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var paths = tables[PrintTables.Drivers].Rows.Select(Split).OfType<Installed>().Where(d => used.Contains(d.Name))
            .GroupBy(d => d.Name, StringComparer.OrdinalIgnoreCase).Select(g => Best([.. g]).Path).Where(p => !string.IsNullOrEmpty(p)).Select(p => p!)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Take(MaxFiles).ToList();
        return paths.Count == 0 ? null : PrintTables.Files(paths);
    }

    private static PrintDriver Driver(List<Installed> all, IReadOnlyList<CimRow> files)
    {
        var best = Best(all);
        string? version = files.FirstOrDefault(f => best.Path is not null && best.Path.Equals(f.String("Name"), StringComparison.OrdinalIgnoreCase))?.String("Version");
        return new PrintDriver(best.Version, Text.Cut(version), [.. all.Select(d => d.Environment).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)]);
    }

    private static Installed Best(List<Installed> all) =>
        all.OrderByDescending(d => d.Environment.Equals(Preferred, StringComparison.OrdinalIgnoreCase)).ThenByDescending(d => d.Version, StringComparer.Ordinal)
            .ThenBy(d => d.Environment, StringComparer.OrdinalIgnoreCase).First();

    /// <summary>From the end, because a driver's own name may hold commas.</summary>
    private static Installed? Split(CimRow row)
    {
        if (Text.Cut(row.String("Name")) is not { } full || full.LastIndexOf(',') is not (> 0 and var last) || full.LastIndexOf(',', last - 1) is not (> 0 and var first))
        {
            return null;
        }

        return new Installed(full[..first], full[(first + 1)..last].Trim(), full[(last + 1)..].Trim(), row.String("DriverPath"));
    }

    private sealed record Installed(string Name, string Version, string Environment, string? Path);
}
