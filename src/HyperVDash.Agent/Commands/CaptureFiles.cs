using System.Globalization;
using System.Text.RegularExpressions;
using HyperVDash.Agent.Targets;

namespace HyperVDash.Agent.Commands;

/// <summary>Where captures go: one file, or a folder with one file a host.</summary>
internal static partial class CaptureFiles
{
    public static bool IsFile(string to) => to.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || to.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">Several hosts for one file, its folder is not there, or no folder can be made there.</exception>
    public static void Check(IReadOnlyList<TargetOptions> targets, string to)
    {
        if (IsFile(to))
        {
            if (targets.Count != 1)
            {
                throw new FormatException($"--out '{to}' is one file, but there are {targets.Count} hosts and a file holds one. Name a folder, or take one host with --only.");
            }

            // A folder is made on the way; a file whose folder is not there is more likely a slip of the pen.
            if (Path.GetDirectoryName(Path.GetFullPath(to)) is { } folder && !Directory.Exists(folder))
            {
                throw new FormatException($"--out '{to}' lies in a folder that is not there: '{folder}'. Make it first, or name a file in another one.");
            }

            return;
        }

        try
        {
            Directory.CreateDirectory(to);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--out '{to}' cannot be a folder here: {refused.Message} Name another one.", refused);
        }
    }

    public static IReadOnlyList<(TargetOptions Target, string File)> Of(IReadOnlyList<TargetOptions> targets, string to)
    {
        Check(targets, to);
        return [.. targets.Select(t => (t, IsFile(to) ? to : Path.Combine(to, Name(t.Key))))];
    }

    /// <summary>
    /// A pseudonym does not say whose capture it names: in each run <c>host-01</c> is another computer, and a file of one run does not fit those of another.
    /// </summary>
    /// <exception cref="FormatException">There is a capture already that a redacted one could be mistaken for, or would replace.</exception>
    public static void CheckNew(string to)
    {
        string? there = IsFile(to) ? (Path.Exists(to) ? to : null) : Directory.EnumerateFiles(to, "host-*.json.gz").Where(f => Pseudonym().IsMatch(Path.GetFileName(f))).Order(StringComparer.Ordinal).FirstOrDefault();
        if (there is not null)
        {
            throw new FormatException($"'{there}' is there already, and --redact overwrites nothing: each run gives its own pseudonyms, so host-01 of one is not host-01 of another. Name another {(IsFile(to) ? "file" : "folder")} with --out, or redact all hosts in one run.");
        }
    }

    /// <summary>A file for each of the hosts, in their order; those of one name are numbered.</summary>
    /// <exception cref="FormatException">One of them is there already.</exception>
    public static IReadOnlyList<string> New(IEnumerable<string> hosts, string to)
    {
        var files = new List<string>();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string host in hosts)
        {
            string file = IsFile(to) ? to : Path.Combine(to, Name(host));
            for (int i = 2; !taken.Add(file); i++)
            {
                file = Path.Combine(to, Name($"{host}-{i.ToString(CultureInfo.InvariantCulture)}"));
            }

            files.Add(!Path.Exists(file) ? file
                : throw new FormatException($"'{file}' is there already, and --redact overwrites nothing. Name another {(IsFile(to) ? "file" : "folder")} with --out."));
        }

        return files;
    }

    public static string Size(long bytes) => bytes < 10 << 20
        ? $"{((bytes + 1023) >> 10).ToString(CultureInfo.InvariantCulture)} KiB"
        : $"{(bytes / (double)(1 << 20)).ToString("0.0", CultureInfo.InvariantCulture)} MiB";

    public static string Name(string host) => TargetFileName.Of(host) + ".json.gz";

    [GeneratedRegex(@"\Ahost-\d", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pseudonym();
}
