using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using HyperVDash.Cim.Tests.WsMan.SignIn;

[assembly: AssemblyFixture(typeof(Realm))]

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>A Kerberos realm on loopback, LAB.TEST, with a real KDC whose tickets live 30 s; and DOWN.TEST, whose KDC does not answer.</summary>
public sealed class Realm : IAsyncLifetime
{
    public const string Password = "Geheim-7";

    private readonly string _folder = Directory.CreateTempSubdirectory("realm-").FullName;
    private readonly SemaphoreSlim _opening = new(1);
    private Tool? _kdc;

    /// <summary>Where the tickets' keys are; both sides.</summary>
    public string ServiceKeytab => Path.Combine(_folder, "service.keytab");

    public string UserKeytab => Path.Combine(_folder, "watcher.keytab");

    /// <summary>What programs of this realm need in their environment.</summary>
    public Dictionary<string, string> Environment { get; private set; } = [];

    /// <summary>Tickets the KDC gave or refused, a line each.</summary>
    public IReadOnlyList<string> Log => File.Exists(LogFile) ? File.ReadAllLines(LogFile) : [];

    private string LogFile => Path.Combine(_folder, "kdc.log");

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Starts it at the first test that needs it. Where its packages are not installed the test is skipped; a build machine must have them.</summary>
    public async Task OpenAsync(params string[] alsoNeeded)
    {
        string[] programs = ["krb5kdc", "kdb5_util", "kadmin.local", "kinit", .. alsoNeeded.Where(n => !n.StartsWith('/'))];
        string? missing = programs.FirstOrDefault(p => Tool.Find(p) is null) ?? alsoNeeded.FirstOrDefault(n => n.StartsWith('/') && !File.Exists(n));
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The Kerberos realm of these tests needs Linux.");
        }

        if (missing is null && !(await Tool.RunAsync("python3", ["-c", "import gssapi; print('there')"], new Dictionary<string, string>(), mayFail: true)).Contains("there", StringComparison.Ordinal))
        {
            missing = "python3-gssapi";
        }

        if (missing is not null)
        {
            Assert.False(System.Environment.GetEnvironmentVariable("CI") == "true", $"{missing} is not installed on a build machine; test.sh installs it.");
            Assert.Skip($"{missing} is not installed: apt-get install krb5-kdc krb5-admin-server krb5-user python3-gssapi gss-ntlmssp faketime");
        }

        await _opening.WaitAsync();
        try
        {
            if (_kdc is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task StartAsync()
    {
        int port = FreePort();
        await File.WriteAllTextAsync(PathOf("krb5.conf"), $$"""
            [libdefaults]
              default_realm = LAB.TEST
              dns_lookup_kdc = false
              dns_lookup_realm = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              LAB.TEST = { 
                kdc = 127.0.0.1:{{port}}
              }
              DOWN.TEST = {
                kdc = 127.0.0.1:1
              }
            [domain_realm]
              localhost = LAB.TEST
            """);
        await File.WriteAllTextAsync(PathOf("kdc.conf"), $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{port}}
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
              LAB.TEST = {
                database_name = {{PathOf("principal")}}
                key_stash_file = {{PathOf("stash")}}
                acl_file = {{PathOf("acl")}}
                max_life = 30s
                supported_enctypes = aes256-cts:normal aes128-cts:normal
                default_principal_flags = +preauth
              }
            [logging]
              kdc = FILE:{{LogFile}}
            """);
        Environment = new()
        {
            ["KRB5_CONFIG"] = PathOf("krb5.conf"),
            ["KRB5_KDC_PROFILE"] = PathOf("kdc.conf"),
            ["KRB5CCNAME"] = "FILE:" + PathOf("no-tickets"),
            ["KRB5_KTNAME"] = "FILE:" + ServiceKeytab,
            ["KRB5RCACHENAME"] = "none:",
        };

        // The library in this process reads the real environment, which .NET only copies.
        foreach (string name in (string[])["KRB5_CONFIG", "KRB5CCNAME"])
        {
            Assert.Equal(0, setenv(name, Environment[name], 1));
        }

        await Tool.RunAsync("kdb5_util", ["create", "-s", "-r", "LAB.TEST", "-P", "master"], Environment);
        await Tool.RunAsync("kadmin.local", ["-r", "LAB.TEST"], Environment, $"""
            addprinc -pw {Password} watcher
            addprinc -pw {Password} -maxlife "3 seconds" brief
            addprinc -pw {Password} -pwexpire "2020-01-01" overdue
            addprinc -pw {Password} -allow_tix locked
            addprinc -randkey HTTP/localhost
            addprinc -randkey HTTP/elsewhere
            ktadd -k {ServiceKeytab} HTTP/localhost
            ktadd -norandkey -k {UserKeytab} watcher

            """);
        _kdc = Tool.Start("krb5kdc", ["-n"], Environment);
        for (int attempt = 0; !await IsOpenAsync(port); attempt++)
        {
            Assert.True(attempt < 200, string.Join('\n', _kdc.Lines));
            await Task.Delay(25);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsOpenAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_kdc is not null)
        {
            await _kdc.DisposeAsync();
        }

        _opening.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int setenv(string name, string value, int overwrite);
}
