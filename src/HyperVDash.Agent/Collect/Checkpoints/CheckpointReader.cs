using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;

namespace HyperVDash.Agent.Collect.Checkpoints;

/// <summary>Checkpoints from the settings rows that are not active, with the images that their own configuration names.</summary>
internal static class CheckpointReader
{
    public static SectionResult<CheckpointList> Read(TableSet tables, HostFacts host)
    {
        var settings = tables[Plan.Settings(host)];
        if (settings.Error is { } error)
        {
            return SectionResult<CheckpointList>.Failed(error);
        }

        var (resources, storage) = (tables[Plan.Resources(host)], host.IsV1 ? null : tables[Plan.Storage(host)]);
        var images = resources.IsKnown && storage is null or { IsKnown: true }
            ? ImageRows.Of(tables, host).Where(i => i.Kind is DriveKind.Disk or DriveKind.Unknown).ToLookup(i => i.Owner, i => i.Path)
            : null;
        return SectionResult<CheckpointList>.Read(new()
        {
            Items =
            [
                .. SettingsRows.Checkpoints(settings.Rows, host.IsV1)
                    .DistinctBy(c => c.Id)
                    .OrderBy(c => c.Vm).ThenBy(c => c.Row.DateTime("CreationTime")).ThenBy(c => c.Id)
                    .Select(c => new Checkpoint(c.Id, c.Vm, Text.Cut(c.Row.String("ElementName")) ?? c.Id.ToString(), Kind(SettingsRows.KindOf(c.Row), host.IsV1),
                        c.Row.DateTime("CreationTime"))
                    {
                        ParentId = InstanceId.Owner(c.Row.KeyOf("Parent", "InstanceID")),
                        IsAutomatic = c.Row.Boolean("IsAutomaticSnapshot"),
                        HasSavedState = c.Row.Boolean("IsSaved"),
                        DiskPaths = images is null ? null : Paths(images[c.Id]),
                    }),
            ],
        }, [Unread(tables, Plan.Resources(host)), storage is null ? null : Unread(tables, Plan.Storage(host))]);
    }

    private static ImmutableArray<string> Paths(IEnumerable<string> paths) =>
        [.. paths.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The rows are asked for with the devices; before the first of those reads there is nothing to complain of.</summary>
    private static string? Unread(TableSet tables, TableQuery query) => tables.Has(query) && !tables[query].IsRead ? $"disks: {tables[query].Error!.Message}" : null;

    private static CheckpointKind Kind(string? word, bool isV1) => word?.ToUpperInvariant() switch
    {
        null when isV1 => CheckpointKind.User,
        "REALIZED" => CheckpointKind.User,
        "RECOVERY" => CheckpointKind.Backup,
        "PLANNED" => CheckpointKind.Planned,
        "MISSING" => CheckpointKind.Missing,
        { } replica when replica.StartsWith("REPLICA", StringComparison.Ordinal) => CheckpointKind.Replica,
        _ => CheckpointKind.Unknown,
    };
}
