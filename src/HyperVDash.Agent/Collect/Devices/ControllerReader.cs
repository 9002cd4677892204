using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Cim;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Controllers, drives and what is in them, joined by Parent, or by the shape of the id where Parent is null.</summary>
/// <param name="diskDrives">Null: the host did not tell its disks, so that none can be said to be missing.</param>
internal sealed class ControllerReader(HostFacts host, IReadOnlySet<Guid> virtualMachines, IReadOnlyList<CimRow>? diskDrives)
{
    /// <summary>DriveNumber of a disk that is not there.</summary>
    private const int NoDisk = 65535;

    private readonly Dictionary<string, DriveController> _controllers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(Guid Vm, ControllerKind Kind), int> _ordinals = [];

    public (ImmutableArray<DriveController> Controllers, ImmutableArray<Drive> Drives) Read(IReadOnlyList<CimRow> resources, IReadOnlyList<CimRow> storage)
    {
        var rows = Owned(resources).ToList();
        foreach (var (row, id, vm) in rows)
        {
            if (KindOfController(row.Int32("ResourceType")) is { } kind)
            {
                _controllers.TryAdd(id, new DriveController(id, vm, kind, NumberOf(row, id, vm, kind)) { Name = Text.Cut(row.String("ElementName")) });
            }
        }

        var media = Media(rows, storage);
        var drives = rows
            .Where(r => r.Id.EndsWith(@"\D", StringComparison.OrdinalIgnoreCase))
            .Select(r => DriveOf(r.Row, r.Id, r.Vm, media))
            .OfType<Drive>()
            .DistinctBy(d => d.Id, StringComparer.OrdinalIgnoreCase)
            .OrderBy(d => d.VirtualMachineId).ThenBy(d => d.ControllerKind).ThenBy(d => d.ControllerNumber).ThenBy(d => d.Location);
        return ([.. _controllers.Values.OrderBy(c => c.VirtualMachineId).ThenBy(c => c.Kind).ThenBy(c => c.Number)], [.. drives]);
    }

    private static ControllerKind? KindOfController(int? resourceType) => resourceType switch
    {
        5 => ControllerKind.Ide,
        6 => ControllerKind.Scsi,
        7 => ControllerKind.FibreChannel,
        32771 => ControllerKind.PersistentMemory,
        _ => null,
    };

    private IEnumerable<(CimRow Row, string Id, Guid Vm)> Owned(IEnumerable<CimRow> rows)
    {
        foreach (var row in rows)
        {
            // Rows of checkpoints carry the checkpoint's id and drop out here.
            if (row.String("InstanceID") is { } id && InstanceId.Owner(id) is { } vm && virtualMachines.Contains(vm))
            {
                yield return (row, id, vm);
            }
        }
    }

    private int NumberOf(CimRow row, string id, Guid vm, ControllerKind kind)
    {
        int ordinal = _ordinals.GetValueOrDefault((vm, kind));
        _ordinals[(vm, kind)] = ordinal + 1;
        // SCSI controllers have no number of their own; they count in the order in which the host lists them.
        return kind == ControllerKind.Ide ? Number(row.String("Address")) ?? Number(InstanceId.LastSegment(id)) ?? ordinal : ordinal;
    }

    private Dictionary<string, CimRow> Media(List<(CimRow Row, string Id, Guid Vm)> resources, IReadOnlyList<CimRow> storage)
    {
        var media = new Dictionary<string, CimRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var (row, id, _) in host.IsV1 ? resources.Where(r => r.Row.Int32("ResourceType") == 21) : Owned(storage))
        {
            if (ImageRows.BayOf(row, id) is { } bay)
            {
                media.TryAdd(bay, row);
            }
        }

        return media;
    }

    private Drive? DriveOf(CimRow row, string id, Guid vm, Dictionary<string, CimRow> media)
    {
        if (ImageRows.KindOf(row, host) is not { } kind)
        {
            return null;
        }

        string? controllerId = row.KeyOf("Parent", "InstanceID") ?? InstanceId.Cut(id, 2);
        var controller = controllerId is null ? null : _controllers.GetValueOrDefault(controllerId);
        string? slot = row.String(host.IsV1 ? "Address" : "AddressOnParent");
        var drive = new Drive(id, vm, controllerId, kind, Number(slot) ?? Number(InstanceId.LastSegment(id[..^2])))
        {
            ControllerKind = controller?.Kind ?? (kind == DriveKind.Floppy ? ControllerKind.Floppy : ControllerKind.Unknown),
            ControllerNumber = controller?.Number,
        };
        return WithContent(drive, row, media.GetValueOrDefault(id));
    }

    private Drive WithContent(Drive drive, CimRow bay, CimRow? medium)
    {
        // The path stands in one property on the older namespace and in another on the newer; the wrong one is null.
        if (ImageRows.First(medium, host.IsV1 ? "Connection" : "HostResource") is { } path)
        {
            return drive with
            {
                Content = DriveContent.Image, Path = Text.Cut(path), IsShared = medium!.Boolean("PersistentReservationsSupported"),
                MaximumIops = medium.Int64("IOPSLimit"), MinimumIops = medium.Int64("IOPSReservation"),
            };
        }

        if (ImageRows.First(bay, "HostResource") is not { } resource)
        {
            return drive with { Content = DriveContent.Empty };
        }

        int? number = HostDisk(resource);
        return drive with
        {
            Content = DriveContent.PassThrough,
            HostDiskNumber = number is NoDisk ? null : number,
            // Optical drives of the host are of another class; nothing can be said of those.
            IsDangling = drive.Kind == DriveKind.Disk && (number is NoDisk || (number is null && diskDrives is not null)),
        };
    }

    private int? HostDisk(string resource)
    {
        const string Physical = @"\\.\PHYSICALDRIVE";
        if (resource.StartsWith(Physical, StringComparison.OrdinalIgnoreCase))
        {
            return Number(resource[Physical.Length..]);
        }

        string? device = CimPath.TryParse(resource, out var path) ? path["DeviceID"] : null;
        return device is null ? null : diskDrives?.FirstOrDefault(d => device.Equals(d.String("DeviceID"), StringComparison.OrdinalIgnoreCase))?.Int32("DriveNumber");
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
