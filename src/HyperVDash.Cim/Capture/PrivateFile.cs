namespace HyperVDash.Cim.Capture;

/// <summary>Files that nobody else on the computer may read: what a host answers says much of its network.</summary>
internal static class PrivateFile
{
    /// <summary>Unbuffered: what is written can be read at once by whoever has the handle. A new file has the rights of its folder on Windows, and is the account's alone elsewhere.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileOptions options = FileOptions.None)
    {
        var settings = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.Read | FileShare.Delete, Options = options, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, settings);
    }
}
