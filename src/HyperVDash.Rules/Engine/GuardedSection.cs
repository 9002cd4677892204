using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>A section as rules see it. What they look at is noted, so that a verdict is kept until just that changes.</summary>
public readonly struct GuardedSection<T> where T : class
{
    private readonly Section<T> _section;
    private readonly int _index;

    internal GuardedSection(Section<T> section, int index)
    {
        _section = section;
        _index = index;
        SectionNotes.Touch(index);
    }

    /// <inheritdoc cref="Section{T}.Content"/>
    public T? Content
    {
        get
        {
            SectionNotes.Content(_index);
            return _section.Content;
        }
    }

    /// <inheritdoc cref="Section.ReadAt"/>
    public DateTimeOffset? ReadAt
    {
        get
        {
            SectionNotes.Times(_index);
            return _section.ReadAt;
        }
    }

    /// <inheritdoc cref="Section.Attempt"/>
    public Attempt Attempt
    {
        get
        {
            SectionNotes.Times(_index);
            return _section.Attempt;
        }
    }

    /// <summary>How the newest attempt ended, without when.</summary>
    public SectionState State
    {
        get
        {
            SectionNotes.Gate(_index);
            return _section.Attempt.State;
        }
    }

    /// <inheritdoc cref="Section.HasContent"/>
    public bool HasContent()
    {
        SectionNotes.Gate(_index);
        return _section.HasContent();
    }

    /// <summary>Nothing is known of it, not even that the host has none of it or cannot say.</summary>
    public bool IsUntold() => !HasContent() && State is not (SectionState.Absent or SectionState.Unsupported);

    /// <inheritdoc cref="Section.IsReadable"/>
    public bool IsReadable()
    {
        SectionNotes.Gate(_index);
        return _section.IsReadable();
    }
}
