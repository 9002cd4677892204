using System.Runtime.CompilerServices;
using System.Text;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim.WsMan.SignIn;
using Microsoft.Extensions.Configuration;

namespace HyperVDash.Agent.Tests.Targets;

/// <summary>docs/sign-in.md shows settings that exist and mean what its headings say.</summary>
public sealed class SignInPageTests
{
    [Fact]
    public void Each_example_binds_to_settings_and_means_the_way_of_its_heading()
    {
        string heading = "";
        int examples = 0;
        foreach (string line in File.ReadLines(PathOf("docs/sign-in.md")))
        {
            heading = line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : heading;
            if (line.StartsWith("{ \"Key\"", StringComparison.Ordinal))
            {
                examples++;
                Means(line, heading switch { "Kerberos" => SignInWay.Kerberos, "NTLM" => SignInWay.Ntlm, "Basic" => SignInWay.Basic, "Client certificate" => SignInWay.Certificate, _ => null });
            }
        }

        Assert.Equal(7, examples);
    }

    private static void Means(string json, SignInWay? way)
    {
        var target = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build()
            .Get<TargetOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

        Assert.Equal(way, SignInMistakes.EffectiveWay(target));

        // What the page cannot bring along are the files and variables.
        Assert.DoesNotContain(target.Mistakes("T"), m => !m.Contains("does not exist", StringComparison.Ordinal) && !m.Contains("PasswordFile names no file that exists", StringComparison.Ordinal)
            && !m.Contains("cannot be used", StringComparison.Ordinal) && !m.Contains("names no environment variable that holds", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_setting_of_a_target_that_concerns_the_sign_in_is_on_the_page()
    {
        string page = Read("docs/sign-in.md");

        Assert.All((string[])[nameof(TargetOptions.SignIn), nameof(TargetOptions.User), nameof(TargetOptions.PasswordEnv), nameof(TargetOptions.PasswordFile), nameof(TargetOptions.Keytab), nameof(TargetOptions.TicketCache),
            nameof(TargetOptions.Spn), nameof(TargetOptions.ClientCertificate), nameof(TargetOptions.CertificateAuthority), nameof(TargetOptions.CertificateThumbprint), nameof(TargetOptions.AcceptAnyCertificate), nameof(TargetOptions.AllowBasicOverHttp)],
            name => Assert.Contains(name, page, StringComparison.Ordinal));
    }

    private static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string PathOf(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../..", path);
}
