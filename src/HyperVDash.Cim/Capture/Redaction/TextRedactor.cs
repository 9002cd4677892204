using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using static HyperVDash.Cim.Capture.Redaction.TextShape;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>
/// Replaces one text by what it is. The same walk is made twice: first it notes what there is and changes nothing, then, after <see cref="Close"/>, it replaces.
/// </summary>
internal sealed class TextRedactor
{
    private readonly NameBook _names = new();
    private readonly AddressBook _addresses = new();
    private readonly HashSet<string> _domains = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _dnsNames = new(StringComparer.Ordinal);
    private readonly CounterInstances _counters;

    public TextRedactor() => _counters = new(_names);

    public bool IsClosed { get; private set; }

    public NameBook Names => _names;

    public AddressBook Addresses => _addresses;

    public void Close()
    {
        foreach (string name in _dnsNames)
        {
            string[] labels = name.TrimEnd('.').Split('.');
            int suffix = Suffix(labels);
            if (suffix == labels.Length)
            {
                suffix = 1;
                _domains.Add(string.Join('.', labels[1..]));
            }

            foreach (string label in labels[..suffix])
            {
                // A VM's guest is called like the VM: it is that VM's name, not another computer's.
                _names.Note(_names.KindOf(label) is { } known and < TextKind.PathPart ? known : TextKind.Host, label);
            }
        }

        foreach (string domain in _domains.Where(d => d.Length > 0))
        {
            _names.Note(TextKind.Domain, domain);
        }

        _names.Close();
        _addresses.Close();
        IsClosed = true;
    }

    /// <summary>The text as it may be passed on.</summary>
    public string Text(TextKind kind, string text)
    {
        // A star alone stands for anybody.
        if (kind == TextKind.Kept || string.IsNullOrWhiteSpace(text) || text.Trim() == "*")
        {
            return text;
        }

        if (kind == TextKind.DnsName && text.StartsWith("*.", StringComparison.Ordinal))
        {
            return $"*.{Text(kind, text[2..])}";
        }

        if (kind is TextKind.Mac || (kind is TextKind.Built or TextKind.Text && text.Length == 12 && _addresses.Knows(text)))
        {
            return Mac(text) ?? Text(TextKind.Built, text);
        }

        if (kind == TextKind.Serial)
        {
            return Guid.TryParse(text, out var hardware) && (hardware == Guid.Empty || hardware == Guid.AllBitsSet) ? text : Name(kind, text);
        }

        if (IsGuid(text))
        {
            return Hardware(text);
        }

        // A computer's name is never a number alone, and a name of anything else may be.
        bool isSomebodys = kind is TextKind.Note or TextKind.Account && IsLongNumber(text);
        if (kind is TextKind.Host or > TextKind.Share && IsNumberOrTime(text) && !isSomebodys)
        {
            return text;
        }

        kind = kind == TextKind.Note ? TextKind.Text : kind;

        if (IPAddress.TryParse(text, out var ip) && IsWritten(ip, text))
        {
            return Ip(ip, text);
        }

        if (text.Contains("=\"", StringComparison.Ordinal) && CimPath.TryParse(text, out var path))
        {
            return Reference(text, path);
        }

        if (kind != TextKind.Counter && IsPath(text))
        {
            return Path(text);
        }

        return kind switch
        {
            TextKind.Built => Built(text),
            TextKind.Path => Path(text),
            TextKind.DnsName => Dns(text),
            TextKind.Host or TextKind.Cluster when text.Contains('.', StringComparison.Ordinal) => Dns(text),
            TextKind.Account => Account(text),
            TextKind.Device => Device(text),
            TextKind.Port => Port(text),
            TextKind.Counter => IsClosed ? _counters.Of(text, Path) : text,
            TextKind.Text when IsIdentifier(text) || (Version().IsMatch(text) && !isSomebodys) => text,
            TextKind.Text when text.StartsWith("Microsoft:", StringComparison.OrdinalIgnoreCase) => Built(text),
            TextKind.Text when StandardNames.IsAny(text.Trim()) => text,
            _ when StandardNames.Is(kind, text.Trim()) => text,
            _ => Name(kind, text),
        };
    }

