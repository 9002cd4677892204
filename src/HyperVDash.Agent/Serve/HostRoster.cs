using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Agent.Serve;

/// <summary>The hosts this agent reads, each with its worker.</summary>
public sealed partial class HostRoster : BackgroundService
{
    public HostRoster(AgentOptions options, TimeProvider time, ILoggerFactory logs)
    {
        // Followers must notice a restart even if the numbers come again.
        string epoch = Guid.NewGuid().ToString("N")[..8];
        _log = logs.CreateLogger<HostRoster>();
        Workers = [.. options.Targets.Select(t => new HostWorker(WithFarms(t, options), epoch, time, logs.CreateLogger<HostWorker>(), Memory(options, t)))];
    }

    private readonly ILogger _log;

    /// <summary>A lab brings farms of its own.</summary>
    private static TargetOptions WithFarms(TargetOptions target, AgentOptions options) =>
        target.Intervals.PrintFarms.Count > 0 ? target : target with { Intervals = target.Intervals with { PrintFarms = options.PrintFarms } };

    public IReadOnlyList<HostWorker> Workers { get; }

    public HostWorker? Find(string key) => Workers.FirstOrDefault(w => w.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Workers.Select(w => Task.Run(() => w.RunAsync(stoppingToken), stoppingToken)));

    /// <summary>Labs and captures begin anew each time.</summary>
    private HostMemory Memory(AgentOptions options, TargetOptions target)
    {
        if (target.Origin != Origin.Host || target.Door == "capture")
        {
            return HostMemory.Volatile();
        }

        string file = Path.Combine(options.EffectiveStateFolder, TargetFileName.Of(target.Key) + ".json");
        try
        {
            return HostMemory.Open(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotOpened(fault, file, target.Key);
            return HostMemory.Volatile();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not read {File}; nothing is remembered of {Host}")]
    private partial void LogNotOpened(Exception fault, string file, string host);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // Beside each other: many hosts that do not let go must not add up to more than the time a service has to stop.
        await Task.WhenAll(Workers.Select(w => w.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
