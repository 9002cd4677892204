namespace HyperVDash.Rules.Releases;

/// <summary>What a release can do, where rules differ by it.</summary>
public sealed record ReleaseCapabilities
{
    /// <summary>On 2008 R2 with service pack 1.</summary>
    public bool DynamicMemory { get; init; }

    public bool LiveMigration { get; init; }

    /// <summary>Deleting a checkpoint merges while the VM runs; before, only when it is off.</summary>
    public bool LiveMerge { get; init; }

    public bool Replica { get; init; }

    /// <summary>Backups leave checkpoints of a kind of their own.</summary>
    public bool BackupCheckpoints { get; init; }

    /// <summary>Secure Boot of generation 2 has templates.</summary>
    public bool SecureBootTemplates { get; init; }

    public bool ProductionCheckpoints { get; init; }

    public IntegrationServicesBy IntegrationServicesBy { get; init; }

    public TeamUnderSwitch TeamUnderSwitch { get; init; }

    public LoadBalancingSupport LoadBalancing { get; init; }
}

/// <summary>How guests get their integration services.</summary>
public enum IntegrationServicesBy { Disk, WindowsUpdate }

/// <summary>A team of physical adapters under a virtual switch: the maker's own, that of Windows, or rather none.</summary>
public enum TeamUnderSwitch { Vendor, Allowed, Discouraged, Refused }

/// <summary>Network Load Balancing on the release.</summary>
public enum LoadBalancingSupport { Supported, Deprecated }
