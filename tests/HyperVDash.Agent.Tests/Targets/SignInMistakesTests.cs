using HyperVDash.Agent.Targets;
using HyperVDash.Cim.WsMan.SignIn;

namespace HyperVDash.Agent.Tests.Targets;

/// <summary>Settings of a sign-in: which are right, and what is said of the others before anybody is asked.</summary>
public sealed class SignInMistakesTests : IDisposable
{
    private const string Https = "https://hv01.corp.example:5986/wsman";
    private const string Http = "http://hv01.corp.example:5985/wsman";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(Https, "reader", SignInWay.Basic)]
    [InlineData(Http, "reader@CORP.EXAMPLE", SignInWay.Kerberos)]
    [InlineData(Https, @"HV01\reader", SignInWay.Ntlm)]
    [InlineData(Https, @".\reader", SignInWay.Ntlm)]
    [InlineData(Http, null, SignInWay.Kerberos)]
    public void The_way_follows_from_the_user(string url, string? user, SignInWay way)
    {
        var target = Target(url, user);

        Assert.Empty(target.Mistakes("T"));
        Assert.Equal(way, TargetSessions.WsMan(target).EffectiveSignIn);
    }

    [Theory]
    [InlineData("basic", SignInWay.Basic)]
    [InlineData("ntlm", SignInWay.Ntlm)]
    public void A_way_that_is_set_wins(string word, SignInWay way)
    {
        var target = Target(Https, "reader@CORP.EXAMPLE") with { SignIn = word };

        Assert.Empty(target.Mistakes("T"));
        Assert.Equal(way, TargetSessions.WsMan(target).EffectiveSignIn);
    }

    [Fact]
    public void Each_mistake_names_its_setting_and_the_way_out()
    {
        Says(Target(Https, "u") with { SignIn = "digest" }, "T:SignIn is 'digest'; it may be basic, kerberos, ntlm or certificate.");
        Says(Target("https://192.0.2.7:5986/wsman", "u@CORP.EXAMPLE"), "T:Url names an address, and Kerberos knows hosts by name");
        Says(Target("https://192.0.2.7:5986/wsman", null), "T:User is missing. Set User with PasswordEnv or PasswordFile");
        Says(Target(Http, @"HV01\u"), "T:User 'HV01\\u' over plain http would mean NTLM, which does not prove who the host is");
        Says(Target(Https, "u") with { SignIn = "kerberos" }, "T:User is 'u'; Kerberos needs name@REALM");
        Says(Target(Https, "u") with { PasswordFile = null }, "T:User is 'u', but there is no password; set PasswordEnv or PasswordFile.");
        Says(Target(Https, "u") with { PasswordFile = null, PasswordEnv = "HV_NOT_SET_ANYWHERE" }, "T:PasswordEnv names no environment variable that holds anything");
        Says(Target(Https, "u@CORP.EXAMPLE") with { Keytab = _file }, "T:Keytab, TicketCache and a password exclude each other");
        Says(Target(Https, null) with { Keytab = _file }, "T:Keytab is set without User");
        Says(Target(Https, "u@CORP.EXAMPLE") with { PasswordFile = null, Keytab = "/nowhere/keys" }, "T:Keytab '/nowhere/keys' does not exist.");
        Says(Target(Https, "u") with { Keytab = _file }, "T:Keytab is not used by SignIn basic with User 'u'");
        Says(Target(Https, "u") with { AcceptAnyCertificate = true }, "T:AcceptAnyCertificate would hand the password to whoever answers");
        Says(Target(Https, "u") with { CertificateAuthority = _file }, $"T:CertificateAuthority '{_file}' cannot be used: it holds no certificate");
        Says(Target(Http, "u@CORP.EXAMPLE") with { CertificateThumbprint = "AB" }, "T:CertificateAuthority and CertificateThumbprint are for https addresses");
        Says(Target(Https, null) with { SignIn = "certificate" }, "T:ClientCertificate is missing");
        Says(Target(Https, null) with { ClientCertificate = _file }, $"T:ClientCertificate '{_file}' cannot be used");
        Says(Target(Http, "u") with { Door = "dcom", Computer = "HV01", SignIn = "ntlm" }, "T:SignIn is for the door wsman; the door dcom does not use it.");
    }

    [Fact]
    public void A_password_file_that_is_there_and_cannot_be_read_is_told_at_the_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The file that even root cannot read is one of Linux.");

        Says(Target(Https, "u") with { PasswordFile = "/proc/self/mem" }, "T:PasswordFile '/proc/self/mem' cannot be read: ");
    }

    [Fact]
    public void A_password_in_the_place_of_its_variable_or_file_is_not_repeated()
    {
        TargetOptions[] targets = [Target(Https, "u") with { PasswordFile = null, PasswordEnv = "s3cr3t" }, Target(Https, "u") with { PasswordFile = "s3cr3t" }];
        foreach (var target in targets)
        {
            Assert.NotEmpty(target.Mistakes("T"));
            Assert.DoesNotContain(target.Mistakes("T"), m => m.Contains("s3cr3t", StringComparison.Ordinal));
        }
    }

    private TargetOptions Target(string url, string? user) =>
        new() { Key = "hv01", Url = new Uri(url), User = user, PasswordFile = user is null ? null : _file };

    private static void Says(TargetOptions target, string start) =>
        Assert.True(target.Mistakes("T").Any(m => m.StartsWith(start, StringComparison.Ordinal)), $"{start}\n{string.Join('\n', target.Mistakes("T"))}");
}
