using System.Net;
using System.Net.Sockets;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Json;
using HyperVDash.Web.Tuning;
using Orleans.Configuration;
using Orleans.Serialization;

namespace HyperVDash.Web.Fleet;

internal static class FleetServices
{
    public static IServiceCollection AddFleet(this IServiceCollection services, WebOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddHttpClient("agent").ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });
        services.AddSingleton<FleetFeed>().AddSingleton<IFleetFeed>(s => s.GetRequiredService<FleetFeed>());
        services.AddSingleton(LocalHyperV.Here);
        services.AddSingleton<EmbeddedAgent>().AddSingleton<IAgentSource>(s => s.GetRequiredService<EmbeddedAgent>());
        services.AddSingleton<FleetService>().AddHostedService(s => s.GetRequiredService<FleetService>());
        services.AddSingleton<RuleBook>().AddSingleton<TuningStore>().AddSingleton<Reexamination>();
        return services;
    }

    /// <summary>One silo in this process; nothing of it is stored or reachable from elsewhere.</summary>
    public static IHostBuilder AddSilo(this IHostBuilder host) => host.UseOrleans(silo =>
    {
        // The default ports are silently shared by two processes on Linux.
        int siloPort = FreePort(), gatewayPort = FreePort();
        silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, siloPort));
        silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);
        silo.Configure<ClusterOptions>(c => (c.ClusterId, c.ServiceId) = ("hypervdash", "hypervdash"));
        silo.Services.AddSerializer(s => s.AddJsonSerializer(t => t.Namespace?.StartsWith("HyperVDash.Model", StringComparison.Ordinal) == true, AgentJson.Options));
    });

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
