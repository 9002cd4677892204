using HyperVDash.Cim;

namespace HyperVDash.Fuzz.Targets;

/// <summary>Asks a row for everything in every way in which a section reader could.</summary>
internal static class RowGetters
{
    private const int MaxDepth = 40;

    public static int UseAll(CimRow row, int depth = 0)
    {
        int found = row.ClassName.Length;
        foreach (string name in row.Names)
        {
            found += row.Has(name) ? 1 : 0;
            found += row.String(name)?.Length ?? 0;
            found += (row.Int64(name), row.Int32(name), row.UInt64(name), row.Real(name), row.Boolean(name), row.DateTime(name), row.Interval(name), row.Guid(name)).GetHashCode() & 1;
            found += row.Strings(name)?.Count ?? 0;
            found += row.Numbers(name)?.Count ?? 0;
            found += row.Path(name)?.ToString().Length ?? 0;
            found += row.Paths(name)?.Count ?? 0;
            foreach (var inner in row.EmbeddedList(name) ?? [])
            {
                found += depth < MaxDepth ? UseAll(inner, depth + 1) : throw new BrokenPromiseException("rows are nested without end");
            }
        }

        return found;
    }
}
