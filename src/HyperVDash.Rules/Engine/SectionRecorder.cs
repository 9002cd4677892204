namespace HyperVDash.Rules.Engine;

/// <summary>
/// Records which sections are looked at on this thread while it lives. A test holds it against the rule's card: a section that the card does not
/// name would be read without anybody asking whether it is readable.
/// </summary>
public sealed class SectionRecorder : IDisposable
{
    [ThreadStatic]
    private static SectionRecorder? _current;

    private readonly SectionRecorder? _outer = _current;
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public SectionRecorder() => _current = this;

    /// <summary>JSON names of the sections that were looked at so far.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public void Dispose() => _current = _outer;

    internal static void Note(string section) => _current?._names.Add(section);
}
