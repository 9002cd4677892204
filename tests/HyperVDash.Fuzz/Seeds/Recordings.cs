namespace HyperVDash.Fuzz.Seeds;

/// <summary>Answers of real hosts, where they are kept beside the repository.</summary>
internal static class Recordings
{
    public static IEnumerable<byte[]> Envelopes() => Folder() is { } folder ? Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("HVD_CAPTURES") is { Length: > 0 } named)
        {
            return Path.Combine(named, "wire");
        }

        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string beside = Path.Combine(folder.FullName, "shared", "captures", "wire");
            if (Directory.Exists(beside))
            {
                return beside;
            }
        }

        return null;
    }
}
