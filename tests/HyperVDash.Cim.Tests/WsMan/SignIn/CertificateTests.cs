using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Cim.WsMan;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using static HyperVDash.Cim.Tests.WsMan.SignIn.Asking;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>Which host is believed over HTTPS, and Basic and client certificates there.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private readonly Certificates _certificates = new();
    private readonly List<(string? Authorization, string? Client)> _asked = [];
    private X509Certificate2 _host = null!;
    private WebApplication _app = null!;
    private Uri _url = null!;

    [Fact]
    public async Task A_host_of_an_own_authority_is_believed_and_gets_the_password()
    {
        Assert.Equal("answered", await AskAsync(Basic with { CertificateAuthorities = [_certificates.Authority] }));
        Assert.StartsWith("Basic ", _asked.Single().Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_one_certificate_whose_thumbprint_is_set_is_believed()
    {
        Assert.Equal("answered", await AskAsync(Basic with { CertificateThumbprint = _host.GetCertHashString(HashAlgorithmName.SHA256) }));
    }

    [Fact]
    public async Task Nobody_else_is_believed_and_nothing_is_sent()
    {
        using var other = new Certificates();

        Assert.Contains("No authority that this machine trusts", await AskAsync(Basic), StringComparison.Ordinal);
        Assert.Contains("not issued by CertificateAuthority", await AskAsync(Basic with { CertificateAuthorities = [other.Authority] }), StringComparison.Ordinal);
        Assert.Contains("thumbprint", await AskAsync(Basic with { CertificateThumbprint = new string('A', 64) }), StringComparison.Ordinal);
        Assert.Contains("or not for this name", await AskAsync(Basic with { CertificateAuthorities = [_certificates.Authority], Url = new UriBuilder(_url) { Host = "127.0.0.1" }.Uri }), StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_port_for_plain_HTTP_is_not_called_an_untrusted_certificate()
    {
        await using var plain = await PaperHost.OfAsync("never sent");

        string answer = await AskAsync(Basic with { Url = new UriBuilder(plain.Url) { Scheme = "https" }.Uri });

        Assert.Contains("does not speak TLS", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("not trusted", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_signs_in_without_a_password()
    {
        using var own = _certificates.Client();

        Assert.Equal("answered", await AskAsync(new WsManTarget(_url) { ClientCertificate = own, CertificateAuthorities = [_certificates.Authority] }));

        Assert.Equal(("http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual", "CN=watcher"), _asked.Single());
    }

    private WsManTarget Basic => new(_url) { User = "reader", Password = "geheim" };

    public async ValueTask InitializeAsync()
    {
        _host = _certificates.Host();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = _host;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        builder.Services.AddLogging();
        _app = builder.Build();
        _app.Run(async context =>
        {
            _asked.Add((context.Request.Headers.Authorization, context.Connection.ClientCertificate?.Subject));
            context.Response.StatusCode = 404;
            await context.Response.CompleteAsync();
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        string address = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        _url = new UriBuilder(address) { Host = "localhost", Path = "/wsman" }.Uri;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _host.Dispose();
        _certificates.Dispose();
    }

    /// <summary>Why it was not asked; whoever gets as far as a 404 was.</summary>
    private static async Task<string> AskAsync(WsManTarget target)
    {
        await using var session = new WsManSession(target, TimeProvider.System);
        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));
        return error.Message.Contains("HTTP 404", StringComparison.Ordinal) ? "answered" : error.Message;
    }
}