    /// <summary>A sentence with names in it that people may read.</summary>
    public string Message(string text)
    {
        if (!IsClosed)
        {
            foreach (Match url in Url().Matches(text))
            {
                Text(TextKind.DnsName, url.Groups["host"].Value);
            }

            return Built(text);
        }

        string known = Url().Replace(text, m => $"{m.Groups["scheme"].Value}{Text(TextKind.DnsName, m.Groups["host"].Value)}");
        known = Built(known);
        known = Quoted().Replace(known, m => IsIdentifier(m.Groups["text"].Value) || Placeholder().IsMatch(m.Groups["text"].Value) ? m.Value : $"'{_names.Of(m.Groups["text"].Value)}'");
        return DomainUser().Replace(known, m => m.Value.StartsWith(@"root\", StringComparison.OrdinalIgnoreCase) ? m.Value : _names.Of(m.Value));
    }

    /// <summary>The condition of a question: what it compares with.</summary>
    public string Where(string where, Func<string, TextKind> kind) => Compared().Replace(where, m =>
    {
        string value = m.Groups["value"].Value.Replace(@"\'", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);
        string now = Text(kind(m.Groups["column"].Value), value);
        return $"{m.Groups["before"].Value}'{now.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
    });

    /// <summary>A reference to an instance, by its keys.</summary>
    public CimPath Reference(CimPath path) =>
        path with { Keys = path.Keys.ToDictionary(k => k.Key, k => Text(KeyKind(path.Class, k.Key), k.Value), StringComparer.OrdinalIgnoreCase) is var keys ? path.Keys.SetItems(keys) : path.Keys };

    /// <summary>A model of an adapter: kept, and expected at the beginning of names.</summary>
    public void NoteModel(string text)
    {
        if (!IsClosed)
        {
            _names.NoteModel(text);
        }
    }

    private static TextKind KeyKind(string className, string key) => KnownTexts.Of(className, key) is var kind and not TextKind.Text ? kind : TextKind.Built;

    private string Name(TextKind kind, string text)
    {
        if (IsClosed)
        {
            return _names.Of(text);
        }

        if (kind == TextKind.VirtualMachine)
        {
            _counters.NoteMachine(text);
        }

        if (kind == TextKind.Domain)
        {
            _domains.Add(text);
        }
        else
        {
            _names.Note(kind, text);
        }

        return text;
    }

    private string? Mac(string text)
    {
        if (IsClosed)
        {
            return _addresses.Mac(text);
        }

        _addresses.NoteMac(text);
        return text;
    }

    private string Ip(IPAddress ip, string text)
    {
        if (!IsClosed)
        {
            _addresses.NoteIp(ip);
            return text;
        }

        return _addresses.Ip(ip).ToString();
    }

    // A GUID says nothing outside the lab and joins everything in it; that of the hardware stands on stickers and in asset lists.
    private string Hardware(string text) => IsClosed && _names.KindOf(text) == TextKind.Serial ? _names.Of(text) : text;

    private string Built(string text)
    {
        var result = new System.Text.StringBuilder();
        int at = 0;
        foreach (Match token in Tokens().Matches(text))
        {
            result.Append(Known(text[at..token.Index]));
            string value = token.Value;
            result.Append(token.Groups["guid"].Success ? Hardware(value)
                : token.Groups["mac"].Success ? Mac(value) ?? value
                : token.Groups["digits"].Success ? _addresses.Knows(value) ? Mac(value) : Known(value)
                : token.Groups["path"].Success ? Path(value)
                : IPAddress.TryParse(value, out var ip) && IsWritten(ip, value) ? Ip(ip, value)
                : Known(value));
            at = token.Index + token.Length;
        }

        return result.Append(Known(text[at..])).ToString();
    }

    private string Known(string text) => IsClosed && text.Length > 1 ? _names.Inside(text) : text;

    private string Reference(string text, CimPath path)
    {
        string head = text[..text.IndexOf('"', StringComparison.Ordinal)];
        int colon = head.IndexOf(':', StringComparison.Ordinal);
        string place = colon < 0 ? "" : text[..(colon + 1)];
        if (place.StartsWith(@"\\", StringComparison.Ordinal) && place.IndexOf('\\', 2) is > 2 and var end)
        {
            place = $@"\\{Text(TextKind.Host, place[2..end])}{place[end..]}";
        }

        return place + Reference(path);
    }

    private string Path(string text)
    {
        var parts = Separators().Split(text);
        bool isServer = text.StartsWith(@"\\", StringComparison.Ordinal) && !(text.Length > 2 && text[2] is '?' or '.');
        for (int i = 0, name = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            if (part.Length == 0 || part is "\\" or "/" || (part.Length == 2 && part[1] == ':'))
            {
                continue;
            }

            parts[i] = isServer && name == 0 ? Text(TextKind.Host, part) : isServer && name == 1 ? Name(TextKind.Share, part) : Part(part);
            name++;
        }

        string now = string.Concat(parts);
        if (!IsClosed)
        {
            _counters.NoteFile(text);
        }

        return now;
    }

    private string Part(string part)
    {
        if (StandardNames.IsPathPart(part))
        {
            return part;
        }

        string extension = Extension().Match(part).Value;
        string stem = part[..^extension.Length];
        if (stem.Length == 0 || StandardNames.IsPathPart(stem))
        {
            return part;
        }

        // A checkpoint's file: the name of the disk, and an id.
        var id = TrailingGuid().Match(stem);
        string name = stem[..^id.Length];
        return name.Length == 0 || StandardNames.IsPathPart(name.Trim()) ? part : Name(TextKind.PathPart, name) + id.Value + extension;
    }

    private string Dns(string text)
    {
        string plain = text.TrimEnd('.');
        string end = text[plain.Length..];
        if (StandardNames.Is(TextKind.DnsName, plain) || plain.Length == 0)
        {
            return text;
        }

        string[] labels = plain.Split('.');
        if (labels.Length == 1)
        {
            return Name(TextKind.Host, plain) + end;
        }

        if (!IsClosed)
        {
            _dnsNames.Add(plain);
            return text;
        }

        int suffix = Suffix(labels);
        string domain = suffix == labels.Length ? "" : _names.Of(string.Join('.', labels[suffix..]));
        return string.Join('.', [.. labels[..suffix].Select(_names.Of), .. domain.Length == 0 ? Array.Empty<string>() : [domain]]) + end;
    }

    /// <summary>Where the longest domain that is known begins.</summary>
    private int Suffix(string[] labels)
    {
        int at = 0;
        while (at < labels.Length && !_domains.Contains(string.Join('.', labels[at..])))
        {
            at++;
        }

        return at;
    }

    private string Account(string text)
    {
        int slash = text.IndexOf('\\', StringComparison.Ordinal);
        int sign = text.IndexOf('@', StringComparison.Ordinal);
        string User(string user) => StandardNames.IsAccount(user) ? user : Name(TextKind.User, user);
        return slash > 0 ? $@"{(StandardNames.IsAccount(text[..slash]) || text[..slash] == "." ? text[..slash] : Name(TextKind.Domain, text[..slash]))}\{User(text[(slash + 1)..])}"
            : sign > 0 ? $"{User(text[..sign])}@{Dns(text[(sign + 1)..])}"
            : User(text);
    }

    /// <summary><c>PCI\VEN_8086&amp;DEV_0007\…</c>: the last part is a place if Windows made it, and a serial number if the device did.</summary>
    private string Device(string text)
    {
        int last = text.LastIndexOf('\\');
        string end = text[(last + 1)..];
        return last > 0 && end.Length > 5 && !end.Contains('&', StringComparison.Ordinal) ? text[..(last + 1)] + Name(TextKind.Serial, end) : Built(text);
    }

    /// <summary>What Windows calls ports by is kept: <c>LPT1:</c>, and <c>IP_</c> before an address. A pool of printers lists several.</summary>
    private string Port(string text)
    {
        if (text.Contains(',', StringComparison.Ordinal))
        {
            return string.Join(',', text.Split(',').Select(p => string.IsNullOrWhiteSpace(p) ? p : Text(TextKind.Port, p)));
        }

        if (StandardNames.Is(TextKind.Port, text.Trim()))
        {
            return text;
        }

        var port = PortParts().Match(text);
        string name = port.Groups["name"].Value;
        string now = IPAddress.TryParse(name, out var ip) && IsWritten(ip, name) ? Ip(ip, name)
            : IsGuid(name) ? Hardware(name)
            : port.Groups["dns"].Success ? Dns(name)
            : Name(TextKind.Port, name);
        return port.Groups["before"].Value + now + port.Groups["after"].Value;
    }

    // A computer may be called as a class is.
    private bool IsIdentifier(string text) => Identifier().IsMatch(text) && _names.KindOf(text) is null;
}
