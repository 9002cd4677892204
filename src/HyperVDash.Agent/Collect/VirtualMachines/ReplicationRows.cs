using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Replication;

namespace HyperVDash.Agent.Collect.VirtualMachines;

/// <summary>How VMs are replicated: of the relationship where the release has one, else of the VM's own row.</summary>
internal sealed class ReplicationRows
{
    private readonly Dictionary<Guid, CimRow> _relations = [];
    private readonly Dictionary<Guid, CimRow> _settings = [];

    private ReplicationRows(TableSet tables)
    {
        Fill(_relations, tables[Plan.ReplicationRelations]);
        Fill(_settings, tables[Plan.ReplicationSettings]);
    }

    public static ReplicationRows Of(TableSet tables, HostFacts host) => new(host.IsV1 ? new TableSet() : tables);

    /// <param name="system">The VM's row of Msvm_ComputerSystem.</param>
    /// <returns>Null: the VM is not replicated, or the host knows no replication.</returns>
    public VirtualMachineReplication? Read(Guid vm, CimRow system)
    {
        var mode = system.Int32("ReplicationMode") switch
        {
            null or 0 => ReplicationMode.None, 1 => ReplicationMode.Primary, 2 => ReplicationMode.Replica, 3 => ReplicationMode.TestReplica, 4 => ReplicationMode.ExtendedReplica,
            _ => ReplicationMode.Unknown,
        };
        if (mode == ReplicationMode.None)
        {
            return null;
        }

        var relation = _relations.GetValueOrDefault(vm);
        var settings = _settings.GetValueOrDefault(vm);
        return new()
        {
            Mode = mode,
            State = State(relation?.Int32("ReplicationState") ?? system.Int32("ReplicationState")),
            Health = Health(relation?.Int32("ReplicationHealth") ?? system.Int32("ReplicationHealth")),
            LastReplicatedAt = relation?.DateTime("LastReplicationTime") ?? system.DateTime("LastReplicationTime"),
            LastConsistentAt = relation?.DateTime("LastApplicationConsistentReplicationTime") ?? system.DateTime("LastApplicationConsistentReplicationTime"),
            LastTestFailoverAt = relation?.DateTime("LastTestFailoverInitiatedTime") ?? relation?.DateTime("LastTestFailoverTime"),
            Frequency = (settings?.Int32("ReplicationInterval") ?? settings?.Int32("FrequencyInterval")) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            ReplicaServer = Text.Cut(settings?.String("RecoveryConnectionPoint")) is { Length: > 0 } server ? server : null,
        };
    }

    // A replica that is extended has two relationships; the first, number 0, is the one between the primary and it.
    private static void Fill(Dictionary<Guid, CimRow> byVm, Table table)
    {
        foreach (var row in table.Rows.OrderBy(r => r.String("InstanceID"), StringComparer.OrdinalIgnoreCase))
        {
            if (InstanceId.Owner(row.String("InstanceID")) is { } vm)
            {
                byVm.TryAdd(vm, row);
            }
        }
    }

    private static ReplicationState State(int? number) => number switch
    {
        null => ReplicationState.Unknown,
        // The words stand in the order of the numbers, after the one for what is not known.
        >= 0 and <= 21 and var known => (ReplicationState)(known + 1),
        _ => ReplicationState.Unknown,
    };

    private static ReplicationHealth Health(int? number) => number switch
    {
        0 => ReplicationHealth.NotApplicable, 1 => ReplicationHealth.Ok, 2 => ReplicationHealth.Warning, 3 => ReplicationHealth.Critical, _ => ReplicationHealth.Unknown,
    };
}
