using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace HyperVDash.Web.Components.Parts;

/// <summary>What a list shows: all of it stands in the URL, so a link reproduces the view.</summary>
/// <param name="Path">Page without query, e.g. <c>vms</c>.</param>
/// <param name="Text">Text filter; null or empty shows all.</param>
/// <param name="Sort">Column, with a leading minus for descending.</param>
public sealed record ListQuery(string Path, string? Text, string? Sort, int Page, int Size)
{
    public const int DefaultSize = 50;

    public static readonly int[] Sizes = [25, 50, 100, 200];

    /// <summary>Other filters by their name in the URL.</summary>
    public IReadOnlyDictionary<string, string?> Filters { get; init; } = new Dictionary<string, string?>();

    public static ListQuery Of(string path, string? text, string? sort, int? page, int? size, params (string Name, string? Value)[] filters) =>
        new(path, text, sort, Math.Max(1, page ?? 1), size is { } s && Sizes.Contains(s) ? s : DefaultSize)
        {
            Filters = filters.ToDictionary(f => f.Name, f => string.IsNullOrEmpty(f.Value) ? null : f.Value),
        };

    public string Url => ToUrl(this);

    public string WithSort(string column) => ToUrl(this with { Sort = Sort == column ? $"-{column}" : column, Page = 1 });

    public string WithPage(int page) => ToUrl(this with { Page = page });

    public string WithSize(int size) => ToUrl(this with { Size = size, Page = 1 });

    /// <summary>The rows of the page; a page beyond the end shows the last one.</summary>
    public IReadOnlyList<T> Cut<T>(IReadOnlyCollection<T> rows)
    {
        int page = Math.Clamp(Page, 1, Math.Max(1, (rows.Count + Size - 1) / Size));
        return [.. rows.Skip((page - 1) * Size).Take(Size)];
    }

    public string WithFilter(string name, string? value) =>
        ToUrl(this with { Page = 1, Filters = Filters.Where(f => f.Key != name).Append(new(name, value)).ToDictionary(f => f.Key, f => f.Value) });

    public string WithoutFilters => Path;

    public bool HasFilter => !string.IsNullOrEmpty(Text) || Filters.Values.Any(v => v is not null);

    /// <summary>For <c>aria-sort</c>.</summary>
    public string? DirectionOf(string column) => Sort == column ? "ascending" : Sort == $"-{column}" ? "descending" : null;

    public bool Matches(params ReadOnlySpan<string?> texts)
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            return true;
        }

        foreach (string? text in texts)
        {
            if (text?.Contains(Text.Trim(), StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sorts by the column of the URL, or by the first one.</summary>
    public IEnumerable<T> Sorted<T>(IEnumerable<T> rows, params (string Column, Func<T, IComparable?> Key)[] columns)
    {
        string column = Sort?.TrimStart('-') ?? columns[0].Column;
        var key = columns.FirstOrDefault(c => c.Column == column).Key ?? columns[0].Key;
        // What is not known stands last in both directions.
        var known = rows.OrderBy(r => key(r) is null);
        return Sort?.StartsWith('-') == true ? known.ThenByDescending(key, TextOrder.Instance) : known.ThenBy(key, TextOrder.Instance);
    }

    private static string ToUrl(ListQuery query)
    {
        var values = new Dictionary<string, string?>
        {
            ["q"] = string.IsNullOrEmpty(query.Text) ? null : query.Text,
            ["sort"] = query.Sort,
            ["page"] = query.Page == 1 ? null : query.Page.ToString(CultureInfo.InvariantCulture),
            ["size"] = query.Size == DefaultSize ? null : query.Size.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in query.Filters)
        {
            values[name] = value;
        }

        return QueryHelpers.AddQueryString(query.Path, values.Where(v => v.Value is not null));
    }

    private sealed class TextOrder : IComparer<IComparable?>
    {
        public static readonly TextOrder Instance = new();

        public int Compare(IComparable? x, IComparable? y) => (x, y) switch
        {
            (string a, string b) => string.Compare(a, b, StringComparison.OrdinalIgnoreCase),
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => x.CompareTo(y),
        };
    }
}
