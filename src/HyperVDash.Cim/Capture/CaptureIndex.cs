using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>What a pass over a capture leaves behind: what it says of itself, and where each answer stands.</summary>
internal sealed class CaptureIndex
{
    private const int MaxEntries = 20_000;
    private const int MaxCalls = 1_000_000;
    private const int MaxColumns = 200_000;
    private const int MaxName = 255;
    private const int MaxMembers = 100;

    /// <summary>Names, conditions and errors that stay in memory, in letters: a hundred times those of a large host.</summary>
    private const int MaxText = 4 << 20;

    private static readonly FrozenSet<string> HeaderMembers = FrozenSet.Create(StringComparer.Ordinal, "format", "host", "capturedAt", "capturedBy", "door", "target", "origin", "redacted");

    private readonly string _name;
    private readonly List<CaptureEntry> _entries = [];
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private int _columns;
    private int _text;

    private CaptureIndex(string name) => _name = name;

    public CaptureHeader Header { get; private set; } = new("");

    public IReadOnlyList<CaptureEntry> Entries => _entries;

    /// <summary>The place of each call by <see cref="CaptureCalls.Hash"/>; of equal ones the last, because a host may answer "not yet" first.</summary>
    public Dictionary<UInt128, long> Calls { get; } = [];

    /// <exception cref="CaptureException">No capture of a version that can be read, or a damaged one.</exception>
    public static CaptureIndex Read(JsonTokens json, string name, bool isHeaderEnough = false)
    {
        var index = new CaptureIndex(name);
        if (!json.Read() || json.Type != JsonTokenType.StartObject)
        {
            throw new CaptureException($"{name} is no capture: it must hold one JSON object with \"format\": \"{CaptureHeader.Format}\".");
        }

        while (json.Next() != JsonTokenType.EndObject)
        {
            string member = json.Text;
            if (isHeaderEnough && member is "answers" or "calls")
            {
                index.CheckHeader(json, member);
                return index;
            }

            index.ReadMember(json, member);
        }

        while (json.Read())
        {
        }

        return index._members.Contains("format") ? index : throw new CaptureException($"{name} is no capture: \"format\" is missing.");
    }

    private void ReadMember(JsonTokens json, string member)
    {
        if (!_members.Add(member))
        {
            throw json.Broken($"\"{Shown(member)}\" stands twice");
        }

        if (_members.Count > MaxMembers)
        {
            throw json.Broken($"it has more than {MaxMembers} members");
        }

        // Whoever reads the beginning alone must learn what the whole says.
        if (HeaderMembers.Contains(member) && (_members.Contains("answers") || _members.Contains("calls")))
        {
            throw json.Broken($"\"{member}\" must stand before \"answers\" and \"calls\"");
        }

        json.Next();
        switch (member)
        {
            case "format": CheckFormat(json.String(member)); break;
            case "host": Header = Header with { Host = json.String(member) is { Length: <= MaxName } host ? host : throw json.Broken("the name of the host is too long") }; break;
            case "capturedBy" when json.Type == JsonTokenType.String: Header = Header with { CapturedBy = Kept(json, json.Text) }; break;
            case "door" when json.Type == JsonTokenType.String: Header = Header with { Door = Kept(json, json.Text) }; break;
            case "target" when json.Type == JsonTokenType.String: Header = Header with { Target = Kept(json, json.Text) }; break;
            case "origin" when json.Type == JsonTokenType.String: Header = Header with { Origin = Kept(json, json.Text) }; break;
            case "redacted": Header = Header with { IsRedacted = json.Type == JsonTokenType.True }; break;
            case "capturedAt" when json.Type == JsonTokenType.String && DateTimeOffset.TryParse(json.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at):
                Header = Header with { CapturedAt = at };
                break;
            case "answers":
                CheckHeader(json, member);
                Each(json, IndexAnswer);
                break;
            case "calls":
                CheckHeader(json, member);
                Each(json, IndexCall);
                break;
            default: json.Skip(); break;
        }
    }

    private void CheckHeader(JsonTokens json, string member)
    {
        if (!_members.Contains("format") || Header.Host.Length == 0)
        {
            throw json.Broken($"\"format\" and \"host\" must stand before \"{member}\"");
        }
    }

    private void CheckFormat(string format)
    {
        if (format != CaptureHeader.Format)
        {
            throw new CaptureException(format.StartsWith("hyperv-capture/", StringComparison.Ordinal)
                ? $"{_name} is of format {Shown(format)}; this program reads {CaptureHeader.Format}. Use a newer version of it."
                : $"{_name} is no capture: its format is '{Shown(format)}', not {CaptureHeader.Format}.");
        }
    }

    private static void Each(JsonTokens json, Action<JsonTokens> read)
    {
        if (json.Type != JsonTokenType.StartArray)
        {
            throw json.Broken("an array was expected");
        }

        while (json.Next() != JsonTokenType.EndArray)
        {
            if (json.Type != JsonTokenType.StartObject)
            {
                throw json.Broken("an object was expected");
            }

            read(json);
        }
    }

