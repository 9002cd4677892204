namespace HyperVDash.Agent.Serve;

/// <summary>Notices that a capture file was replaced or written anew.</summary>
internal sealed class CaptureFileWatch(string path)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private (DateTime WrittenAt, long Length)? _known = Look(path);
    private (DateTime WrittenAt, long Length)? _seen;

    /// <summary>True once for each new state of the file; one that is still being written has to come to rest first, and one that is gone is none.</summary>
    public bool IsAnother()
    {
        var now = Look(path);
        bool isAtRest = now is not null && now == _seen;
        _seen = now;
        if (!isAtRest || now == _known)
        {
            return false;
        }

        _known = now;
        return true;
    }

    private static (DateTime, long)? Look(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
