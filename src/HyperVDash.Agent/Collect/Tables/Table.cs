using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>What the host answered for one class: all rows, or why not. Rows that came before an answer broke are not here.</summary>
internal sealed record Table(IReadOnlyList<CimRow> Rows, CimException? Error)
{
    public static Table NotAsked { get; } = new([], new CimException(CimErrorKind.NotRecorded, "This was not asked yet."));

    /// <summary>When the answer was complete, for values that count from then; null for one that was not asked.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    public bool IsRead => Error is null;

    /// <summary>The release, or the host, has no such thing: an answer and not a failure.</summary>
    public bool IsAbsent => Error is { Kind: CimErrorKind.NoSuchNamespace or CimErrorKind.NoSuchClassOrProperty };
}
