using System.Collections.Immutable;

namespace HyperVDash.Model.Replication;

/// <summary>Content of the section replicaServer (Msvm_ReplicationServiceSettingData); unsupported on v1.</summary>
public sealed record ReplicaServer
{
    /// <summary>RecoveryServerEnabled: the host accepts replicas.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>AllowedAuthenticationType: 1 Kerberos, 2 certificate, 3 both.</summary>
    public ReplicaAuthentication? Authentication { get; init; }

    public int? HttpPort { get; init; }

    public int? HttpsPort { get; init; }

    /// <summary>CertificateThumbPrint; empty if none is set, null: the host did not say.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>When that certificate ends (the machine's certificate store in the registry); null: none is set, or the store does not have it. One that could not be looked up makes the section partial.</summary>
    public DateTimeOffset? CertificateEndsAt { get; init; }

    /// <summary>Msvm_ReplicationAuthorizationSettingData.AllowedPrimaryHostSystem; <c>*</c> is any server. Null: not read.</summary>
    public ImmutableArray<string>? AllowedPrimaries { get; init; }
}

public enum ReplicaAuthentication { Unknown, Kerberos, Certificate, Both }
