using HyperVDash.Agent.Settings;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web;

/// <summary>Section <c>Web</c> of the settings.</summary>
public sealed record WebOptions
{
    /// <summary>Address of the dashboard. Anything but loopback needs https and a token.</summary>
    public Uri Listen { get; init; } = new("http://localhost:5080");

    /// <summary>What callers of the interface for scripts must send as bearer token where it is reachable from other machines.</summary>
    public string? Token { get; init; }

    /// <summary>Environment variable that holds the token.</summary>
    public string? TokenEnv { get; init; }

    /// <summary>Certificate file (PFX) for https.</summary>
    public string? Certificate { get; init; }

    /// <summary>Environment variable that holds the certificate file's password.</summary>
    public string? CertificatePasswordEnv { get; init; }

    /// <summary>Agents elsewhere. None: one is started in this process.</summary>
    public IReadOnlyList<AgentOptions> Agents { get; init; } = [];

    /// <summary>Which lab is shown while no host and no agent is configured.</summary>
    public string Demo { get; init; } = "demo";

    /// <summary>Nothing in the demo lab changes by itself.</summary>
    public bool DemoFrozen { get; init; }

    /// <summary>
    /// Folder for what is saved from the pages, in its subfolder demo while the demo lab is shown; not set: HyperVDash/web in ProgramData on Windows, else in the account's own data folder.
    /// </summary>
    public string? StateFolder { get; init; }

    public string EffectiveStateFolder => Path.GetFullPath(StateFolder is { Length: > 0 } folder ? folder : Path.Combine(
        Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.CommonApplicationData : Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "HyperVDash", "web"));

    public string? EffectiveToken => Token ?? (TokenEnv is { } name ? Environment.GetEnvironmentVariable(name) : null);

    public string? EffectiveCertificatePassword => CertificatePasswordEnv is { } name ? Environment.GetEnvironmentVariable(name) : null;

    /// <summary>Every mistake at once.</summary>
    /// <param name="allowedHosts">The framework's setting <c>AllowedHosts</c>; null if it is not set.</param>
    public IReadOnlyList<string> Mistakes(string? allowedHosts = null)
    {
        var mistakes = new List<string>();
        if (Listen.Scheme is not ("http" or "https"))
        {
            mistakes.Add($"Web:Listen is {AddressText.Shown(Listen)}; it must be an http or https address such as http://localhost:5080.");
        }
        else if (!Listen.IsLoopback && (Listen.Scheme != "https" || string.IsNullOrEmpty(EffectiveToken)))
        {
            mistakes.Add($"Web:Listen is {AddressText.Shown(Listen)}, which other machines can reach; that needs https with Web:Certificate, and Web:Token or Web:TokenEnv. On this machine alone use http://localhost:5080.");
        }

        string[]? allowed = allowedHosts?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (allowed is [])
        {
            // The web server would take it for "*".
            mistakes.Add("AllowedHosts is empty, which would let in callers by any name; write the names and addresses that they type, such as 'localhost;127.0.0.1', or '*' if any is meant.");
        }
        else if (!Listen.IsLoopback && allowed is not null && Array.TrueForAll(allowed, IsThisMachine))
        {
            mistakes.Add($"AllowedHosts is '{allowedHosts}', so callers from other machines, for whom Web:Listen is {AddressText.Shown(Listen)}, would be refused; add the name or address that they type, such as 'dashboard.lab.example'.");
        }

        if (Listen.Scheme == "https" && (Certificate is null || !File.Exists(Certificate)))
        {
            mistakes.Add($"Web:Certificate is '{Certificate}'; https needs the path of an existing PFX file.");
        }

        if (CertificatePasswordEnv is not null && string.IsNullOrEmpty(EffectiveCertificatePassword))
        {
            mistakes.Add("Web:CertificatePasswordEnv names no environment variable that holds anything; it must be the variable's name, not the password. Take it out if the file has no password.");
        }

        // A token that silently is none would leave the door open. The value is not repeated: it may be a token in the wrong place.
        if (Token is null && TokenEnv is not null && string.IsNullOrEmpty(EffectiveToken))
        {
            mistakes.Add("Web:TokenEnv names no environment variable that holds anything; it must be the variable's name, not the token.");
        }

        if (!LabScenarios.Names.Contains(Demo))
        {
            mistakes.Add($"Web:Demo is '{Demo}'; it may be {string.Join(", ", LabScenarios.Names)}.");
        }

        mistakes.AddRange(Agents.SelectMany((a, i) => a.Mistakes($"Web:Agents:{i}")));
        foreach (var same in Agents.Select((a, i) => a.NameAt(i)).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            mistakes.Add($"Web:Agents: the name '{same.Key}' is used {same.Count()} times; each agent needs its own, and one without a name is called by its place, such as 'agent 2'.");
        }

        return mistakes;
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
