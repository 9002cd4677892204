using System.Collections.Immutable;

namespace HyperVDash.Lab.Schema;

/// <summary>
/// Reads a schema file: <c>extends</c>, <c>like</c> (a variant of a release that goes by its key), <c>namespace</c>, <c>class</c> (or <c>embedded</c>), <c>change</c>, <c>query</c> (an embedded class becomes queryable),
/// <c>drop</c> (columns, a whole class or a namespace), indented property lists and <c>method</c> lines. <c>feature</c> at the end of a namespace or class: only hosts with that feature have it.
/// </summary>
internal sealed class SchemaReader(LabRelease release, TextReader text)
{
    private string _namespace = "";
    private LabClass? _open;
    private readonly List<LabProperty> _properties = [];
    private readonly List<string> _methods = [];

    public void Read()
    {
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == ' ')
            {
                ReadIndented(line.Trim());
            }
            else
            {
                Close();
                ReadHead(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        Close();
    }

    private void ReadIndented(string line)
    {
        if (line.StartsWith("method ", StringComparison.Ordinal))
        {
            _methods.AddRange(line["method ".Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            return;
        }

        foreach (string item in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = item.Split(':');
            bool isArray = parts[0].EndsWith("[]", StringComparison.Ordinal);
            _properties.Add(new(isArray ? parts[0][..^2] : parts[0], parts[1], isArray));
        }
    }

    private void ReadHead(string[] words)
    {
        switch (words)
        {
            case ["extends", var older]:
                release.Inherit(LabRelease.Get(older));
                break;
            case ["like", var same]:
                release.Inherit(LabRelease.Get(same));
                release.Key = same;
                break;
            case ["namespace", var name, .. var rest]:
                _namespace = name;
                release.OpenNamespace(name, rest is ["feature", var feature] ? feature : null);
                break;
            case ["drop", "namespace", var gone]:
                release.DropNamespace(gone);
                break;
            case ["drop", "class", var none]:
                release.DropClass(_namespace, none);
                break;
            case ["drop", var name, .. var columns]:
                var names = columns.Select(c => c.Trim(',')).ToHashSet(StringComparer.OrdinalIgnoreCase);
                var old = Existing(name);
                release.Put(_namespace, old with { Properties = [.. old.Properties.Where(p => !names.Contains(p.Name))] });
                break;
            case ["change" or "query", var name, .. var tail]:
                var known = Existing(name);
                _properties.AddRange(known.Properties);
                _methods.AddRange(known.Methods);
                _open = known with { IsQueryable = words[0] == "query" || known.IsQueryable, Keys = KeysOf(tail) is { IsEmpty: false } keys ? keys : known.Keys };
                break;
            case ["class" or "embedded", var name, .. var tail]:
                _open = new LabClass(name, tail is [":", var parent, ..] ? parent : null, KeysOf(tail)) { IsQueryable = words[0] == "class", Feature = tail is [.., "feature", var part] ? part : null };
                break;
            default:
                throw new InvalidDataException($"Schema {release.Key}: '{string.Join(' ', words)}' is not understood.");
        }
    }

    private LabClass Existing(string name) =>
        release.Find(_namespace, name) ?? throw new InvalidDataException($"Schema {release.Key}: {_namespace} has no class {name} to change.");

    private static ImmutableArray<string> KeysOf(string[] words) =>
        Array.IndexOf(words, "key") is var at and >= 0 ? [.. words[at + 1].Split(',')] : [];

    private void Close()
    {
        if (_open is not null)
        {
            release.Put(_namespace, _open with { Properties = [.. _properties], Methods = [.. _methods] });
        }

        _open = null;
        _properties.Clear();
        _methods.Clear();
    }
}
