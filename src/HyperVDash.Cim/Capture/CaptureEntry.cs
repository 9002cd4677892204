using System.Collections.Immutable;
using HyperVDash.Cim.Wql;

namespace HyperVDash.Cim.Capture;

/// <summary>One recorded answer: what was asked, and where in the file the instances stand.</summary>
public sealed record CaptureEntry(string Namespace, string Class)
{
    private const int LongestOfNames = 64 << 10;

    private readonly Lazy<WqlNames?> _names = new((WqlNames?)null);

    /// <summary>The columns asked for; null is all of them.</summary>
    public ImmutableHashSet<string>? Columns { get; init; }

    public string? Where
    {
        get;
        init
        {
            field = value;
            _names = new(() => NamesOf(value));
        }
    }

    /// <summary>CIM types by property, as far as the file tells them, e.g. <c>uint16[]</c>.</summary>
    public ImmutableDictionary<string, string> Types { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>When the host answered, if the file says so; otherwise the capture's own time counts.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The host's own error instead of instances.</summary>
    public CimException? Error { get; init; }

    /// <summary>Byte of the bracket that opens the instances; null for an error.</summary>
    public long? InstancesAt { get; init; }

    /// <summary>The instances asked for by name; null if the filter is none or another one.</summary>
    internal WqlNames? Names => _names.Value;

    /// <summary>True if the entry holds what the question needs.</summary>
    public bool Answers(CimQuery query, IEnumerable<string> compared) =>
        (Where is null || (query.Where is not null && Plain(Where) == Plain(query.Where)))
        && Holds(query, Where is null ? compared : []);

    /// <summary>True if the columns that are asked for, and those that are compared, were recorded.</summary>
    internal bool Holds(CimQuery query, IEnumerable<string> compared) => Columns is null || (!query.Columns.IsEmpty && query.Columns.Concat(compared).All(IsRecorded));

    private bool IsRecorded(string column) => column.StartsWith("__", StringComparison.Ordinal) || Columns!.Contains(column);

    private static string Plain(string where) => string.Join(' ', where.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static WqlNames? NamesOf(string? where)
    {
        try
        {
            return where is null or { Length: > LongestOfNames } ? null : WqlNames.Of(WqlQuery.ParseCondition(where));
        }
        catch (WqlException)
        {
            return null;
        }
    }
}
