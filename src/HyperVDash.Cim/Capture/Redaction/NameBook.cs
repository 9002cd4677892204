using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>
/// Every name of the captures, each with one pseudonym. Names that differ by case, by blanks around them or by look-alike letters have pseudonyms that differ in the
/// same way; switches that differ by a typing mistake have pseudonyms that do, and all others are far apart. Pseudonyms sort as the names do.
/// </summary>
internal sealed partial class NameBook
{
    private const int MostCompared = 500;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _models = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Entry> _inside = new(StringComparer.OrdinalIgnoreCase);
    private int[] _lengths = [];
    private int _late;

    /// <summary>Kinds with their number of names and an example, for people.</summary>
    public IEnumerable<(TextKind Kind, int Count, string Example)> Summary => _entries.Values
        .GroupBy(e => e.Kind)
        .OrderBy(g => g.Key)
        .Select(g => (g.Key, g.Count(), g.OrderBy(e => e.Base, StringComparer.Ordinal).First().Base));

    public void Note(TextKind kind, string text)
    {
        string key = Fold(text);
        if (key.Length == 0)
        {
            return;
        }

        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries.Add(key, entry = new Entry(kind));
        }

        entry.Kind = kind < entry.Kind ? kind : entry.Kind;
        entry.Variants.Add(text);
        if (kind == TextKind.Group && Resource().Match(text) is { Success: true } match)
        {
            Note(TextKind.Group, match.Groups["of"].Value);
        }
    }

    /// <summary>A model of an adapter, which Windows writes in front of the names of switches.</summary>
    public void NoteModel(string text) => _models.Add(text);

    public TextKind? KindOf(string text) => _entries.TryGetValue(Fold(text), out var entry) ? entry.Kind : null;

    /// <summary>Gives out the pseudonyms; nothing is noted after.</summary>
    public void Close()
    {
        foreach (var kind in _entries.OrderBy(e => e.Key, StringComparer.Ordinal).GroupBy(e => e.Value.Kind).ToList())
        {
            int width = Math.Max(2, kind.Count().ToString(CultureInfo.InvariantCulture).Length);
            int number = 0;
            var before = new List<(string Key, string Base)>();
            var given = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (key, entry) in kind)
            {
                string? near = kind.Key == TextKind.Switch && before.Count < MostCompared ? before.Find(b => IsNear(b.Key, key)).Base : null;
                do
                {
                    number++;
                    entry.Base = near is not null ? $"{near}x" : Plain(kind.Key, key, number, width);
                    near = near is null ? null : entry.Base;
                }
                while (_entries.ContainsKey(Fold(entry.Base)) || !given.Add(entry.Base));

                before.Add((key, entry.Base));
            }
        }

        foreach (var entry in _entries.Values.OrderBy(e => e.Kind).ToList())
        {
            foreach (string variant in entry.Variants)
            {
                Render(entry, variant);
                if (entry.Kind < TextKind.PathPart && !StandardNames.IsWord(variant.Trim()))
                {
                    _inside[variant.Trim()] = entry;
                }
            }
        }

        _lengths = [.. _inside.Keys.Select(n => n.Length).Distinct().OrderDescending()];
    }

    /// <summary>The pseudonym of a name; one that is not known is a text.</summary>
    public string Of(string text)
    {
        string key = Fold(text);
        if (key.Length == 0)
        {
            return text;
        }

        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries.Add(key, entry = new Entry(TextKind.Text) { Base = $"late-{++_late}" });
        }

        return Render(entry, text);
    }

    /// <summary>The pseudonym, or null if nobody has this name.</summary>
    public string? Find(string text) => _entries.TryGetValue(Fold(text), out var entry) ? Render(entry, text) : null;

    /// <summary>Replaces the names that stand as words in a text, the longest first.</summary>
    public string Inside(string text)
    {
        StringBuilder? result = null;
        int copied = 0;
        var names = _inside.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsWhiteSpace(text[at]) || (at > 0 && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at])))
            {
                continue;
            }

            foreach (int length in _lengths)
            {
                int end = at + length;
                if (end <= text.Length
                    && (end == text.Length || !char.IsLetterOrDigit(text[end]) || !char.IsLetterOrDigit(text[end - 1]))
                    && names.TryGetValue(text.AsSpan(at, length), out var entry))
                {
                    (result ??= new StringBuilder()).Append(text, copied, at - copied).Append(Render(entry, text.Substring(at, length)));
                    copied = end;
                    at = end - 1;
                    break;
                }
            }
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private string Render(Entry entry, string variant)
    {
        if (entry.Rendered.TryGetValue(variant, out string? known))
        {
            return known;
        }

        string rendered = Composed(entry, variant) ?? Styled(entry, variant);
        entry.Rendered[variant] = rendered;
        return rendered;
    }

    /// <summary>What Windows builds of other names stays built of them.</summary>
    private string? Composed(Entry entry, string variant)
    {
        if (entry.Kind == TextKind.Group && Resource().Match(variant) is { Success: true } match)
        {
            return $"{match.Groups["before"].Value}{Of(match.Groups["of"].Value)}{match.Groups["after"].Value}";
        }

        int dash = entry.Kind == TextKind.Switch ? variant.IndexOf(" - ", StringComparison.Ordinal) : -1;
        if (dash > 0 && variant[..dash] is var adapter && (_models.Contains(adapter) || KindOf(adapter) == TextKind.Adapter))
        {
            string part = StandardNames.Is(TextKind.Adapter, adapter) || _models.Contains(adapter) ? adapter : Of(adapter);
            return $"{part} - {entry.Base}";
        }

        return null;
    }

    private static string Styled(Entry entry, string variant)
    {
        string core = variant.Trim();
        int start = variant.IndexOf(core, StringComparison.Ordinal);
        string body = entry.IsFixed || !core.Any(char.IsUpper) ? entry.Base
            : !core.Any(char.IsLower) ? entry.Base.ToUpperInvariant()
            : char.ToUpperInvariant(entry.Base[0]) + entry.Base[1..];
        string Around(string text) => variant[..start] + text + variant[(start + core.Length)..];

        bool isCase = entry.Rendered.Keys.Any(v => v.Trim().Equals(core, StringComparison.OrdinalIgnoreCase));
        string candidate = Around(body);
        for (int i = 1; !entry.IsFixed && i < body.Length && entry.Rendered.ContainsValue(candidate); i++)
        {
            char other = isCase ? char.IsUpper(body[i]) ? char.ToLowerInvariant(body[i]) : char.ToUpperInvariant(body[i]) : (char)(body[i] is > '!' and < '\u007F' ? body[i] + 0xFEE0 : body[i]);
            candidate = Around(body[..i] + other + body[(i + 1)..]);
        }

        return candidate;
    }

    private static string Plain(TextKind kind, string key, int number, int width)
    {
        string count = number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
        return kind switch
        {
            // Hardware ids are read as GUIDs.
            TextKind.Serial when Guid.TryParse(key, out _) => $"00000000-0000-4000-8000-{number:x12}",
            TextKind.Serial => $"serial-{count}",
            TextKind.Domain when key.Contains('.', StringComparison.Ordinal) => $"domain-{count}.example",
            TextKind.VirtualMachine => $"vm-{count}",
            // Each letter three times: two of them are never within a typing mistake of each other.
            TextKind.Switch => $"switch-{Letters(number)}",
            TextKind.PathPart => $"part-{count}",
            _ => $"{kind.ToString().ToLowerInvariant()}-{count}",
        };
    }

    private static string Letters(int number)
    {
        var text = new StringBuilder();
        for (; number > 0; number = (number - 1) / 25)
        {
            // Not x, which marks a near name.
            char letter = (char)('a' + ((number - 1) % 25));
            text.Insert(0, new string(letter >= 'x' ? (char)(letter + 1) : letter, 3));
        }

        return text.ToString();
    }

    private static string Fold(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC).Trim().ToUpperInvariant();
        }
        catch (ArgumentException)
        {
            return text.Trim().ToUpperInvariant();
        }
    }

    private static bool IsNear(string a, string b) => Math.Abs(a.Length - b.Length) <= 2 && a.Length <= 256 && Distance(a, b) is var d and <= 2 && d < Math.Max(1, Math.Min(a.Length, b.Length) / 2);

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    [GeneratedRegex(@"\A(?<before>(Virtual Machine Configuration|Virtual Machine|SCVMM) )(?<of>.+?)(?<after>( Resources| Configuration)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Resource();

    private sealed class Entry(TextKind kind)
    {
        public TextKind Kind { get; set; } = kind;

        public string Base { get; set; } = "";

        public SortedSet<string> Variants { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Rendered { get; } = new(StringComparer.Ordinal);

        /// <summary>Its letter case says nothing: a GUID, a text nobody compares.</summary>
        public bool IsFixed => Kind is TextKind.PathPart or TextKind.Text || Base.StartsWith("0000", StringComparison.Ordinal);
    }
}