    private void IndexAnswer(JsonTokens json)
    {
        var entry = new CaptureEntry("", "");
        var members = new HashSet<string>(StringComparer.Ordinal);
        while (json.Next() != JsonTokenType.EndObject)
        {
            string member = json.Text;
            if (!members.Add(member))
            {
                throw json.Broken($"\"{Shown(member)}\" stands twice in one answer");
            }

            if (members.Count > MaxMembers)
            {
                throw json.Broken($"an answer has more than {MaxMembers} members");
            }

            json.Next();
            entry = ReadMember(json, member, entry);
        }

        _entries.Add(entry is { InstancesAt: null, Error: null } ? throw json.Broken($"the answer of {Shown(entry.Class)} has neither \"instances\" nor \"error\"") : entry);
        if (_entries.Count > MaxEntries)
        {
            throw json.Broken($"it holds more than {MaxEntries} answers");
        }
    }

    private CaptureEntry ReadMember(JsonTokens json, string member, CaptureEntry entry)
    {
        switch (member)
        {
            case "namespace": return entry with { Namespace = Kept(json, json.String(member).Replace('\\', '/')) };
            case "class": return entry with { Class = Kept(json, json.String(member)) };
            case "at" when json.Type == JsonTokenType.String && DateTimeOffset.TryParse(json.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at):
                return entry with { At = at };
            case "where": return entry with { Where = json.Type == JsonTokenType.Null ? null : Kept(json, json.String(member)) };
            case "properties":
                return entry with { Columns = ReadColumns(json) };
            case "types":
                return entry with { Types = ReadTypes(json) };
            case "instances" or "error" when entry.Namespace.Length == 0 || entry.Class.Length == 0:
                throw json.Broken($"\"namespace\" and \"class\" must stand before \"{member}\"");
            case "instances" or "error" when entry.InstancesAt is not null || entry.Error is not null:
                throw json.Broken($"the answer of {Shown(entry.Class)} has \"instances\" and \"error\"");
            case "instances":
                long start = json.Start;
                CheckInstances(json, entry);
                return entry with { InstancesAt = start };
            case "error":
                var error = CaptureErrors.Of(Header.Host, $"{entry.Namespace}:{entry.Class}", CaptureValues.ReadRow(json, ""));
                Kept(json, error.Message);
                return entry with { Error = error };
            default:
                json.Skip();
                return entry;
        }
    }

    private ImmutableHashSet<string> ReadColumns(JsonTokens json)
    {
        if (json.Type != JsonTokenType.StartArray)
        {
            throw json.Broken("\"properties\" must be a list of names");
        }

        var columns = ImmutableHashSet.CreateBuilder<string>(StringComparer.OrdinalIgnoreCase);
        while (json.Next() != JsonTokenType.EndArray)
        {
            columns.Add(Column(json, json.Type == JsonTokenType.String ? json.Text : throw json.Broken("\"properties\" must be a list of names")));
        }

        return columns.ToImmutable();
    }

    private ImmutableDictionary<string, string> ReadTypes(JsonTokens json)
    {
        if (json.Type != JsonTokenType.StartObject)
        {
            throw json.Broken("\"types\" must name the type of each property");
        }

        var types = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        while (json.Next() != JsonTokenType.EndObject)
        {
            string name = Column(json, json.Text);
            json.Next();
            if (!types.TryAdd(name, Kept(json, json.String(name))))
            {
                throw json.Broken($"\"types\" names {Shown(name)} twice");
            }
        }

        return types.ToImmutable();
    }

    // Counted before it is kept: a small file can be unpacked to any number of them.
    private string Column(JsonTokens json, string name) =>
        ++_columns <= MaxColumns ? Kept(json, name) : throw json.Broken($"it holds more than {MaxColumns} columns");

    private string Kept(JsonTokens json, string text)
    {
        _text += text.Length;
        return _text <= MaxText ? text : throw json.Broken($"its names, conditions and errors have more than {MaxText >> 20} MiB of text");
    }

    // Read here too, not only passed over: what is damaged must be found before anything of it is shown.
    private static void CheckInstances(JsonTokens json, CaptureEntry entry)
    {
        if (json.Type != JsonTokenType.StartArray)
        {
            throw json.Broken("\"instances\" must be an array");
        }

        var layouts = new CaptureLayouts();
        while (json.Next() != JsonTokenType.EndArray)
        {
            CaptureValues.ReadRow(json, entry.Class, entry.Types, layouts);
        }
    }

    private void IndexCall(JsonTokens json)
    {
        long start = json.Start;
        Calls[CaptureCalls.Hash(CapturedCall.Read(json, Header.Host).Key)] = start;
        if (Calls.Count > MaxCalls)
        {
            throw json.Broken($"it holds more than {MaxCalls} calls");
        }
    }

    /// <summary>A name of the file in a sentence about it.</summary>
    public static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
