namespace HyperVDash.EndToEnd.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string FindRoot(string from) =>
        File.Exists(Path.Combine(from, "HyperVDash.sln")) ? from : FindRoot(Path.GetDirectoryName(from.TrimEnd('/', '\\'))!);
}
