using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using AgentSettings = HyperVDash.Agent.Serve.AgentOptions;

namespace HyperVDash.Web.Access;

/// <summary>Decides where the dashboard listens, and refuses what would show it to others unprotected.</summary>
internal static class Listening
{
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
