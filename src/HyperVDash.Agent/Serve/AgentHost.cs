using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Agent.Serve;

/// <summary>A running agent: stop it by disposing it.</summary>
public sealed class AgentHost : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly WebApplication _app;

    private AgentHost(WebApplication app, Uri url) => (_app, Url) = (app, url);

    /// <summary>Where it answers.</summary>
    public Uri Url { get; }

    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Starts reading and serving. The same program as the console's, wherever it runs.</summary>
    /// <exception cref="InvalidOperationException">The settings hold mistakes; the message lists all of them.</exception>
    public static async Task<AgentHost> StartAsync(
        AgentOptions options, RuleSettings rules, TimeProvider time, Action<IServiceCollection> configure, CancellationToken cancellationToken)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
        }

        var certificate = options.Listen.Scheme == Uri.UriSchemeHttps ? Certificate(options) : null;
        var address = IPAddress.TryParse(options.Listen.DnsSafeHost, out var ip) ? ip : options.Listen.IsLoopback ? IPAddress.Loopback : IPAddress.Any;
        if (ListenProbe.WhyTaken(address, options.Listen.Port) is { } why)
        {
            throw Taken(options, $"{why}.", null);
        }

        // An empty builder reads no settings, so nothing but Agent:Listen decides where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 10;
            kestrel.Listen(address, options.Listen.Port, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        builder.Services.AddRoutingCore().AddLogging();
        builder.Services.AddSingleton(options).AddSingleton(rules).AddSingleton(RuleSet.Of(rules)).AddSingleton(time);
        builder.Services.AddSingleton<HostRoster>().AddHostedService(services => services.GetRequiredService<HostRoster>());
        builder.Services.AddOpenApi(AgentDocument.Describe);
        builder.Services.ConfigureHttpJsonOptions(json => AgentApi.UseAgentJson(json.SerializerOptions));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        configure(builder.Services);
        var app = builder.Build();
        app.UseRouting();
        if (options.EffectiveToken is { Length: > 0 } token)
        {
            app.Use(new AgentToken(token).InvokeAsync);
        }
        else
        {
            app.Use(LocalCallers.InvokeAsync);
        }

        app.MapAgent();
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw Taken(options, taken.Message, taken);
        }

        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return new AgentHost(app, url);
    }

    private static InvalidOperationException Taken(AgentOptions options, string why, Exception? inner) =>
        new($"Agent:Listen is {AddressText.Shown(options.Listen)}, where this program may not listen: {why} Stop what listens there, or choose another port.", inner);

    private static X509Certificate2 Certificate(AgentOptions options)
    {
        string? password = options.CertificatePasswordEnv is { } name ? Environment.GetEnvironmentVariable(name) : null;
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(options.Certificate!, password);
        }
        catch (CryptographicException unusable)
        {
            throw new InvalidOperationException($"Agent:Certificate is '{options.Certificate}', which cannot be opened: {unusable.Message} It must be a PFX file whose password stands in the environment variable that Agent:CertificatePasswordEnv names.", unusable);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Streams end by themselves when the stop begins, so this is short unless something is stuck.
        using var limit = new CancellationTokenSource(StopLimit);
        await _app.StopAsync(limit.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}
