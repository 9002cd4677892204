namespace HyperVDash.Rules.Engine;

/// <summary>
/// Records which sections are looked at on this thread while it lives. A test holds it against the rule's card: a section that the card does not
/// name would be read without anybody asking whether it is readable.
/// </summary>
public sealed class SectionRecorder : IDisposable
{
    private readonly SectionNotes? _outer = SectionNotes.Current;
    private readonly SectionNotes _notes = new();

    public SectionRecorder() => SectionNotes.Current = _notes;

    /// <summary>JSON names of the sections that were looked at so far.</summary>
    public IReadOnlyCollection<string> Names => [.. SectionBits.Names(_notes.Touched).Order(StringComparer.Ordinal)];

    public void Dispose() => SectionNotes.Current = _outer;
}
