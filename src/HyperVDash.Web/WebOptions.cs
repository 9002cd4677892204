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

    public string? CertificatePasswordEnv { get; init; }

    /// <summary>Agents elsewhere. None: one is started in this process.</summary>
    public IReadOnlyList<AgentOptions> Agents { get; init; } = [];

    /// <summary>Which lab is shown while no host and no agent is configured.</summary>
    public string Demo { get; init; } = "demo";

    /// <summary>Nothing in the demo lab changes by itself.</summary>
    public bool DemoFrozen { get; init; }

    public string? EffectiveToken => Token ?? (TokenEnv is { } name ? Environment.GetEnvironmentVariable(name) : null);

    /// <summary>Every mistake at once.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (!Listen.IsLoopback && (Listen.Scheme != "https" || string.IsNullOrEmpty(EffectiveToken)))
        {
            mistakes.Add($"Web:Listen is {Listen}, which other machines can reach; that needs https with Web:Certificate, and Web:Token or Web:TokenEnv. On this machine alone use http://localhost:5080.");
        }

        if (Listen.Scheme == "https" && (Certificate is null || !File.Exists(Certificate)))
        {
            mistakes.Add($"Web:Certificate is '{Certificate}'; https needs the path of an existing PFX file.");
        }

        for (int i = 0; i < Agents.Count; i++)
        {
            if (Agents[i].Url is not { IsAbsoluteUri: true })
            {
                mistakes.Add($"Web:Agents:{i}:Url is '{Agents[i].Url}'; it must be the agent's address, such as http://127.0.0.1:5090.");
            }
        }

        return mistakes;
    }
}
