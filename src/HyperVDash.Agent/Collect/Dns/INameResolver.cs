using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>Looks names up from where the agent runs.</summary>
internal interface INameResolver
{
    /// <summary>One answer of each DNS server that was asked; an error is an answer too.</summary>
    Task<IReadOnlyList<DnsAnswer>> AskAsync(string name, CancellationToken cancellationToken);
}
