using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Web.Tests.Access;

public sealed class ListeningTests : IDisposable
{
    private const string Password = "opens it";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly string _variable = $"HVD_TEST_{Guid.NewGuid():N}";

    public ListeningTests() => Environment.SetEnvironmentVariable(_variable, Password);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(_variable, null);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("http://127.0.0.2:0", "http://127.0.0.2:")]
    [InlineData("https://0.0.0.0:0", "https://0.0.0.0:")]
    [InlineData("https://dash.lab.example:0", "https://[::]:")]
    public async Task An_address_in_the_settings_is_the_only_one_that_is_listened_on(string listen, string expected)
    {
        var builder = Builder(("Web:Listen", listen), ("Web:Token", "t"), ("Web:Certificate", await PfxAsync()), ("Web:CertificatePasswordEnv", _variable));
        Assert.True(builder.TryListen(out _));
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(expected, Assert.Single(app.Urls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_its_password_does_not_open_is_a_mistake_that_names_both_settings()
    {
        Environment.SetEnvironmentVariable(_variable, "another");

        string said = Refused(("Web:Listen", "https://localhost:5080"), ("Web:Certificate", await PfxAsync()), ("Web:CertificatePasswordEnv", _variable));

        Assert.StartsWith("Web:Certificate is '", said, StringComparison.Ordinal);
        Assert.Contains("Web:CertificatePasswordEnv names", said, StringComparison.Ordinal);
        Assert.DoesNotContain("another", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_is_a_mistake_of_that_setting()
    {
        string file = Path.Combine(_folder, "text.pfx");
        await File.WriteAllTextAsync(file, "text", TestContext.Current.CancellationToken);

        Assert.StartsWith($"Web:Certificate is '{file}', which cannot be opened:", Refused(("Web:Listen", "https://localhost:5080"), ("Web:Certificate", file)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_where_something_listens_already_is_a_mistake_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        string said = Refused(("Web:Listen", $"http://localhost:{((IPEndPoint)other.LocalEndpoint).Port}"));

        Assert.StartsWith("Web:Listen is http://localhost:", said, StringComparison.Ordinal);
        Assert.Contains("--Web:Listen http://localhost:", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dash.lab.example", "0.0.0.0")]
    [InlineData("dash.lab.example", "::")]
    [InlineData("[::]", "0.0.0.0")]
    public async Task What_is_listened_on_with_both_kinds_of_addresses_is_refused_where_either_is_taken(string host, string taken)
    {
        using var other = new TcpListener(IPAddress.Parse(taken), 0);
        other.Start();

        string said = Refused(("Web:Listen", $"https://{host}:{((IPEndPoint)other.LocalEndpoint).Port}"), ("Web:Token", "t"), ("Web:Certificate", await PfxAsync()), ("Web:CertificatePasswordEnv", _variable));

        Assert.Contains("where this program may not listen", said, StringComparison.Ordinal);
    }

    private async Task<string> PfxAsync()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=dash.lab.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        string file = Path.Combine(_folder, "dash.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, Password), TestContext.Current.CancellationToken);
        return file;
    }

    private static string Refused(params (string Key, string Value)[] settings)
    {
        using var said = new StringWriter();
        var before = Console.Error;
        Console.SetError(said);
        try
        {
            Assert.False(Builder(settings).TryListen(out _));
        }
        finally
        {
            Console.SetError(before);
        }

        return said.ToString();
    }

    private static WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        return builder;
    }
}
