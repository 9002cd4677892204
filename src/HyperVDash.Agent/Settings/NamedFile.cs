namespace HyperVDash.Agent.Settings;

/// <summary>A file that an option of the command line names.</summary>
internal static class NamedFile
{
    /// <summary>Opens it once, so that a name that is wrong is a mistake in the options and no fault of a host.</summary>
    /// <param name="what">What the option names, e.g. <c>settings file</c>.</param>
    /// <exception cref="FormatException">It is not there, or may not be read; the message says which.</exception>
    public static void Check(string option, string path, string what)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException($"There is no {what} '{path}'. Check the path that {option} names.", missing);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"{option} '{path}' cannot be read: {refused.Message}", refused);
        }
    }
}
