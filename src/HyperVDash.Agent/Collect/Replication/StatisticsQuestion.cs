using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Replication;

/// <summary>Statistics of replication: a call for each VM that the host copies to another, a bounded number in one read.</summary>
internal static class StatisticsQuestion
{
    private const string Method = "GetReplicationStatistics";

    private static readonly string[] KeyNames = ["CreationClassName", "Name", "SystemCreationClassName", "SystemName"];

    /// <summary>Asked whether or not a VM is replicated, so that a host costs the same however many it has.</summary>
    public static readonly TableQuery Service = new(HostFacts.V2, "Msvm_ReplicationService", "CreationClassName", "Name", "SystemCreationClassName", "SystemName") { Identity = "Name", IsNeverEmpty = true };

    public static async Task AskAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        if (!follow.Tables.Has(Plan.Systems(follow.Host)))
        {
            await follow.AskAsync(Plan.Systems(follow.Host), cancellationToken).ConfigureAwait(false);
        }

        var primaries = Primaries(follow.Tables, follow.Host);
        if (primaries.Count == 0 || follow.Tables[Service].Rows.FirstOrDefault() is not { } service)
        {
            return;
        }

        var before = Before(follow.Before.ReplicaServer.Content);
        var call = new CimCall(HostFacts.V2, "Msvm_ReplicationService", Method)
        {
            Keys = KeyNames.ToImmutableDictionary(k => k, k => service.String(k) ?? ""), Timeout = follow.Options.TableTimeout,
        };
        foreach (var vm in primaries.OrderBy(v => before.GetValueOrDefault(v)?.ReadAt ?? DateTimeOffset.MinValue).ThenBy(v => v).Take(follow.Options.ReplicationCallsPerRead))
        {
            var path = new CimPath("Msvm_ComputerSystem") { Keys = ImmutableDictionary<string, string>.Empty.Add("CreationClassName", "Msvm_ComputerSystem").Add("Name", vm.ToString().ToUpperInvariant()) };
            var (reply, error) = await follow.CallAsync(call with { Arguments = [new("ComputerSystem", CimType.Reference, path)] }, cancellationToken).ConfigureAwait(false);
            follow.Tables.SetCall(Key(vm), reply, error);
            if (error is { Kind: CimErrorKind.AccessDenied or CimErrorKind.Unreachable or CimErrorKind.Timeout or CimErrorKind.NoSuchClassOrProperty or CimErrorKind.NotRecorded })
            {
                // The others would say the same, each after as long.
                break;
            }
        }
    }

    /// <summary>What is known now: of VMs that were not asked this time, what they said before.</summary>
    /// <param name="before">Of the read before.</param>
    public static ImmutableArray<ReplicationStatistics>? Read(TableSet tables, HostFacts host, ReplicaServer? before)
    {
        if (!tables[Plan.Systems(host)].IsKnown)
        {
            return before?.Statistics;
        }

        var known = Before(before);
        return [.. Primaries(tables, host).Order().Select(vm => Told(tables, vm, host.Now) ?? known.GetValueOrDefault(vm)).OfType<ReplicationStatistics>()];
    }

    /// <summary>Why something is not known, in a sentence; null: all is, but for VMs whose turn comes later.</summary>
    public static string? Gap(TableSet tables, HostFacts host) =>
        Outcome.Gap("statistics", tables[Plan.Systems(host)]) ?? Outcome.Gap("statistics", tables[Service]) ?? Primaries(tables, host).Select(vm => tables.Call(Key(vm)) switch
        {
            { Error: { } error } => $"statistics: {error.Message}",
            { Reply.ReturnValue: not (null or 0) and var code } => $"statistics: {Method} answered {code}.",
            _ => null,
        }).FirstOrDefault(g => g is not null);

    private static ReplicationStatistics? Told(TableSet tables, Guid vm, DateTimeOffset now) =>
        tables.Call(Key(vm)).Reply is { ReturnValue: null or 0 } reply && reply.Out.EmbeddedList("ReplicationStatistics") is [{ } row, ..]
            ? new ReplicationStatistics(vm)
            {
                Since = row.DateTime("StartStatisticTime"), Succeeded = row.Int32("ReplicationSuccessCount"), Missed = row.Int32("ReplicationMissCount"),
                Pending = row.Int64("PendingReplicationSize") is { } bytes ? new ByteSize(bytes) : null, ReadAt = now,
            }
            : null;

    private static Dictionary<Guid, ReplicationStatistics> Before(ReplicaServer? content) => (content?.Statistics ?? []).DistinctBy(s => s.VirtualMachineId).ToDictionary(s => s.VirtualMachineId);

    private static HashSet<Guid> Primaries(TableSet tables, HostFacts host) =>
        [.. tables[Plan.Systems(host)].Rows.Where(r => r.Int32("ReplicationMode") == 1).Select(r => r.Guid("Name")).OfType<Guid>()];

    private static string Key(Guid vm) => $"{Method} {vm}";
}
