namespace HyperVDash.Cim.Tests.Wire;

/// <summary>Answers of a real host, kept beside the repository because they are not ours to publish.</summary>
internal static class Recordings
{
    public static string Read(string name)
    {
        string folder = Folder() ?? throw Skipped();
        return File.ReadAllText(Path.Combine(folder, name));
    }

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("HVD_CAPTURES") is { Length: > 0 } named)
        {
            return Path.Combine(named, "wire");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HyperVDash.sln")))
            {
                string beside = Path.Combine(folder.Parent!.FullName, "shared", "captures", "wire");
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }

    private static Exception Skipped()
    {
        Assert.Skip("The recordings of a real host are not here; set HVD_CAPTURES to their folder.");
        throw new InvalidOperationException();
    }
}
