using System.Globalization;
using HyperVDash.Agent.Targets;

namespace HyperVDash.Agent.Commands;

/// <summary>Where captures go: one file, or a folder with one file a host.</summary>
internal static class CaptureFiles
{
    public static bool IsFile(string to) => to.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || to.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">Several hosts for one file, or no folder can be made there.</exception>
    public static void Check(IReadOnlyList<TargetOptions> targets, string to)
    {
        if (IsFile(to))
        {
            if (targets.Count != 1)
            {
                throw new FormatException($"--out '{to}' is one file, but there are {targets.Count} hosts and a file holds one. Name a folder, or take one host with --only.");
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

    public static string Size(long bytes) => bytes < 10 << 20
        ? $"{((bytes + 1023) >> 10).ToString(CultureInfo.InvariantCulture)} KiB"
        : $"{(bytes / (double)(1 << 20)).ToString("0.0", CultureInfo.InvariantCulture)} MiB";

    public static string Name(string host) => TargetFileName.Of(host) + ".json.gz";
}
