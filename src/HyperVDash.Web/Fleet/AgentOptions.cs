namespace HyperVDash.Web.Fleet;

/// <summary>An agent that runs elsewhere; one entry of the setting <c>Web:Agents</c>.</summary>
public sealed record AgentOptions
{
    public string Name { get; init; } = "";

    public Uri? Url { get; init; }

    public string? Token { get; init; }

    /// <summary>Environment variable that holds the token.</summary>
    public string? TokenEnv { get; init; }
}

/// <summary>Where an agent answers and how it is asked.</summary>
public sealed record AgentAddress(string Name, Uri Url, string? Token);
