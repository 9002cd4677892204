using System.Collections.Immutable;

namespace HyperVDash.Model.Fleet;

/// <summary>Body of the server-sent event <c>alive</c>, every 5 s: that sections were read again, changed or not.</summary>
public sealed record AliveEvent(string Revision, DateTimeOffset At)
{
    public ImmutableArray<SectionPulse> Sections { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Name">JSON name of the section.</param>
/// <param name="At">When the newest attempt ended.</param>
/// <param name="ReadAt">When its content was read.</param>
public sealed record SectionPulse(string Name, SectionState State, DateTimeOffset? At, DateTimeOffset? ReadAt);

/// <summary>
/// Body of the events <c>section</c> and <c>performance</c>: a reading that holds only the sections named; the others are to be kept.
/// </summary>
public sealed record SectionEvent(string Revision)
{
    /// <summary>JSON names of the sections that <see cref="Reading"/> carries.</summary>
    public ImmutableArray<string> Sections { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>A reading whose other sections are empty.</summary>
    public HostReading Reading { get; init => field = value ?? new("", ""); } = new("", "");
}

/// <summary>Answer of <c>POST /v1/hosts/{host}/verify</c>: what was read just now.</summary>
public sealed record VerifyAnswer(string Revision)
{
    public ImmutableArray<SectionPulse> Sections { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Set if the read did not end in time or was refused; a sentence.</summary>
    public string? Reason { get; init; }
}
