using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.VirtualMachines;

/// <summary>Sorts the rows of Msvm_VirtualSystemSettingData: one active per VM, the others are checkpoints or templates.</summary>
internal static class SettingsRows
{
    private const string Realized = "Microsoft:Hyper-V:System:Realized";
    private const string Snapshot = "Microsoft:Hyper-V:Snapshot:";

    public static Dictionary<Guid, CimRow> Active(IReadOnlyList<CimRow> rows, bool isV1)
    {
        var active = new Dictionary<Guid, CimRow>();
        foreach (var row in rows)
        {
            bool isActive = isV1 ? row.Int32("SettingType") == 3 : Realized.Equals(row.String("VirtualSystemType"), StringComparison.OrdinalIgnoreCase);
            if (isActive && VmOf(row, isV1) is { } id)
            {
                active.TryAdd(id, row);
            }
        }

        return active;
    }

    public static IEnumerable<(CimRow Row, Guid Id, Guid Vm)> Checkpoints(IReadOnlyList<CimRow> rows, bool isV1)
    {
        foreach (var row in rows)
        {
            bool isCheckpoint = isV1
                ? row.Int32("SettingType") == 5
                : row.String("VirtualSystemType")?.StartsWith(Snapshot, StringComparison.OrdinalIgnoreCase) == true;
            if (isCheckpoint && InstanceId.Owner(row.String("InstanceID")) is { } id && VmOf(row, isV1) is { } vm)
            {
                yield return (row, id, vm);
            }
        }
    }

    public static string? KindOf(CimRow row) =>
        row.String("VirtualSystemType") is { } type && type.StartsWith(Snapshot, StringComparison.OrdinalIgnoreCase) ? type[Snapshot.Length..] : null;

    private static Guid? VmOf(CimRow row, bool isV1) =>
        InstanceId.IsTemplate(row.String("InstanceID") ?? "") ? null : row.Guid(isV1 ? "SystemName" : "VirtualSystemIdentifier");
}
