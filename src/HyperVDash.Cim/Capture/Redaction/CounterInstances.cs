using System.Text.RegularExpressions;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>Instances of performance counters, which are named after VMs, their adapters and their files, in a spelling of their own.</summary>
internal sealed partial class CounterInstances(NameBook names)
{
    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _machines = new(StringComparer.OrdinalIgnoreCase);

    public void NoteMachine(string name) => _machines.TryAdd(Spelled(name), name);

    public void NoteFile(string path) => _files.TryAdd(FileKey(path), path);

    /// <summary>The instance under the names that its VM and file were given.</summary>
    public string Of(string text, Func<string, string> path)
    {
        if (text == "_Total")
        {
            return text;
        }

        int processor = text.LastIndexOf(":Hv VP ", StringComparison.Ordinal);
        if (processor > 0)
        {
            return Machine(text[..processor]) + text[processor..];
        }

        if (_files.TryGetValue(FileKey(text), out string? file))
        {
            return path(file).Replace('\\', '-').Replace(':', '-');
        }

        string known = Spelled(text);
        for (int i = known.LastIndexOf('_'); i > 0; i = known.LastIndexOf('_', i - 1))
        {
            if (_machines.ContainsKey(known[..i]))
            {
                var ids = Ids().Match(text);
                return $"{Machine(text[..i])}_{(ids.Success && ids.Index > i ? names.Of(text[(i + 1)..ids.Index]) + ids.Value : names.Of(text[(i + 1)..]))}";
            }
        }

        return names.Of(text);
    }

    private string Machine(string instance) => names.Of(_machines.GetValueOrDefault(Spelled(instance), instance));

    private static string Spelled(string name) => name.Replace('(', '[').Replace(')', ']').Replace('#', '_').Replace('/', '_').Replace('\\', '_');

    private static string FileKey(string path) => string.Concat(path.Where(c => !@"\/:_- &?#()[]".Contains(c, StringComparison.Ordinal)));

    [GeneratedRegex(@"_[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}.*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}
