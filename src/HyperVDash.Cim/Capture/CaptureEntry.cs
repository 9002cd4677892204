using System.Collections.Immutable;

namespace HyperVDash.Cim.Capture;

/// <summary>One recorded answer: what was asked, and where in the file the instances stand.</summary>
public sealed record CaptureEntry(string Namespace, string Class)
{
    /// <summary>The columns asked for; null is all of them.</summary>
    public ImmutableHashSet<string>? Columns { get; init; }

    public string? Where { get; init; }

    /// <summary>CIM types by property, as far as the file tells them, e.g. <c>uint16[]</c>.</summary>
    public ImmutableDictionary<string, string> Types { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>When the host answered, if the file says so; otherwise the capture's own time counts.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The host's own error instead of instances.</summary>
    public CimException? Error { get; init; }

    /// <summary>Byte of the bracket that opens the instances; null for an error.</summary>
    public long? InstancesAt { get; init; }

    /// <summary>True if the entry holds what the question needs.</summary>
    public bool Answers(CimQuery query, IEnumerable<string> compared) =>
        (Where is null || (query.Where is not null && Plain(Where) == Plain(query.Where)))
        && (Columns is null || (!query.Columns.IsEmpty && query.Columns.Concat(Where is null ? compared : []).All(IsRecorded)));

    private bool IsRecorded(string column) => column.StartsWith("__", StringComparison.Ordinal) || Columns!.Contains(column);

    private static string Plain(string where) => string.Join(' ', where.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
}
