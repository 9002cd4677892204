using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Settings;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Targets;

/// <summary>One host to read; an entry of the setting <c>Agent:Targets</c>.</summary>
public sealed record TargetOptions
{
    /// <summary>Name in the agent's URLs; the host's own name is read from it.</summary>
    public string Key { get; init; } = "";

    /// <summary><c>wsman</c> (WinRM, from anywhere), <c>mmi</c> (this computer, or another by WinRM; Windows only), <c>dcom</c> (another by RPC; Windows only), <c>capture</c> (a file).</summary>
    public string Door { get; init; } = "wsman";

    /// <summary>E.g. <c>https://hv01.corp.example:5986/wsman</c>.</summary>
    public Uri? Url { get; init; }

    /// <summary>Computer name for the doors mmi and dcom; null is this computer, or the one in Url.</summary>
    public string? Computer { get; init; }

    /// <summary>The file for the door capture.</summary>
    public string? File { get; init; }

    /// <summary>What messages call the place instead of its URL, whose port is another at each start of a lab.</summary>
    internal string? Place { get; init; }

    /// <summary><c>basic</c>, <c>kerberos</c>, <c>ntlm</c> or <c>certificate</c>; null takes what fits User: Kerberos for <c>name@REALM</c> and without a user, NTLM for <c>DOMAIN\name</c>, else Basic; certificate if one is set. Door wsman.</summary>
    public string? SignIn { get; init; }

    /// <summary>Account to sign in with; null is the account that runs the agent, or whose Kerberos ticket or key file the system has.</summary>
    public string? User { get; init; }

    /// <summary>Environment variable that holds the password.</summary>
    public string? PasswordEnv { get; init; }

    /// <summary>File that holds the password in its first line.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Only from code, for the lab; never from a settings file.</summary>
    internal string? Password { get; init; }

    /// <summary>Key file of the user for Kerberos, instead of a password; not on Windows.</summary>
    public string? Keytab { get; init; }

    /// <summary>Ticket cache for Kerberos, e.g. <c>FILE:/run/hypervdash/tickets</c>; null is the system's (KRB5CCNAME, KRB5_CLIENT_KTNAME). Not on Windows.</summary>
    public string? TicketCache { get; init; }

    /// <summary>The host's name in the domain for Kerberos; null is HTTP/ and the name in Url.</summary>
    public string? Spn { get; init; }

    /// <summary>File with a client certificate and its key: PFX, or PEM. PasswordEnv or PasswordFile open a protected one.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Sends the password over plain HTTP to other machines too.</summary>
    public bool AllowBasicOverHttp { get; init; }

    /// <summary>SHA-256 thumbprint of the one certificate to accept.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>PEM file with the issuers to believe for this host, instead of the system's.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Accepts any certificate; for a first look only.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>Only Windows opens the doors mmi and dcom: the library compiles everywhere and has no sessions elsewhere.</summary>
    internal Func<bool> IsWindows { get; init; } = OperatingSystem.IsWindows;

    public Origin Origin { get; init; } = Origin.Host;

    public CollectorOptions Intervals { get; init; } = new();

    /// <summary>What is wrong with the entry, each mistake with its key.</summary>
    public IEnumerable<string> Mistakes(string section)
    {
        if (Key.Length == 0)
        {
            yield return $"{section}:Key is missing; give the host a name.";
        }

        if (Door is not ("wsman" or "mmi" or "dcom" or "capture"))
        {
            yield return $"{section}:Door is '{Door}'; it may be wsman, mmi, dcom or capture.";
        }

        if (Door is "mmi" or "dcom" && !IsWindows())
        {
            yield return $"{section}:Door is '{Door}', which opens sessions on Windows alone; here use wsman, with a Url such as https://hv01:5986/wsman.";
        }

        if (Door == "wsman" && Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{section}:Url is '{AddressText.Shown(Url)}'; it must be an absolute http or https address such as https://hv01:5986/wsman.";
        }

        if (Door == "mmi" && Url is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
        {
            yield return $"{section}:Url is '{AddressText.Shown(Url)}'; for the door mmi leave it out and name the Computer, or write an http or https address such as https://hv01:5986.";
        }

        if (Door == "mmi" && Url is not null && Computer is not null)
        {
            yield return $"{section}:Computer is '{Computer}' and Url is '{AddressText.Shown(Url)}'; the door mmi takes one of them.";
        }

        if (Door == "mmi" && Url is null && Computer is null && User is not null)
        {
            yield return $"{section}:User is set, but this computer is read as the account that runs the agent; leave User out, or name a Computer.";
        }

        if (Door == "dcom" && string.IsNullOrEmpty(Computer))
        {
            yield return $"{section}:Computer is missing; the door dcom needs the name of a computer.";
        }

        if (Door is "mmi" or "dcom" && CertificateThumbprint is not null)
        {
            yield return $"{section}:CertificateThumbprint is for the door wsman; with {Door} Windows trusts what its own certificate store trusts.";
        }

        // Also where the parser sees none, as in https://user/password@host.
        if (AddressText.HasSignIn(Url?.OriginalString))
        {
            yield return $"{section}:Url holds an @, before which a user or password stands; use User and PasswordEnv or PasswordFile.";
        }

        if (Door == "capture" && !System.IO.File.Exists(File))
        {
            yield return $"{section}:File '{File}' does not exist{(string.IsNullOrEmpty(File) || Path.IsPathRooted(File) ? "" : $" in {Environment.CurrentDirectory}")}; it must be a file that `capture` wrote.";
        }

        if (PasswordFile is not null && !System.IO.File.Exists(PasswordFile))
        {
            // Not repeated: it may be the password itself.
            yield return $"{section}:PasswordFile names no file that exists; it must be the file's path, not the password.";
        }
        else if (PasswordFile is not null && SignInMistakes.Readable(() => TargetSessions.Password(this)) is { } why)
        {
            yield return $"{section}:PasswordFile '{PasswordFile}' cannot be read: {why}";
        }

        foreach (string mistake in Door == "wsman" ? SignInMistakes.Of(this, section) : SignInMistakes.OfOtherDoor(this, section))
        {
            yield return mistake;
        }
    }
}
