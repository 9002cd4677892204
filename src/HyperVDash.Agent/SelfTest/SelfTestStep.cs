using System.Collections.Immutable;
using System.Security.Authentication;
using HyperVDash.Cim;

namespace HyperVDash.Agent.SelfTest;

/// <summary>A step on the way to a host, and what it means when it fails. Command line and dashboard print the same text.</summary>
/// <param name="Key">Word in the JSON output.</param>
public sealed record SelfTestStep(string Key, string Name, string Meaning)
{
    private const string NoWinRm = "WinRM listens at port 5986 for https and at 5985 for http, path /wsman; on the host Get-Service WinRM says whether it runs.";

    private const string SignIn = "Each way to sign in needs other settings and rights: Kerberos for domain accounts, NTLM, Basic or a client certificate for local ones; docs/sign-in.md lists them.";

    public static readonly SelfTestStep Resolve = new("resolve", "Name resolves", "The host's name is unknown to DNS here. Check the spelling, or use its address.");

    public static readonly SelfTestStep Connect = new("connect", "Port is open", "Nothing listens, or a firewall drops it. On the host: winrm quickconfig -transport:https, and allow TCP 5986.");

    public static readonly SelfTestStep Identify = new("identify", "WinRM answers and accepts the sign-in", $"No WinRM answers there, its certificate is not trusted, or it did not accept how we sign in. {NoWinRm} {SignIn}");

    public static readonly SelfTestStep Wmi = new("wmi", "WMI may be read", "The account lacks Remote Enable on root/cimv2, or is not in Remote Management Users. A local account other than Administrator gets a filtered token: use a domain account, or set LocalAccountTokenFilterPolicy=1.");

    public static readonly SelfTestStep HyperV = new("hyperV", "Hyper-V may be read", "The Hyper-V role is not installed, its service vmms is stopped, or the account is not in Hyper-V Administrators (S-1-5-32-578).");

    public static readonly SelfTestStep Sections = new("sections", "Every section is read", "A part that is denied names the right that it needs, and docs/rights.md lists all of them; any other part says what went wrong.");

    /// <summary>What one way of failing means; null where its own sentence says all there is to do.</summary>
    public string? MeaningOf(Exception failed) => (Key, failed) switch
    {
        ("identify", CimException { IsSignIn: true }) => SignIn,
        ("identify", CimException { Kind: CimErrorKind.Timeout or CimErrorKind.Protocol } or CimException { InnerException: IOException or HttpRequestException { InnerException: not AuthenticationException } }) => NoWinRm,
        ("identify", _) => null,
        ("wmi", CimException { Kind: not CimErrorKind.AccessDenied }) => null,
        _ => Meaning,
    };

    public static ImmutableArray<SelfTestStep> All { get; } = [Resolve, Connect, Identify, Wmi, HyperV, Sections];
}
