using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Releases;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Features.VirtualMachines;

/// <summary>One storage controller of a VM with all its slots, used and free.</summary>
/// <param name="Limit">Slots the host's release gives such a controller.</param>
public sealed record ControllerMap(DriveController Controller, int Limit, ImmutableArray<SlotCell> Cells, ImmutableArray<Drive> WithoutPlace)
{
    public const int Columns = 16;

    public string Name => $"{(Controller.Kind switch { ControllerKind.Ide => "IDE", ControllerKind.Scsi => "SCSI", ControllerKind.FibreChannel => "Fibre Channel", ControllerKind.PersistentMemory => "PMEM", ControllerKind.Floppy => "Floppy", _ => "Controller" })} {Controller.Number}";

    /// <summary>"2 of 64", and how far it goes where something lies beyond the limit.</summary>
    public string UsedOf => Used == 0 ? "empty" : $"{Used} of {Limit}{(Cells.Length > Limit ? $", up to slot {Cells.Length - 1}" : "")}";

    public int Used => Cells.Count(c => c.Drive is not null) + WithoutPlace.Length;

    public bool IsMatrix => Controller.Kind is ControllerKind.Scsi;

    public static ImmutableArray<ControllerMap> Of(VirtualMachineLine line)
    {
        var findings = line.Findings.Concat(line.Accepted).SelectMany(f => f.Affected.Select(a => a.Object).Append(f.Subject).Select(o => (o.Id, Finding: f)))
            .ToLookup(p => p.Id, p => p.Finding, StringComparer.OrdinalIgnoreCase);
        return [.. line.Host.Facts.ControllersOf[line.Vm.Id].Select(c => Of(c, line, findings))];
    }

    private static ControllerMap Of(DriveController controller, VirtualMachineLine line, ILookup<string, Finding> findings)
    {
        var drives = line.Host.Facts.DrivesOf[line.Vm.Id].Where(d => controller.Id.Equals(d.ControllerId, StringComparison.OrdinalIgnoreCase)).ToList();
        int limit = Slots(controller.Kind, line.Host.Facts.Profile?.Profile);
        int shown = Math.Max(limit, (drives.Max(d => d.Location) ?? -1) + 1);
        var at = drives.Where(d => d.Location is not null).ToLookup(d => d.Location!.Value);
        return new(controller, limit,
            [.. Enumerable.Range(0, shown).Select(i => new SlotCell(i, i >= limit, at[i].FirstOrDefault(), at[i].SelectMany(d => findings[d.Id]).Select(f => Standing.Of(f with { IsStale = false })).MinBy(Standing.Rank)))],
            [.. drives.Where(d => d.Location is null), .. at.SelectMany(g => g.Skip(1))]);
    }

    // Where the release is not known, what every release has.
    private static int Slots(ControllerKind kind, ReleaseProfile? release) => kind switch
    {
        ControllerKind.Ide => release?.IdeDevices ?? 2,
        ControllerKind.Scsi => release?.ScsiDevices ?? 64,
        ControllerKind.Floppy => 1,
        _ => 0,
    };
}

/// <param name="IsBeyond">The host's release has no such slot.</param>
/// <param name="Worst">Shape of the worst finding that names the drive, open or accepted; null if none does.</param>
public sealed record SlotCell(int Location, bool IsBeyond, Drive? Drive, string? Worst);
