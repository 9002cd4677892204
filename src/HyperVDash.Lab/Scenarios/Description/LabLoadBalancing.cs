using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A host's part in an NLB cluster.</summary>
/// <param name="Address">The virtual address.</param>
/// <param name="Adapter">The bound adapter.</param>
/// <param name="Priority">Of this host.</param>
public sealed record LabLoadBalancing(string Address, Guid Adapter, uint Priority)
{
    /// <summary>As NLB Manager puts it until somebody types one.</summary>
    public string Name { get; init; } = "cluster.domain.com";

    public string NetworkMask { get; init; } = "255.255.255.0";

    public bool IsMulticast { get; init; }

    public bool IsIgmp { get; init; }

    /// <summary>What the adapter was given instead of the address that NLB makes, e.g. <c>00-15-5d-0a-00-01</c>; null: nothing.</summary>
    public string? MacAddress { get; init; }

    public string DedicatedAddress { get; init; } = "";

    /// <summary>0 stopped, 1 started, 2 suspended.</summary>
    public uint ModeOnStart { get; init; } = 1;

    public ImmutableArray<LabNlbNode> Members { get; init; } = [];

    public ImmutableArray<LabPortRule> Rules { get; init; } = [];
}

/// <param name="StatusCode">What the node says of itself; others hear 0.</param>
public sealed record LabNlbNode(string Name, uint Priority, string DedicatedAddress, uint StatusCode);

/// <param name="Protocol">1 TCP, 2 UDP, 3 both.</param>
public sealed record LabPortRule(uint StartPort, uint EndPort, uint Protocol)
{
    /// <summary>1 single, 2 multiple, 3 disabled.</summary>
    public uint Filtering { get; init; } = 2;

    /// <summary>0 none, 1 single, 2 network.</summary>
    public uint Affinity { get; init; } = 1;
}
