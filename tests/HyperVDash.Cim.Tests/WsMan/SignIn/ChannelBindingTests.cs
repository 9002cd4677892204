using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Cim.WsMan;
using static HyperVDash.Cim.Tests.WsMan.SignIn.Asking;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>Kerberos over HTTPS: bound to the TLS connection, and the acceptor checks it.</summary>
public sealed class ChannelBindingTests(Realm realm) : IDisposable
{
    private readonly Certificates _certificates = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sign_in_is_bound_to_the_connection_and_the_envelope_follows_it()
    {
        await using var host = await PaperHost.OfAsync(Vm("1"), Vm("2"));
        await using var acceptor = await StartAsync(host);
        await using var session = new WsManSession(Target(acceptor), TimeProvider.System);

        Assert.Equal(["1"], await NamesAsync(session));
        Assert.Equal(["2"], await NamesAsync(session));
        Assert.Equal(["unknown", "token", "signed-in", "envelope", "envelope"], acceptor.Story);
        Assert.True(acceptor.Events[2].GetProperty("bound").GetBoolean());
        Assert.False(acceptor.Events[0].GetProperty("clear").GetBoolean());
    }

    [Fact]
    public async Task Somebody_in_the_middle_with_a_certificate_of_his_own_gets_no_signed_in_connection()
    {
        await using var host = await PaperHost.OfAsync(Vm("1"));
        await using var acceptor = await StartAsync(host);
        using var his = _certificates.Host();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var middle = RelayAsync(listener, his, acceptor.Url.Port);
        var url = new UriBuilder(acceptor.Url) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        CimException error;
        await using (var session = new WsManSession(Target(acceptor) with { Url = url }, TimeProvider.System))
        {
            error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));
        }

        listener.Stop();
        await middle;
        Assert.Equal(CimErrorKind.AccessDenied, error.Kind);
        Assert.Contains(acceptor.Events, e => e.GetProperty("event").GetString() == "refused");
        Assert.DoesNotContain("signed-in", acceptor.Story);
        Assert.Empty(host.Requests);
    }

    public void Dispose() => _certificates.Dispose();

    private async Task<Acceptor> StartAsync(PaperHost host)
    {
        await realm.OpenAsync();
        using var certificate = _certificates.Host();
        string pem = realm.PathOf($"{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(pem, Certificates.Pem(certificate), Stop);
        return await Acceptor.StartAsync(realm, host.Url, ["--tls", pem]);
    }

    private WsManTarget Target(Acceptor acceptor) => acceptor.As("watcher@LAB.TEST") with { CertificateAuthorities = [_certificates.Authority] };

    /// <summary>Takes the TLS connection for the host's, and opens another to the host.</summary>
    private static async Task RelayAsync(TcpListener listener, X509Certificate2 certificate, int port)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(Stop);
                using var server = new TcpClient("localhost", port);
                await using var near = new SslStream(client.GetStream());
                await near.AuthenticateAsServerAsync(certificate);
                await using var far = new SslStream(server.GetStream(), false, (_, certificate, _, _) => certificate is not null);
                await far.AuthenticateAsClientAsync("localhost");
                await Task.WhenAny(near.CopyToAsync(far, Stop), far.CopyToAsync(near, Stop));
            }
        }
        catch (Exception closed) when (closed is SocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            return;
        }
    }
}
