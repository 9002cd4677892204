namespace HyperVDash.Rules.Engine;

/// <summary>Notes on this thread what is looked at while a rule examines; nobody listening costs a null check.</summary>
internal sealed class SectionNotes
{
    [ThreadStatic]
    private static SectionNotes? _current;

    private ulong _gates;
    private ulong _content;
    private ulong _times;
    private ulong _rows;
    private ulong _touched;
    private Guid _vm;

    /// <summary>Who listens on this thread; set back to what it was when done.</summary>
    public static SectionNotes? Current { get => _current; set => _current = value; }

    /// <summary>Every section that was looked at in any way.</summary>
    public ulong Touched => _touched | _gates | _content | _times | _rows;

    public SectionReads Reads => new(_gates, _content, _times, _rows);

    /// <summary>Begins a page for one object.</summary>
    /// <param name="vm">The VM whose rows are its own; empty for objects without one.</param>
    /// <param name="own">What the object itself is made of.</param>
    public void Begin(Guid vm, SectionReads own)
    {
        _vm = vm;
        (_gates, _content, _times, _rows) = (own.Gates, own.Content, own.Times, own.Rows);
    }

    public static void Touch(int section)
    {
        if (_current is { } notes)
        {
            notes._touched |= 1UL << section;
        }
    }

    public static void Gate(int section) => Gates(1UL << section);

    public static void Gates(ulong sections)
    {
        if (_current is { } notes)
        {
            notes._gates |= sections;
        }
    }

    public static void Content(int section)
    {
        if (_current is { } notes)
        {
            notes._content |= 1UL << section;
        }
    }

    public static void Times(int section)
    {
        if (_current is { } notes)
        {
            notes._times |= 1UL << section;
        }
    }

    /// <summary>The rows of one VM: of another one than the object's own it counts as a look at the whole.</summary>
    public static void Row(int section, Guid vm)
    {
        if (_current is not { } notes)
        {
            return;
        }

        if (vm == notes._vm)
        {
            notes._rows |= 1UL << section;
        }
        else
        {
            notes._content |= 1UL << section;
        }
    }

    /// <summary>What is looked at meanwhile. Whoever listens notes it too.</summary>
    public static SectionReads Noted(Action look)
    {
        var listening = _current;
        var notes = new SectionNotes { _vm = listening?._vm ?? Guid.Empty };
        _current = notes;
        try
        {
            look();
        }
        finally
        {
            _current = listening;
            listening?.Add(notes.Reads, notes._touched);
        }

        return notes.Reads;
    }

    /// <summary>What was looked at when a result was worked out counts also where the result is taken again.</summary>
    public static void Again(SectionReads reads) => _current?.Add(reads, 0);

    private void Add(SectionReads reads, ulong touched)
    {
        _gates |= reads.Gates;
        _content |= reads.Content;
        _times |= reads.Times;
        _rows |= reads.Rows;
        _touched |= touched;
    }
}
