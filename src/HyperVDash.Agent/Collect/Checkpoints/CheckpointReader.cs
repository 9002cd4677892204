using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Model.Checkpoints;

namespace HyperVDash.Agent.Collect.Checkpoints;

/// <summary>Checkpoints from the settings rows that are not active.</summary>
internal static class CheckpointReader
{
    public static SectionResult<CheckpointList> Read(TableSet tables, HostFacts host)
    {
        var settings = tables[Plan.Settings(host)];
        return settings.Error is { } error
            ? SectionResult<CheckpointList>.Failed(error)
            : SectionResult<CheckpointList>.Read(new()
            {
                Items =
                [
                    .. SettingsRows.Checkpoints(settings.Rows, host.IsV1)
                        .DistinctBy(c => c.Id)
                        .OrderBy(c => c.Vm).ThenBy(c => c.Row.DateTime("CreationTime")).ThenBy(c => c.Id)
                        .Select(c => new Checkpoint(c.Id, c.Vm, Text.Cut(c.Row.String("ElementName")) ?? c.Id.ToString(), Kind(SettingsRows.KindOf(c.Row), host.IsV1),
                            c.Row.DateTime("CreationTime"))
                        {
                            ParentId = InstanceId.Owner(InstanceId.Of(c.Row.Path("Parent"))),
                            IsAutomatic = c.Row.Boolean("IsAutomaticSnapshot"),
                            HasSavedState = c.Row.Boolean("IsSaved"),
                        }),
                ],
            }, []);
    }

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
