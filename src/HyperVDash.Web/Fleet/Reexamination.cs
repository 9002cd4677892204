namespace HyperVDash.Web.Fleet;

/// <summary>Has everything that is known judged anew, after the settings of the rules changed.</summary>
public sealed partial class Reexamination(IGrainFactory grains, FleetFeed feed, TimeProvider time, ILogger<Reexamination> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Ends when all is judged, or after two seconds while it goes on: who waits sees the rest come.</summary>
    public async Task RunAsync()
    {
        try
        {
            await EverythingAsync().WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // Many hosts, or a busy machine.
        }
    }

    private async Task EverythingAsync()
    {
        try
        {
            var (hosts, clusters) = feed.Examined;
            if (hosts.IsEmpty)
            {
                return;
            }

            await Task.WhenAll(hosts.Select(h => grains.GetGrain<IHostGrain>(h).Reexamine()));
            await Task.WhenAll(clusters.Select(c => grains.GetGrain<IClusterGrain>(c).Reexamine()).Append(grains.GetGrain<IFarmGrain>(IFarmGrain.Key).Reexamine()));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The settings hold all the same: the next reading of each host is judged by them.
            LogNotReexamined(fault);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Changed settings of rules are applied with the next reading, because judging anew failed")]
    private partial void LogNotReexamined(Exception fault);
}
