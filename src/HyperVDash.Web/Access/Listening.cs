using System.Security.Cryptography.X509Certificates;
using HyperVDash.Agent.Settings;
using HyperVDash.Rules.Engine;
using HyperVDash.Web.Fleet;
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
        reader.Read<RuleSettings>("Rules");
        options = read;
        var mistakes = reader.With([.. read.Mistakes(builder.Configuration["AllowedHosts"]), .. read.Agents.Count > 0 ? [] : agent.Mistakes()]);
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
            if (read.Listen.IsLoopback)
            {
                if (read.Listen.Port == 0)
                {
                    kestrel.Listen(System.Net.IPAddress.Loopback, 0, o => Encrypt(o, read));
                }
                else
                {
                    kestrel.ListenLocalhost(read.Listen.Port, o => Encrypt(o, read));
                }
            }
            else
            {
                kestrel.ListenAnyIP(read.Listen.Port, o => Encrypt(o, read));
            }
        });
        return true;
    }

    private static void Encrypt(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listen, WebOptions options)
    {
        if (options.Listen.Scheme == "https")
        {
            string? password = options.CertificatePasswordEnv is { } name ? Environment.GetEnvironmentVariable(name) : null;
            listen.UseHttps(X509CertificateLoader.LoadPkcs12FromFile(options.Certificate!, password));
        }
    }
}
