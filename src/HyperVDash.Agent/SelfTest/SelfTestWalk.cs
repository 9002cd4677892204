using System.Net;
using System.Net.Sockets;
using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.SelfTest;

/// <summary>Walks the way to a host step by step, and at its end notes which rights the account has there.</summary>
/// <param name="tell">Told of each step as it ends: some take seconds.</param>
internal sealed class SelfTestWalk(TargetOptions target, TimeProvider time, Func<StepOutcome, SelfTestStep, Task> tell)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly List<StepOutcome> _steps = [];

    public async Task<SelfTestReport> RunAsync(CancellationToken cancellationToken)
    {
        if (!await KnockAsync(cancellationToken).ConfigureAwait(false))
        {
            return Report([]);
        }

        var session = new RightsSession(TargetSessions.Open(target, time));
        await using var collector = TargetSessions.Collector(target, () => session, "selftest", time);
        var reading = await collector.ReadAsync([.. SectionLens.All.Select(s => s.Name)], cancellationToken).ConfigureAwait(false);
        await LookAsync(reading).ConfigureAwait(false);
        return Report(session.Lines(reading.VirtualMachines.Attempt));
    }

    /// <returns>False if nothing can be asked.</returns>
    private async Task<bool> KnockAsync(CancellationToken cancellationToken)
    {
        await using var session = new WsManSession(TargetSessions.WsMan(target), time);
        (SelfTestStep Step, Func<Task<string>> Try)[] steps =
        [
            (SelfTestStep.Resolve, async () => string.Join(", ", (await Dns.GetHostAddressesAsync(target.Url!.Host, cancellationToken).ConfigureAwait(false)).Take(3).Select(a => a.ToString()))),
            (SelfTestStep.Connect, async () =>
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(target.Url!.Host, target.Url.Port, cancellationToken).AsTask().WaitAsync(ConnectLimit, time, cancellationToken).ConfigureAwait(false);
                return $"{target.Url.Host}:{target.Url.Port}";
            }),
            (SelfTestStep.Identify, () => session.IdentifyAsync(cancellationToken)),
            (SelfTestStep.Wmi, () => FirstAsync(session, new CimQuery("root/cimv2", "Win32_OperatingSystem") { Columns = ["Version"] }, "Version", cancellationToken)),
        ];
        foreach (var (step, attempt) in steps)
        {
            try
            {
                await NoteAsync(step, true, await attempt().ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (Exception failed) when (failed is CimException or SocketException or TimeoutException)
            {
                await NoteAsync(step, false, failed.Message, step.MeaningOf(failed)).ConfigureAwait(false);
                // One namespace that is closed says nothing of the others.
                return step == SelfTestStep.Wmi && failed is CimException { Kind: CimErrorKind.AccessDenied, IsSignIn: false };
            }
        }

        return true;
    }

    private async Task LookAsync(HostReading reading)
    {
        var vms = reading.VirtualMachines;
        if (!vms.IsReadable())
        {
            await NoteAsync(SelfTestStep.HyperV, false, vms.Attempt.Reason ?? $"{vms.Attempt.State}").ConfigureAwait(false);
            return;
        }

        await NoteAsync(SelfTestStep.HyperV, true, $"{vms.Content!.Items.Length} VMs").ConfigureAwait(false);
        var gaps = OneReading.Gaps(reading).ToList();
        foreach (var gap in gaps)
        {
            await NoteAsync(SelfTestStep.Sections, false, $"{gap.Name} {gap.Section.Attempt.State.ToString().ToLowerInvariant()}: {gap.Section.Attempt.Reason}").ConfigureAwait(false);
        }

        if (gaps.Count == 0)
        {
            await NoteAsync(SelfTestStep.Sections, true, null).ConfigureAwait(false);
        }
    }

    private SelfTestReport Report(IReadOnlyList<RightLine> rights) => new(target.Key, target.Url!.ToString())
    {
        Steps = [.. _steps],
        Rights = [.. rights],
        IsWell = _steps.TrueForAll(s => s.IsWell) && rights.All(r => r.State is not (RightState.Denied or RightState.Failed)),
    };

    private Task NoteAsync(SelfTestStep step, bool isWell, string? text) => NoteAsync(step, isWell, text, isWell ? null : step.Meaning);

    private Task NoteAsync(SelfTestStep step, bool isWell, string? text, string? meaning)
    {
        var outcome = new StepOutcome(step.Key, isWell, text, meaning);
        _steps.Add(outcome);
        return tell(outcome, step);
    }

    private static async Task<string> FirstAsync(ICimSession session, CimQuery query, string column, CancellationToken cancellationToken)
    {
        await foreach (var row in session.QueryAsync(query, cancellationToken).ConfigureAwait(false))
        {
            return row.String(column) ?? "not said";
        }

        throw new CimException(CimErrorKind.AccessDenied, $"{query.Class} answers with no instance.", 0x80041003);
    }
}
