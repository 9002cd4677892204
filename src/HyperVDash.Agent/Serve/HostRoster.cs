using HyperVDash.Agent.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Agent.Serve;

/// <summary>The hosts this agent reads, each with its worker.</summary>
public sealed class HostRoster : BackgroundService
{
    public HostRoster(AgentOptions options, TimeProvider time, ILoggerFactory logs)
    {
        // Followers must notice a restart even if the numbers come again.
        string epoch = Guid.NewGuid().ToString("N")[..8];
        Workers = [.. options.Targets.Select(t => new HostWorker(t, epoch, time, logs.CreateLogger<HostWorker>()))];
    }

    public IReadOnlyList<HostWorker> Workers { get; }

    public HostWorker? Find(string key) => Workers.FirstOrDefault(w => w.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Workers.Select(w => Task.Run(() => w.RunAsync(stoppingToken), stoppingToken)));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        foreach (var worker in Workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }
    }
}
