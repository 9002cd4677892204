using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Cim;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Collect.Guests;

/// <summary>When each VM's heartbeat was well last, within one run from power on to power off.</summary>
internal sealed class HeartbeatMemory(HostMemory memory, DateTimeOffset now)
{
    private const string Prefix = "heartbeat/";

    /// <summary>Power on is reckoned from two clocks, which drift apart; a new run begins later than that.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(30);

    /// <summary>Null while it is well, and if it never was in this run.</summary>
    /// <param name="system">The VM's own row; null: not known, then nothing is remembered or told.</param>
    public DateTimeOffset? LastOk(Guest guest, CimRow? system)
    {
        if (system?.Int64("OnTimeInMilliseconds") is not (> 0 and < long.MaxValue / 10_000 and var onTime) || TimeSpan.FromMilliseconds(onTime) is var run && run > now - DateTimeOffset.UnixEpoch)
        {
            return null;
        }

        string key = Prefix + guest.VirtualMachineId;
        var startedAt = now - run;
        if (guest.Heartbeat is IntegrationState.Ok or IntegrationState.Degraded)
        {
            memory.Keep(key, new Beat(startedAt, now), now);
            return null;
        }

        return memory.Recall<Beat>(key) is { } known && (known.StartedAt - startedAt).Duration() < Drift ? known.OkAt : null;
    }

    public void Forget(IEnumerable<Guid> allBut) => memory.KeepOnly(Prefix, allBut.Select(id => Prefix + id).ToHashSet(StringComparer.OrdinalIgnoreCase));

    private sealed record Beat(DateTimeOffset StartedAt, DateTimeOffset OkAt);
}
