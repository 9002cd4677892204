using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>How a host moves running VMs.</summary>
public sealed record LabMigration
{
    public bool IsEnabled { get; init; }

    /// <summary>0 CredSSP, 1 Kerberos.</summary>
    public ushort Authentication { get; init; } = 1;

    public uint Maximum { get; init; } = 2;

    /// <summary>Memory goes over SMB; 2012 R2 and later.</summary>
    public bool UsesSmb { get; init; }

    /// <summary>Prefixes such as <c>10.0.8.0/24</c>; empty: any network.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];
}
