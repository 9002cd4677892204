using HyperVDash.Web.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>A silo as the dashboard starts it, with a feed to look at.</summary>
public sealed class FleetSilo : IAsyncLifetime
{
    private readonly IHost _host;

    public FleetSilo() => _host = new HostBuilder()
        .ConfigureServices(s => s.AddSingleton<TimeProvider>(Time).AddSingleton<FleetFeed>().AddSingleton<RuleBook>().AddSingleton<Reexamination>())
        .AddSilo()
        .Build();

    /// <summary>Moves by itself, and further when a test says so.</summary>
    internal MovableTime Time { get; } = new();

    public FleetFeed Feed => _host.Services.GetRequiredService<FleetFeed>();

    public RuleBook Book => _host.Services.GetRequiredService<RuleBook>();

    public Reexamination Reexamination => _host.Services.GetRequiredService<Reexamination>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal IHostGrain Host(string key) => Grains.GetGrain<IHostGrain>(key);

    public async ValueTask InitializeAsync() => await _host.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}

/// <summary>The time of this machine, with what a test adds to it; timers run as ever, for the silo needs them.</summary>
internal sealed class MovableTime : TimeProvider
{
    private TimeSpan _added;

    public void Advance(TimeSpan by) => _added += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _added;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_added.TotalSeconds * TimestampFrequency);
}
