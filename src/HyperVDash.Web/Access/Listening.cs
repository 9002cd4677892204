using System.Security.Cryptography.X509Certificates;

namespace HyperVDash.Web.Access;

/// <summary>Decides where the dashboard listens, and refuses what would show it to others unprotected.</summary>
internal static class Listening
{
    public static bool TryListen(this WebApplicationBuilder builder, out WebOptions options)
    {
        var read = builder.Configuration.GetSection("Web").Get<WebOptions>() ?? new WebOptions();
        options = read;
        if (read.Mistakes() is { Count: > 0 } mistakes)
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
