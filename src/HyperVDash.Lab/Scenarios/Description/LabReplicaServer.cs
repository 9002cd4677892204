using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Whether and from whom a host takes replicas.</summary>
public sealed record LabReplicaServer
{
    public bool IsEnabled { get; init; }

    /// <summary>1 Kerberos, 2 certificate, 3 both.</summary>
    public ushort Authentication { get; init; } = 1;

    /// <summary>Null: no certificate is set.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The certificate in DER, as the machine's store keeps it; null: the store has none of that thumbprint.</summary>
    public ImmutableArray<byte>? Certificate { get; init; }

    /// <summary>A star is any server.</summary>
    public ImmutableArray<string> AllowedPrimaries { get; init; } = [];
}
