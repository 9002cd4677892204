namespace HyperVDash.Cim.Capture;

/// <summary>The property names of the classes that one answer has rows of.</summary>
internal sealed class CaptureLayouts
{
    private const int MaxNames = 1024;

    /// <summary>Of all classes together: several times those that a host has.</summary>
    private const int MaxNamesOfAll = 16 * MaxNames;

    /// <summary>A row that would fill fewer of its places than one in so many has a layout of its own.</summary>
    private const int Sparse = 8;

    private readonly Dictionary<string, CimLayout> _layouts = new(StringComparer.Ordinal);

    /// <summary>Names that are kept, of all classes together.</summary>
    public int Names { get; private set; }

    /// <summary>Null if a property stands twice.</summary>
    public CimRow? Row(string className, List<(string Name, object? Value)> values)
    {
        if (Names + values.Count > MaxNamesOfAll)
        {
            Clear();
        }

        // Rows that agree on nothing, or each of a class of its own, do not share.
        if (!_layouts.TryGetValue(className, out var layout) || layout.Count + values.Count > MaxNames)
        {
            if (_layouts.Count >= MaxNames)
            {
                Clear();
            }

            _layouts[className] = layout = new CimLayout(className);
        }

        if (layout.Count > Sparse * Math.Max(values.Count, 8))
        {
            return Single(className, values);
        }

        int before = layout.Count;
        var row = Fill(layout, values);
        Names += layout.Count - before;
        return row;
    }

    private void Clear()
    {
        _layouts.Clear();
        Names = 0;
    }

    /// <summary>A row that has nobody to share with. Null if a property stands twice.</summary>
    public static CimRow? Single(string className, List<(string Name, object? Value)> values) => Fill(new CimLayout(className), values);

    private static CimRow? Fill(CimLayout layout, List<(string Name, object? Value)> values)
    {
        object?[] row = [];
        for (int i = 0; i < values.Count; i++)
        {
            int at = layout.Add(values[i].Name, i);
            if (at >= row.Length)
            {
                int before = row.Length;
                Array.Resize(ref row, Math.Max(layout.Count, values.Count));
                Array.Fill(row, CimRow.NotSent, before, row.Length - before);
            }

            if (!ReferenceEquals(row[at], CimRow.NotSent))
            {
                return null;
            }

            row[at] = values[i].Value;
        }

        return new CimRow(layout, row);
    }
}
