using System.Globalization;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>GetReplicationStatistics: how the cycles of one VM went since the statistics began.</summary>
internal sealed class ReplicationMethod(HostTables t)
{
    private const int InvalidParameter = 32773;

    public void Register()
    {
        if (t.HasV2)
        {
            t.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", Answer);
        }
    }

    private LabAnswer Answer(LabCall call)
    {
        string? name = call.All("ComputerSystem").OfType<LabReference>().SelectMany(r => r.Keys).FirstOrDefault(k => k.Key == "Name").Value;
        return Guid.TryParse(name, out var id) && t.Description.Vms.FirstOrDefault(v => v.Id == id)?.Replication is { } replication
            ? new LabAnswer(0, ("ReplicationStatistics", new[] { Statistics(replication) }), ("Job", null))
            : new LabAnswer(InvalidParameter);
    }

    private string Statistics(LabReplication replication)
    {
        var began = t.Description.BootedAt;
        return t.Embedded("Msvm_ReplicationStatistics",
        [
            ("StartStatisticTime", "datetime", began.UtcDateTime.ToString("yyyyMMddHHmmss'.000000+000'", CultureInfo.InvariantCulture)), ("ReplicationSuccessCount", "uint32", $"{replication.Succeeded}"),
            ("ReplicationMissCount", "uint32", $"{replication.Missed}"), ("ReplicationFailureCount", "uint32", "0"), ("NetworkFailureCount", "uint32", "0"), ("ReplicationSize", "uint64", "52428800"),
            ("MaxReplicationSize", "uint64", "209715200"), ("ReplicationLatency", "uint32", "12"), ("MaxReplicationLatency", "uint32", "48"), ("PendingReplicationSize", "uint64", $"{replication.PendingMb << 20}"),
            ("ApplicationConsistentSnapshotFailureCount", "uint32", "0"), ("ReplicationHealth", "uint32", $"{replication.Health}"),
        ]);
    }
}
