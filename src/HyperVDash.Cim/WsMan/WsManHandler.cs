using System.Net;
using System.Net.Security;

namespace HyperVDash.Cim.WsMan;

/// <summary>What every connection to a host has in common: HTTP/1.1, no proxy, no redirect, the host's trust settings.</summary>
internal static class WsManHandler
{
    public static SocketsHttpHandler Create(WsManTarget target, int connections)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            ConnectTimeout = target.ConnectTimeout,
            MaxConnectionsPerServer = connections,
            Expect100ContinueTimeout = TimeSpan.Zero,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => target.Accepts(certificate, chain, errors) ? true : throw new UntrustedCertificateException(),
            },
        };
        if (target.ClientCertificate is { } own)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(own, target.ClientCertificateChain, offline: true);

            // A resumed session would not ask for the certificate again.
            handler.SslOptions.AllowTlsResume = false;
        }

        return handler;
    }

    private const int MaxSignInStep = 128 << 10;

    public static HttpClient Client(SocketsHttpHandler handler)
    {
        var client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,

            // Only the steps of a sign-in are read whole, before anything is known of who answers; a token is a few thousand bytes. Answers are read as streams.
            MaxResponseContentBufferSize = MaxSignInStep,
        };
        client.DefaultRequestHeaders.ExpectContinue = false;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("HyperVDash/1.0");
        return client;
    }
}
