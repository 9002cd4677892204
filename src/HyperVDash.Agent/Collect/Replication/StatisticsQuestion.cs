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

    /// <summary>What a VM said is no longer known after so long.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    public static async Task AskAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        var answers = new StatisticsAnswers();
        follow.Tables.Find(Method, answers);
        if (!follow.Tables.Has(Plan.Systems(follow.Host)))
        {
            await follow.AskAsync(Plan.Systems(follow.Host), cancellationToken).ConfigureAwait(false);
        }

        var primaries = Primaries(follow.Tables, follow.Host);
        var turns = follow.Tables.Noted<Dictionary<Guid, DateTimeOffset>>(Method) ?? [];
        turns = primaries.ToDictionary(vm => vm, vm => turns.GetValueOrDefault(vm, DateTimeOffset.MinValue));
        follow.Tables.Note(Method, turns);
        if (primaries.Count == 0 || follow.Tables[Service].Rows.FirstOrDefault() is not { } service)
        {
            return;
        }

        var call = new CimCall(HostFacts.V2, "Msvm_ReplicationService", Method)
        {
            Keys = KeyNames.ToImmutableDictionary(k => k, k => service.String(k) ?? ""), Timeout = follow.Options.TableTimeout,
        };
        // Whoever was asked longest ago, with or without an answer: one that never answers must not keep the others waiting.
        var turn = turns.OrderBy(t => t.Value).ThenBy(t => t.Key).Select(t => t.Key).ToList();
        int silent = 0;
        foreach (var vm in follow.IsWhole ? turn : turn.Take(follow.Options.ReplicationCallsPerRead))
        {
            var path = new CimPath("Msvm_ComputerSystem") { Keys = ImmutableDictionary<string, string>.Empty.Add("CreationClassName", "Msvm_ComputerSystem").Add("Name", vm.ToString().ToUpperInvariant()) };
            var (reply, error) = await follow.CallAsync(call with { Arguments = [new("ComputerSystem", CimType.Reference, path)] }, cancellationToken).ConfigureAwait(false);
            turns[vm] = follow.Time.GetUtcNow();
            answers.Of[vm] = (reply, error, turns[vm]);
            silent = error?.Kind == CimErrorKind.Timeout ? silent + 1 : 0;
            if (silent > 1 || error is { Kind: CimErrorKind.AccessDenied or CimErrorKind.Unreachable or CimErrorKind.NoSuchClassOrProperty or CimErrorKind.NotRecorded })
            {
                // The others would say the same, each after as long.
                break;
            }
        }
    }

    /// <summary>VMs whose turn has not come yet.</summary>
    public static bool IsWaiting(TableSet tables) =>
        tables.Noted<Dictionary<Guid, DateTimeOffset>>(Method)?.ContainsValue(DateTimeOffset.MinValue) == true && tables.Found<StatisticsAnswers>(Method) is { IsSilent: false };

    /// <summary>What is known now: of VMs whose turn comes later, and of all where the service gives no answer, what they said before; nothing of one that was refused.</summary>
    /// <param name="before">Of the read before.</param>
    public static ImmutableArray<ReplicationStatistics>? Read(TableSet tables, HostFacts host, ReplicaServer? before)
    {
        if (!tables[Plan.Systems(host)].IsKnown)
        {
            return before?.Statistics;
        }

        var answers = tables.Found<StatisticsAnswers>(Method) ?? new();
        var known = Before(before);
        return
        [
            .. Primaries(tables, host).Order().Select(vm => answers.Of.TryGetValue(vm, out var answer) && !answers.IsSilent ? Told(vm, answer.Reply, answer.At)
                : known.GetValueOrDefault(vm) is { } old && host.Now - old.ReadAt <= Memory ? old : null).OfType<ReplicationStatistics>(),
        ];
    }

    /// <summary>Why nothing is known that should be, in a sentence; null: some VM told, or none was asked. A single VM without an answer is unknown by itself.</summary>
    public static string? Gap(TableSet tables, HostFacts host) =>
        Outcome.Gap("statistics", tables[Plan.Systems(host)]) ?? Outcome.Gap("statistics", tables[Service])
        ?? (tables.Found<StatisticsAnswers>(Method) is { IsSilent: true, Of: { Count: > 0 } answers }
            ? answers.Values.First() is { Error: { } error } ? $"statistics: {error.Message}" : $"statistics: {Method} answered {answers.Values.First().Reply?.ReturnValue}."
            : null);

    private static ReplicationStatistics? Told(Guid vm, CimReply? reply, DateTimeOffset at) =>
        reply is { ReturnValue: null or 0 } && reply.Out.EmbeddedList("ReplicationStatistics") is [{ } row, ..]
            ? new ReplicationStatistics(vm)
            {
                Since = row.DateTime("StartStatisticTime"), Succeeded = row.Int32("ReplicationSuccessCount"), Missed = row.Int32("ReplicationMissCount"),
                Pending = row.Int64("PendingReplicationSize") is { } bytes ? new ByteSize(bytes) : null, ReadAt = at,
            }
            : null;

    private static Dictionary<Guid, ReplicationStatistics> Before(ReplicaServer? content) => (content?.Statistics ?? []).DistinctBy(s => s.VirtualMachineId).ToDictionary(s => s.VirtualMachineId);

    private static HashSet<Guid> Primaries(TableSet tables, HostFacts host) =>
        [.. tables[Plan.Systems(host)].Rows.Where(r => r.Int32("ReplicationMode") == 1).Select(r => r.Guid("Name")).OfType<Guid>()];

    /// <summary>What VMs answered in one read.</summary>
    private sealed class StatisticsAnswers
    {
        public Dictionary<Guid, (CimReply? Reply, CimException? Error, DateTimeOffset At)> Of { get; } = [];

        /// <summary>Nobody who was asked told anything: then it is the service, and not the VM. A single one that is refused with a number was answered, and it is that VM's matter.</summary>
        public bool IsSilent => Of.Values.All(a => a.Reply is not { ReturnValue: null or 0 }) && (Of.Count > 1 || Of.Values.All(a => a.Reply is null));
    }
}
