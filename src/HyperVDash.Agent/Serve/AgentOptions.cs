using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Agent.Settings;
using HyperVDash.Agent.Targets;

namespace HyperVDash.Agent.Serve;

/// <summary>Section <c>Agent</c> of the settings.</summary>
public sealed record AgentOptions
{
    private const int MaxPrintFarms = 16;

    /// <summary>Address to listen on. Anything but loopback needs https and a token.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:5090");

    /// <summary>What clients must send as bearer token; null: none is asked, on loopback only.</summary>
    public string? Token { get; init; }

    /// <summary>Environment variable that holds the token.</summary>
    public string? TokenEnv { get; init; }

    /// <summary>Certificate file (PFX) for https.</summary>
    public string? Certificate { get; init; }

    /// <summary>Environment variable that holds the certificate file's password.</summary>
    public string? CertificatePasswordEnv { get; init; }

    /// <summary>
    /// Folder for what the agent remembers of each host over a restart; not set: HyperVDash/agent in ProgramData on Windows, else in the account's own data folder.
    /// </summary>
    public string? StateFolder { get; init; }

    public string EffectiveStateFolder => StateFolder is { Length: > 0 } folder ? folder : Path.Combine(
        Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.CommonApplicationData : Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "HyperVDash", "agent");

    /// <summary>The hosts to read.</summary>
    public IReadOnlyList<TargetOptions> Targets { get; init; } = [];

    /// <summary>Print farms behind Windows NLB, whose names are looked up in DNS.</summary>
    public IReadOnlyList<PrintFarmOptions> PrintFarms { get; init; } = [];

    public string? EffectiveToken => Token ?? (TokenEnv is { } name ? Environment.GetEnvironmentVariable(name) : null);

    /// <summary>Every mistake at once, so that nobody mends them one by one.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (!Listen.IsLoopback && (Listen.Scheme != "https" || string.IsNullOrEmpty(EffectiveToken)))
        {
            mistakes.Add($"Agent:Listen is {AddressText.Shown(Listen)}, which other machines can reach; that needs https with Agent:Certificate, and Agent:Token or Agent:TokenEnv. On this machine alone use http://127.0.0.1:5090.");
        }

        if (Listen.Scheme == "https" && (Certificate is null || !File.Exists(Certificate)))
        {
            mistakes.Add($"Agent:Certificate is '{Certificate}'; https needs the path of an existing PFX file.");
        }

        if (Listen.Scheme is not ("http" or "https"))
        {
            mistakes.Add($"Agent:Listen is {AddressText.Shown(Listen)}; it must be an http or https address such as http://127.0.0.1:5090.");
        }

        // A token that silently is none would leave the door open.
        if (Token is null && TokenEnv is not null && string.IsNullOrEmpty(EffectiveToken))
        {
            mistakes.Add("Agent:TokenEnv names no environment variable that holds anything; it must be the variable's name, not the token.");
        }

        for (int i = 0; i < Targets.Count; i++)
        {
            mistakes.AddRange(Targets[i].Mistakes($"Agent:Targets:{i}"));
        }

        if (PrintFarms.Count > MaxPrintFarms)
        {
            mistakes.Add($"Agent:PrintFarms has {PrintFarms.Count} entries; at most {MaxPrintFarms} are looked up.");
        }

        for (int i = 0; i < PrintFarms.Count; i++)
        {
            mistakes.AddRange(PrintFarms[i].Mistakes($"Agent:PrintFarms:{i}", [.. Targets.Select(t => t.Key)]));
        }

        foreach (var same in Targets.GroupBy(t => t.Key, StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0 && g.Count() > 1))
        {
            mistakes.Add($"Agent:Targets: the key '{same.Key}' is used {same.Count()} times; each host needs its own.");
        }

        return mistakes;
    }
}
