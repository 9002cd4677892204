using System.Globalization;
using System.Net;
using System.Text;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Volumes;

/// <summary>Where a file of a VM lies: on a volume of one host, on a volume that a cluster shares, or on a file server.</summary>
internal sealed class FilePlace
{
    private const string SharedRoot = @"\clusterstorage";

    private readonly string _owner;
    private readonly string _path;
    private string? _key;

    private FilePlace(FilePlaceKind kind, string owner, string path)
    {
        (Kind, _owner, _path) = (kind, owner, path);
    }

    private FilePlace(FilePlaceKind kind, string key)
        : this(kind, "", "")
    {
        _key = key;
    }

    public FilePlaceKind Kind { get; }

    /// <summary>Equal for one file, whichever host names it and however it is spelled.</summary>
    public string Key => _key ??= Kind == FilePlaceKind.Local ? $"{_owner}|{_path}".ToLowerInvariant() : $"{_owner}|{_path}";

    /// <summary>Equal for one file as long as one host names it. Cheaper: most files are never compared with those of another host.</summary>
    public string KeyOnHost => _key ?? _path;

    /// <summary>Who is not one of a host alone can be reached from other hosts.</summary>
    public bool IsReachableFromOthers => Kind is FilePlaceKind.Shared or FilePlaceKind.Network;

    /// <summary>Reads <c>cluster</c> and <c>operatingSystem</c>, for the folders of shared volumes.</summary>
    public static FilePlace Of(HostSubject host, string path)
    {
        if (IsOnDrive(path) && !IsUnderSharedRoot(host, path))
        {
            return new(FilePlaceKind.Local, host.Id, Plain(path));
        }

        string plain = Plain(path);
        return plain.StartsWith(@"\\?\volume{", StringComparison.Ordinal) ? OfVolumeId(host, plain)
            : plain.StartsWith(@"\\", StringComparison.Ordinal) ? new(FilePlaceKind.Network, Network(plain))
            : !IsOnDrive(plain) ? new(FilePlaceKind.Unknown, host.Id, plain)
            : IsUnderSharedRoot(host, plain) ? new(FilePlaceKind.Shared, Shared(host, plain))
            : new(FilePlaceKind.Local, host.Id, plain);
    }

    /// <summary>The same as the kind of <see cref="Of"/>; nearly every path begins with the letter of a drive and is looked at as it is.</summary>
    /// <inheritdoc cref="Of"/>
    public static FilePlaceKind KindOf(HostSubject host, string path) => IsOnDrive(path) && !IsUnderSharedRoot(host, path) ? FilePlaceKind.Local : Of(host, path).Kind;

    /// <summary>The volume of the host under a local path, by the longest mount point; null: none that was listed. Reads <c>volumes</c>.</summary>
    public static Volume? VolumeOf(HostSubject host, string path)
    {
        Volume? under = null;
        foreach (var (mount, id, volume) in host.Mounts)
        {
            if ((under is null || volume.Path?.Length > (under.Path?.Length ?? 0)) && ((mount is not null && IsUnder(path, mount)) || IsUnder(path, id)))
            {
                under = volume;
            }
        }

        return under;
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
        if (IsOnDrive(folder))
        {
            return IsOnlySlashes(folder.AsSpan(2));
        }

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

    /// <summary>The file is in the root of a drive or of a share.</summary>
    public static bool IsInRoot(string path) => IsOnDrive(path) ? IsOnlySlashes(path.AsSpan(2, path.AsSpan().LastIndexOfAny('\\', '/') - 2)) : IsRoot(FolderOf(path));

    private static bool IsOnlySlashes(ReadOnlySpan<char> path) => path.TrimEnd(@"\/").IsEmpty;

    /// <summary>The folder of a file; the path itself if it has none.</summary>
    private static string FolderOf(string path)
    {
        int slash = path.Replace('/', '\\').LastIndexOf('\\');
        return slash <= 0 ? path : path[..slash] is [_, ':'] drive ? drive + '\\' : path[..slash];
    }

    /// <summary>Server and share of a path on a file server; null for others.</summary>
    public static (string Server, string Share)? ShareOf(string path) =>
        !IsOnDrive(path) && Plain(path) is ['\\', '\\', not '?', ..] plain && plain[2..].Split('\\') is [{ Length: > 0 } server, { Length: > 0 } share, ..] ? (ShortName(server), share) : null;

    /// <summary>A server is one whether it is named in full or not.</summary>
    public static string ShortName(string server) => IPAddress.TryParse(server, out _) ? server : server.Split('.')[0].ToLowerInvariant();

    /// <summary>A path or mount point as it is compared.</summary>
    internal static string Plain(string path)
    {
        string plain = path.Replace('/', '\\').ToLowerInvariant();
        return plain.StartsWith(@"\\?\unc\", StringComparison.Ordinal) ? @"\\" + plain[8..]
            : plain.StartsWith(@"\\?\", StringComparison.Ordinal) && plain.Length > 5 && plain[5] == ':' ? plain[4..]
            : plain;
    }

    private static bool IsOnDrive(string path) => path.Length >= 3 && path[1] == ':' && path[2] is '\\' or '/';

    /// <summary>The path is the folder or in it.</summary>
    /// <param name="folder">As <see cref="Plain"/> gives it.</param>
    private static bool IsUnder(string path, string folder)
    {
        bool isOnDrive = IsOnDrive(path);
        if (isOnDrive && (path.Length < folder.Length || folder.StartsWith('\\')))
        {
            return false;
        }

        if (isOnDrive && path.AsSpan(0, folder.Length) is var head && Ascii.IsValid(head) && !head.Contains('/'))
        {
            return Ascii.EqualsIgnoreCase(head, folder) && (folder.EndsWith('\\') || path.Length == folder.Length || path[folder.Length] is '\\' or '/');
        }

        return StartsWithFolder(Plain(path), folder);
    }

    private static bool StartsWithFolder(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (folder.EndsWith('\\') || path.Length == folder.Length || path[folder.Length] == '\\');

    /// <summary>A folder left behind on a host without a cluster, or one of that name on another drive, is a folder like others.</summary>
    private static bool IsUnderSharedRoot(HostSubject host, string path)
    {
        if (host.Reading.Cluster.State == SectionState.Absent)
        {
            return false;
        }

        string? root = host.SharedVolumesRoot;
        // Where neither is known, the name of the folder is all there is.
        return root is null ? StartsWithFolder(Plain(path)[2..], SharedRoot) : IsUnder(path, root);
    }

    /// <summary>The folder of a host under which shared volumes are, as paths are compared; null: nobody said.</summary>
    internal static string? SharedRootOf(HostReading host) =>
        host.Cluster.Content?.SharedVolumesRoot is { Length: > 3 } said ? Plain(said)
        : host.OperatingSystem.Content?.SystemDrive is { } drive ? Plain(drive.TrimEnd('\\')) + SharedRoot : null;

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
