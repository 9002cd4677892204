namespace HyperVDash.Model.Fleet;

/// <summary>One subject of a host: when it was last read well, and how the newest try went.</summary>
public abstract record Section
{
    /// <summary>When the content was read; null if it never was.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>How long that read took, in milliseconds.</summary>
    public long? TookMs { get; init; }

    public Attempt Attempt { get; init => field = value ?? new(); } = new();

    /// <summary>Grows when the content, or the state, reason or missing parts of the attempt change; never for times alone.</summary>
    public long Revision { get; init; }

    /// <summary>True once a read gave content, even if a later attempt failed.</summary>
   
    public abstract bool HasContent();

    /// <summary>The content for what treats all sections alike; null if there is none.</summary>
    public abstract object? AnyContent();

    /// <summary>
    /// True if the newest attempt gave this content, whole or in part: only then may a rule rest on it.
    /// </summary>
   
    public bool IsReadable() => HasContent() && Attempt.State is SectionState.Complete or SectionState.Partial;
}

/// <param name="Content">From the last good read; null if there was none. A failed attempt leaves it in place.</param>
public sealed record Section<T>(T? Content = null) : Section where T : class
{
    public override bool HasContent() => Content is not null;

    public override object? AnyContent() => Content;
}
