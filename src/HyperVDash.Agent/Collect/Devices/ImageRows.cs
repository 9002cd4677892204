using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>An image file that a configuration names.</summary>
/// <param name="Owner">A VM, or one of its checkpoints.</param>
/// <param name="Kind">The drive it is in.</param>
internal sealed record ImageRow(Guid Owner, string Path, DriveKind Kind);

/// <summary>Finds image files in the rows of resources: those of VMs and of checkpoints alike.</summary>
internal static class ImageRows
{
    public static IEnumerable<ImageRow> Of(TableSet tables, HostFacts host)
    {
        var resources = tables[Plan.Resources(host)].Rows;
        var bays = new Dictionary<string, DriveKind>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in resources)
        {
            if (row.String("InstanceID") is { } id && KindOf(row, host) is { } kind)
            {
                bays.TryAdd(id, kind);
            }
        }

        foreach (var row in host.IsV1 ? resources.Where(r => r.Int32("ResourceType") == 21) : tables[Plan.Storage(host)].Rows)
        {
            if (row.String("InstanceID") is { } id && InstanceId.Owner(id) is { } owner
                && First(row, host.IsV1 ? "Connection" : "HostResource") is { Length: <= Text.MaxLength } path)
            {
                yield return new ImageRow(owner, path, BayOf(row, id) is { } bay && bays.TryGetValue(bay, out var kind) ? kind : DriveKind.Unknown);
            }
        }
    }

    /// <summary>What kind of drive a row is; null if it is none. The two namespaces number disks differently.</summary>
    public static DriveKind? KindOf(CimRow row, HostFacts host) => (row.Int32("ResourceType"), host.IsV1) switch
    {
        (16, _) => DriveKind.Dvd,
        (14, _) => DriveKind.Floppy,
        (22, true) or (17, false) => DriveKind.Disk,
        _ => null,
    };

    /// <summary>The drive that a medium is in: its parent, or by the shape of its id.</summary>
    public static string? BayOf(CimRow row, string id) =>
        row.KeyOf("Parent", "InstanceID") ?? (id.EndsWith(@"\L", StringComparison.OrdinalIgnoreCase) ? id[..^1] + "D" : null);

    public static string? First(CimRow? row, string name) => row?.String(name) is { Length: > 0 } first ? first : row?.Strings(name)?.FirstOrDefault(t => t.Length > 0);
}
