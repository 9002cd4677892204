using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.SelfTest;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Commands;

/// <summary><c>selftest</c>: walks the way to a host step by step and says what a failed step means.</summary>
internal static class SelfTestCommand
{
    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var command = new Command("selftest", "Walks the way to a host and says where it ends.");
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            await using var opened = await source.OpenAsync(parsed, time, cancellationToken);
            bool isWell = true;
            foreach (var target in opened.Targets)
            {
                if (target.Url is null)
                {
                    throw new FormatException($"{target.Key} is not read over the network, so there is no way to it to test.");
                }

                await output.WriteLineAsync($"{target.Key}  {target.Url}");
                isWell &= await WalkAsync(target, time, output, cancellationToken);
            }

            return isWell ? 0 : 2;
        }, errors));
        return command;
    }

    private static async Task<bool> WalkAsync(TargetOptions target, TimeProvider time, TextWriter output, CancellationToken cancellationToken)
    {
        await using var session = new WsManSession(TargetSessions.WsMan(target), time);
        (SelfTestStep Step, Func<Task<string>> Try)[] steps =
        [
            (SelfTestStep.Resolve, async () => string.Join(", ", (await Dns.GetHostAddressesAsync(target.Url!.Host, cancellationToken)).Take(3).Select(a => a.ToString()))),
            (SelfTestStep.Connect, async () =>
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(target.Url!.Host, target.Url.Port, cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), time, cancellationToken);
                return $"{target.Url.Host}:{target.Url.Port}";
            }),
            (SelfTestStep.Identify, () => session.IdentifyAsync(cancellationToken)),
            (SelfTestStep.Wmi, () => FirstAsync(session, new CimQuery("root/cimv2", "Win32_OperatingSystem") { Columns = ["Version"] }, "Version", cancellationToken)),
        ];
        foreach (var (step, attempt) in steps)
        {
            try
            {
                await output.WriteLineAsync($"  ok      {step.Name}: {await attempt()}");
            }
            catch (Exception failed) when (failed is CimException or SocketException or TimeoutException)
            {
                await FailAsync(output, step, failed.Message);
                return false;
            }
        }

        await using var collector = TargetSessions.Collector(target, "selftest", time);
        var reading = await collector.ReadAsync([.. collector.Current.Sections().Select(s => s.Name)], cancellationToken);
        var vms = reading.VirtualMachines;
        if (!vms.IsReadable())
        {
            await FailAsync(output, SelfTestStep.HyperV, vms.Attempt.Reason ?? $"{vms.Attempt.State}");
            return false;
        }

        await output.WriteLineAsync($"  ok      {SelfTestStep.HyperV.Name}: {vms.Content!.Items.Length} VMs");
        var gaps = OneReading.Gaps(reading).ToList();
        foreach (var gap in gaps)
        {
            await FailAsync(output, SelfTestStep.Sections, $"{gap.Name} {gap.Section.Attempt.State.ToString().ToLowerInvariant()}: {gap.Section.Attempt.Reason}");
        }

        if (gaps.Count == 0)
        {
            await output.WriteLineAsync($"  ok      {SelfTestStep.Sections.Name}");
        }

        return gaps.Count == 0;
    }

    private static async Task<string> FirstAsync(ICimSession session, CimQuery query, string column, CancellationToken cancellationToken)
    {
        await foreach (var row in session.QueryAsync(query, cancellationToken))
        {
            return row.String(column) ?? "not said";
        }

        throw new CimException(CimErrorKind.AccessDenied, $"{query.Class} answers with no instance.");
    }

    private static async Task FailAsync(TextWriter output, SelfTestStep step, string why)
    {
        await output.WriteLineAsync($"  FAILED  {step.Name}: {why}");
        await output.WriteLineAsync($"          {step.Meaning}");
    }
}
