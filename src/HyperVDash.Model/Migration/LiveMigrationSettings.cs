using System.Collections.Immutable;

namespace HyperVDash.Model.Migration;

/// <summary>Content of the section liveMigration (Msvm_VirtualSystemMigrationServiceSettingData); unsupported on v1.</summary>
public sealed record LiveMigrationSettings
{
    /// <summary>EnableVirtualSystemMigration.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>AuthenticationType: 0 CredSSP, 1 Kerberos.</summary>
    public MigrationAuthentication? Authentication { get; init; }

    /// <summary>MaximumActiveVirtualSystemMigration.</summary>
    public int? MaximumMigrations { get; init; }

    /// <summary>MaximumActiveStorageMigration.</summary>
    public int? MaximumStorageMigrations { get; init; }

    /// <summary>EnableCompression; null before 2012 R2.</summary>
    public bool? UsesCompression { get; init; }

    /// <summary>EnableSmbTransport; null before 2012 R2.</summary>
    public bool? UsesSmb { get; init; }

    /// <summary>Msvm_VirtualSystemMigrationNetworkSettingData as prefixes, e.g. <c>10.0.8.0/24</c>; empty: any network. Null: not read.</summary>
    public ImmutableArray<string>? Networks { get; init; }
}

public enum MigrationAuthentication { Unknown, CredSsp, Kerberos }
