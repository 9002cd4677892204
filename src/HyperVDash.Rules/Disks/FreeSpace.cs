using HyperVDash.Model.Units;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Disks;

/// <summary>Room on the volume that a file is on.</summary>
internal static class FreeSpace
{
    /// <summary>Null: the volume is not known, e.g. of a share. Reads <c>cluster</c> and <c>volumes</c>.</summary>
    public static ByteSize? At(HostSubject host, string path)
    {
        var cluster = host.Reading.Cluster.Content;
        if (cluster?.SharedVolumes?.FirstOrDefault(v => v.Path is { Length: > 0 } mount && IsUnder(mount, path)) is { } shared)
        {
            return shared.Free;
        }

        // Below the root of shared volumes the drive of the system is not where a file lies.
        return cluster?.SharedVolumesRoot is { Length: > 0 } root && IsUnder(root, path) ? null
            : host.Reading.Volumes.Content?.Items.Where(v => v.Path is { Length: > 0 } mount && IsUnder(mount, path)).MaxBy(v => v.Path!.Length)?.Free;
    }

    private static bool IsUnder(string folder, string path) => path.StartsWith(folder.EndsWith('\\') ? folder : folder + '\\', StringComparison.OrdinalIgnoreCase);
}
