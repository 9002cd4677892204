using HyperVDash.Agent.Settings;
using HyperVDash.Rules;

namespace HyperVDash.Web.Fleet;

/// <summary>An agent that runs elsewhere; one entry of the setting <c>Web:Agents</c>.</summary>
public sealed record AgentOptions
{
    public string Name { get; init; } = "";

    public Uri? Url { get; init; }

    public string? Token { get; init; }

    /// <summary>Environment variable that holds the token.</summary>
    public string? TokenEnv { get; init; }

    /// <summary>What it is called: its name, else its place in the list, from 1.</summary>
    public string NameAt(int index) => Name.Length > 0 ? Name : $"agent {index + 1}";

    public string? EffectiveToken => Token ?? (TokenEnv is { } name ? Environment.GetEnvironmentVariable(name) : null);

    /// <summary>Every mistake at once.</summary>
    /// <param name="path">Where it stands in the settings.</param>
    public IEnumerable<string> Mistakes(string path)
    {
        if (Url is not { IsAbsoluteUri: true, Scheme: "http" or "https", Host.Length: > 0 })
        {
            // A mere "hv01:5090" reads as an address of the scheme "hv01".
            yield return $"{path}:Url is '{AddressText.Shown(Url)}'; it must be the agent's address and begin with http:// or https://, such as http://127.0.0.1:5090.";
        }
        else if (Url.UserInfo.Length > 0)
        {
            yield return $"{path}:Url holds a user name or password for {Url.Host}; nobody would send them. Take out what stands before the @ and give the agent's token in {path}:TokenEnv.";
        }
        else if (Url.Scheme == "http" && !Url.IsLoopback && (Token is not null || TokenEnv is not null))
        {
            yield return $"{path}:Url is {Url}, over which the token could be read on the way; use https://{Url.Authority}, with Agent:Certificate set at the agent.";
        }

        // Agent and key together name where a reading comes from.
        if (Name.Contains('/', StringComparison.Ordinal))
        {
            yield return $"{path}:Name is '{VisibleText.Of(Name)}'; it may hold no '/'.";
        }

        // An agent asked without its token only says 401. The value is not repeated: it may be a token in the wrong place.
        if (Token is null && TokenEnv is not null && string.IsNullOrEmpty(EffectiveToken))
        {
            yield return $"{path}:TokenEnv names no environment variable that holds anything; it must be the variable's name, not the token.";
        }
    }
}

/// <summary>Where an agent answers and how it is asked.</summary>
public sealed record AgentAddress(string Name, Uri Url, string? Token);
