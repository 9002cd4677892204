using System.Globalization;
using System.Net;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Volumes;

/// <summary>Where a file of a VM lies: on a volume of one host, on a volume that a cluster shares, or on a file server.</summary>
/// <param name="Key">Equal for one file, whichever host names it and however it is spelled.</param>
internal sealed record FilePlace(FilePlaceKind Kind, string Key)
{
    private const string SharedRoot = @"\clusterstorage";

    /// <summary>Who is not one of a host alone can be reached from other hosts.</summary>
    public bool IsReachableFromOthers => Kind is FilePlaceKind.Shared or FilePlaceKind.Network;

    /// <summary>Reads <c>cluster</c> and <c>operatingSystem</c>, for the folders of shared volumes.</summary>
    public static FilePlace Of(HostSubject host, string path)
    {
        string plain = Plain(path);
        return plain.StartsWith(@"\\?\volume{", StringComparison.Ordinal) ? OfVolumeId(host, plain)
            : plain.StartsWith(@"\\", StringComparison.Ordinal) ? new(FilePlaceKind.Network, Network(plain))
            : plain.Length < 3 || plain[1] != ':' || plain[2] != '\\' ? new(FilePlaceKind.Unknown, $"{host.Id}|{plain}")
            : IsUnderSharedRoot(host, plain) ? new(FilePlaceKind.Shared, Shared(host, plain))
            : new(FilePlaceKind.Local, $"{host.Id}|{plain}".ToLowerInvariant());
    }

    /// <summary>The volume of the host under a local path, by the longest mount point; null: none that was listed. Reads <c>volumes</c>.</summary>
    public static Volume? VolumeOf(HostSubject host, string path)
    {
        string plain = Plain(path);
        return (host.Reading.Volumes.Content?.Items ?? [])
            .Where(v => (v.Path is { } mount && StartsWithFolder(plain, Plain(mount))) || StartsWithFolder(plain, Plain(v.Id)))
            .MaxBy(v => v.Path?.Length ?? 0);
    }

    /// <summary>The shared volume under a path; null: none that the cluster lists.</summary>
    public static SharedVolume? SharedOf(ClusterView cluster, string path)
    {
        string plain = Plain(path);
        return (cluster.SharedVolumes ?? []).Where(v => (v.Path is { } mount && StartsWithFolder(plain, Plain(mount))) || (v.VolumeId is { } id && StartsWithFolder(plain, Plain(id)))).MaxBy(v => v.Path?.Length ?? 0);
    }

    /// <summary>The folder is the root of a drive (<c>D:\</c>) or of a share (<c>\\server\share</c>).</summary>
    public static bool IsRoot(string folder)
    {
        string plain = Plain(folder).TrimEnd('\\');
        return (plain.Length == 2 && plain[1] == ':') || (plain.StartsWith(@"\\", StringComparison.Ordinal) && !plain.StartsWith(@"\\?\", StringComparison.Ordinal) && plain[2..].Split('\\').Length == 2);
    }

    /// <summary>Drive or volume of a local path, as the host spells it.</summary>
    public static string RootOf(string path)
    {
        string plain = path.Replace('/', '\\');
        int end = plain.IndexOf('\\', plain.StartsWith(@"\\?\", StringComparison.Ordinal) ? 4 : 0);
        return end < 0 ? plain : plain[..end];
    }

    /// <summary>The folder of a file; the path itself if it has none.</summary>
    public static string FolderOf(string path)
    {
        int slash = path.Replace('/', '\\').LastIndexOf('\\');
        return slash <= 0 ? path : path[..slash] is [_, ':'] drive ? drive + '\\' : path[..slash];
    }

    /// <summary>Server and share of a path on a file server; null for others.</summary>
    public static (string Server, string Share)? ShareOf(string path) =>
        Plain(path) is ['\\', '\\', not '?', ..] plain && plain[2..].Split('\\') is [{ Length: > 0 } server, { Length: > 0 } share, ..] ? (ShortName(server), share) : null;

    /// <summary>A server is one whether it is named in full or not.</summary>
    public static string ShortName(string server) => IPAddress.TryParse(server, out _) ? server : server.Split('.')[0].ToLowerInvariant();

    private static string Plain(string path)
    {
        string plain = path.Replace('/', '\\').ToLowerInvariant();
        return plain.StartsWith(@"\\?\unc\", StringComparison.Ordinal) ? @"\\" + plain[8..]
            : plain.StartsWith(@"\\?\", StringComparison.Ordinal) && plain.Length > 5 && plain[5] == ':' ? plain[4..]
            : plain;
    }

    private static bool StartsWithFolder(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (folder.EndsWith('\\') || path.Length == folder.Length || path[folder.Length] == '\\');

    /// <summary>A folder left behind on a host without a cluster, or one of that name on another drive, is a folder like others.</summary>
    private static bool IsUnderSharedRoot(HostSubject host, string plain)
    {
        if (host.Reading.Cluster.State == SectionState.Absent)
        {
            return false;
        }

        string? root = host.Reading.Cluster.Content?.SharedVolumesRoot is { Length: > 3 } said ? Plain(said)
            : host.Reading.OperatingSystem.Content?.SystemDrive is { } drive ? Plain(drive.TrimEnd('\\')) + SharedRoot : null;
        // Where neither is known, the name of the folder is all there is.
        return StartsWithFolder(root is null ? plain[2..] : plain, root ?? SharedRoot);
    }

    private static string Shared(HostSubject host, string plain)
    {
        var cluster = host.Reading.Cluster.Content;
        string owner = cluster?.Id ?? host.Id;
        return cluster is not null && SharedOf(cluster, plain) is { VolumeId: { } id, Path: { } mount } && plain.StartsWith(Plain(mount), StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{owner}|{id.ToLowerInvariant()}{plain[Plain(mount).Length..].TrimStart('\\')}")
            : $"{owner}|{plain}";
    }

    private static FilePlace OfVolumeId(HostSubject host, string plain) => host.Reading.Cluster.Content is { } cluster && SharedOf(cluster, plain) is not null
        ? new(FilePlaceKind.Shared, $"{cluster.Id}|{plain}")
        : new(FilePlaceKind.Local, $"{host.Id}|{plain}");

    private static string Network(string plain)
    {
        int end = plain.IndexOf('\\', 2);
        return end < 0 ? plain : @"\\" + ShortName(plain[2..end]) + plain[end..];
    }
}

internal enum FilePlaceKind { Unknown, Local, Shared, Network }
