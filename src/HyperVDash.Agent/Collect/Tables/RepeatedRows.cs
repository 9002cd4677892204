using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>Instances that an answer lists twice in a row: there is one of them, and who sums or counts must not take it for two.</summary>
internal static class RepeatedRows
{
    public static List<CimRow> Without(TableQuery query, List<CimRow> rows)
    {
        if (query.Identity is not { } column)
        {
            return rows;
        }

        List<CimRow>? kept = null;
        string? last = null;
        for (int i = 0; i < rows.Count; i++)
        {
            string? id = rows[i].String(column);
            if (i > 0 && id == last && IsSame(rows[i - 1], rows[i]))
            {
                kept ??= rows[..i];
            }
            else
            {
                kept?.Add(rows[i]);
            }

            last = id;
        }

        return kept ?? rows;
    }

    private static bool IsSame(CimRow one, CimRow other)
    {
        var names = one.Names.ToList();
        return names.Count == other.Names.Count() && names.TrueForAll(n => other.Has(n) && IsSame(one[n], other[n]));
    }

    private static bool IsSame(object? one, object? other) => (one, other) switch
    {
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(p => IsSame(p.First, p.Second)),
        (CimRow a, CimRow b) => IsSame(a, b),
        (CimPath a, CimPath b) => a.ToString() == b.ToString(),
        _ => Equals(one, other),
    };
}
