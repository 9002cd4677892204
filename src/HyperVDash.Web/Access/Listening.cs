using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using AgentSettings = HyperVDash.Agent.Serve.AgentOptions;

namespace HyperVDash.Web.Access;

/// <summary>Decides where the dashboard listens, and refuses what would show it to others unprotected.</summary>
internal static partial class Listening
{
    /// <summary>Exit code for settings that are wrong, the same as the agent's.</summary>
    public const int Misused = 64;

    public static bool TryListen(this WebApplicationBuilder builder, out WebOptions options)
    {
        var reader = new SettingsReader(builder.Configuration);
        var read = reader.Read<WebOptions>("Web");
        // Read again where they are used; their mistakes belong to the same list.
        var agent = reader.Read<AgentSettings>("Agent") with { Listen = EmbeddedAgent.Anywhere };
        var rules = reader.Read<RuleSettings>("Rules");
        options = read;
        var mistakes = reader.With([.. read.Mistakes(builder.Configuration["AllowedHosts"]), .. rules.Mistakes(), .. read.Agents.Count > 0 ? [] : agent.Mistakes()]);
        X509Certificate2? certificate = null;
        if (read.Listen.Scheme == "https" && File.Exists(read.Certificate) && !TryOpen(read, out certificate, out string unusable))
        {
            mistakes = [.. mistakes, unusable];
        }

        if (mistakes.Count == 0 && WhyTaken(read.Listen) is { } taken)
        {
            mistakes = [taken];
        }

        if (mistakes.Count > 0)
        {
            foreach (string mistake in mistakes)
            {
                Console.Error.WriteLine(mistake);
            }

            return false;
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            void Encrypt(ListenOptions listen)
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            }

            // An address is that of one interface; a name does not say which.
            if (IPAddress.TryParse(read.Listen.DnsSafeHost, out var address))
            {
                kestrel.Listen(address, read.Listen.Port, Encrypt);
            }
            else if (!read.Listen.IsLoopback)
            {
                kestrel.ListenAnyIP(read.Listen.Port, Encrypt);
            }
            else if (read.Listen.Port == 0)
            {
                kestrel.Listen(IPAddress.Loopback, 0, Encrypt);
            }
            else
            {
                kestrel.ListenLocalhost(read.Listen.Port, Encrypt);
            }
        });
        return true;
    }

    /// <summary>Says in the log where the dashboard is, once it answers there.</summary>
    public static WebApplication SayWhere(this WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(() => LogListening(app.Logger, string.Join(" and ", app.Urls)));
        return app;
    }

    /// <summary>Runs until it is stopped. Of two dashboards that start in the same moment both find the address free, and one is refused it here.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(this WebApplication app, WebOptions options)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException taken) when (ListenProbe.IsTaken(taken))
        {
            await Console.Error.WriteLineAsync(Taken(options.Listen, taken.Message));
            return Misused;
        }
    }

    /// <summary>Why nothing can listen there, found out before anything is started that would have to be stopped again; null: it can.</summary>
    private static string? WhyTaken(Uri listen)
    {
        // A name, as [::], is listened on with both kinds of addresses. Each is tried alone, and one the machine does not have is no reason to end.
        IPAddress[] addresses = IPAddress.TryParse(listen.DnsSafeHost, out var one) && !one.Equals(IPAddress.IPv6Any) ? [one]
            : listen.IsLoopback ? [IPAddress.Loopback] : [IPAddress.Any, IPAddress.IPv6Any];
        foreach (var address in addresses)
        {
            if (ListenProbe.WhyTaken(address, listen.Port) is { } taken)
            {
                return Taken(listen, taken);
            }
        }

        return null;
    }

    private static string Taken(Uri listen, string why) =>
        $"Web:Listen is {listen.GetLeftPart(UriPartial.Authority)}, where this program may not listen: {why.TrimEnd('.')}. Stop what listens there, or choose another port, e.g. --Web:Listen {listen.Scheme}://{listen.Host}:{(listen.Port % 65535) + 1}";

    [LoggerMessage(LogLevel.Information, "The dashboard is at {Urls}")]
    private static partial void LogListening(ILogger logger, string urls);

    private static bool TryOpen(WebOptions options, out X509Certificate2? certificate, out string unusable)
    {
        (certificate, unusable) = (null, "");
        try
        {
            certificate = X509CertificateLoader.LoadPkcs12FromFile(options.Certificate!, options.EffectiveCertificatePassword);
            unusable = certificate.HasPrivateKey ? "" : "It holds no private key.";
        }
        catch (Exception failed) when (failed is CryptographicException or IOException or UnauthorizedAccessException)
        {
            unusable = failed.Message;
        }

        if (unusable.Length > 0)
        {
            unusable = $"Web:Certificate is '{options.Certificate}', which cannot be opened: {unusable} It must be a PFX file with its private key, whose password stands in the environment variable that Web:CertificatePasswordEnv names.";
        }

        return unusable.Length == 0;
    }
}
