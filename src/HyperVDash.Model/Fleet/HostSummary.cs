namespace HyperVDash.Model.Fleet;

/// <summary>One line of <c>GET /v1/hosts</c>.</summary>
public sealed record HostSummary(string Key, string Name)
{
    public string? Id { get; init; }

    public Origin Origin { get; init; }

    public string Revision { get; init => field = value ?? ""; } = "";

    /// <summary>When the VM list was last read well; null if never.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>State of the newest try to read the VM list, and its reason.</summary>
    public Attempt Attempt { get; init => field = value ?? new(); } = new();
}
