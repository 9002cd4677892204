using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace HyperVDash.Benchmarks;

/// <summary>An agent over labs of several sizes: its first read of everything, and a minute in which nothing changes, each beside a bare XmlReader over the same bytes.</summary>
internal static class Scale
{
    public static async Task PrintAsync(IReadOnlyList<(int Hosts, int Vms)> labs, int minutes, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync("""
            | lab | phase | requests | MB | wall s | CPU s | of XmlReader | / | of bare HTTP | / | peak MB | of XmlReader | / | alive MB |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var (hosts, vms) in labs)
        {
            using var server = await ServerProcess.StartAsync(["servers", Text(hosts), Text(vms)], cancellationToken);
            using var agent = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["agent", server.Url.ToString(), Text(hosts), Text(minutes)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            while (await agent.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                var phase = JsonSerializer.Deserialize<Phase>(line)!;
                var walk = await WalkAsync(server.Url, cancellationToken);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {hosts:N0} × {vms:N0} VMs | {phase.Name} | {walk.Requests:N0} | {walk.Bytes / 1e6:0.0} | {phase.WallMs / 1000:0.0} | {phase.CpuMs / 1000:0.00} | {walk.CpuMs / 1000:0.00} | {phase.CpuMs / walk.CpuMs:0.0} | {walk.HttpCpuMs / 1000:0.00} | {phase.CpuMs / walk.HttpCpuMs:0.0} | {phase.PeakMb:0} | {walk.PeakMb:0} | {phase.PeakMb / walk.PeakMb:0.0} | {phase.HeapMb:0} |"));
                await agent.StandardInput.WriteLineAsync();
                await agent.StandardInput.FlushAsync(cancellationToken);
            }

            await agent.WaitForExitAsync(cancellationToken);
            if (agent.ExitCode != 0)
            {
                throw new InvalidOperationException($"The agent over {hosts} hosts of {vms} VMs ended with {agent.ExitCode}.");
            }
        }
    }

    private static async Task<Walk> WalkAsync(Uri server, CancellationToken cancellationToken)
    {
        using var walk = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["walk", server.ToString()]) { RedirectStandardOutput = true })!;
        string text = await walk.StandardOutput.ReadToEndAsync(cancellationToken);
        await walk.WaitForExitAsync(cancellationToken);
        return JsonSerializer.Deserialize<Walk>(text)!;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
