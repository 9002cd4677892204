using HyperVDash.Web.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>A silo as the dashboard starts it, with a feed to look at.</summary>
public sealed class FleetSilo : IAsyncLifetime
{
    private readonly IHost _host = new HostBuilder()
        .ConfigureServices(s => s.AddSingleton(TimeProvider.System).AddSingleton<FleetFeed>().AddSingleton<RuleBook>())
        .AddSilo()
        .Build();

    public FleetFeed Feed => _host.Services.GetRequiredService<FleetFeed>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal IHostGrain Host(string key) => Grains.GetGrain<IHostGrain>(key);

    public async ValueTask InitializeAsync() => await _host.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
