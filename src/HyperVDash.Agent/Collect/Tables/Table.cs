using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>What the host answered for one class: all rows, or why not. Rows that came before an answer broke are not here.</summary>
/// <param name="Rows">With an error: those of the last answer that was whole, if there was one.</param>
internal sealed record Table(IReadOnlyList<CimRow> Rows, CimException? Error)
{
    public static Table NotAsked { get; } = new([], new CimException(CimErrorKind.NotRecorded, "This was not asked yet."));

    /// <summary>When the answer was complete, for values that count from then; null for one that was not asked.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>From the question to the end of the answer.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Not asked this time: the host is known to lack it, from a while ago.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>True if the rows are older than the error.</summary>
    public bool IsRetained { get; init; }

    public bool IsRead => Error is null;

    /// <summary>True if the rows may be shown: read now, or retained from before.</summary>
    public bool IsKnown => IsRead || IsRetained;

    /// <summary>The release, or the host, has no such thing: an answer and not a failure.</summary>
    public bool IsAbsent => !IsRetained && Error is { Kind: CimErrorKind.NoSuchNamespace or CimErrorKind.NoSuchClassOrProperty };

    /// <summary>
    /// What to hold after this table was read before. A feature that was removed takes its namespace along; a class that was answered once
    /// and is now unknown is trouble of the provider, and what it said stays.
    /// </summary>
    public Table After(Table before) => Error is { Kind: not CimErrorKind.NoSuchNamespace } error && before.IsKnown
        ? new(before.Rows, error.Kind == CimErrorKind.NoSuchClassOrProperty ? new CimException(CimErrorKind.Protocol, $"{error.Message} It answered before.", error.Code, error) : error)
        {
            ReadAt = before.ReadAt,
            IsRetained = true,
        }
        : this;
}
