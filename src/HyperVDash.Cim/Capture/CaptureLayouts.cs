namespace HyperVDash.Cim.Capture;

/// <summary>The property names of the classes that one answer has rows of.</summary>
internal sealed class CaptureLayouts
{
    private const int MaxNames = 1024;

    private readonly Dictionary<string, CimLayout> _layouts = new(StringComparer.Ordinal);

    /// <summary>Null if a property stands twice.</summary>
    public CimRow? Row(string className, List<(string Name, object? Value)> values)
    {
        // Rows that agree on nothing, or each of a class of its own, do not share.
        if (!_layouts.TryGetValue(className, out var layout) || layout.Count + values.Count > MaxNames)
        {
            if (_layouts.Count >= MaxNames)
            {
                _layouts.Clear();
            }

            _layouts[className] = layout = new CimLayout(className);
        }

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
