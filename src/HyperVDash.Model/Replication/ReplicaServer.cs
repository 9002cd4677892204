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

    /// <summary>Of the VMs that this host copies to another, as far as they were asked for: a bounded number in one read. Null: not read.</summary>
    public ImmutableArray<ReplicationStatistics>? Statistics { get; init; }
}

/// <summary>How the cycles of a VM's replication went (Msvm_ReplicationStatistics, by Msvm_ReplicationService.GetReplicationStatistics).</summary>
public sealed record ReplicationStatistics(Guid VirtualMachineId)
{
    /// <summary>StartStatisticTime: since when is counted; null: not said.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>ReplicationSuccessCount.</summary>
    public int? Succeeded { get; init; }

    /// <summary>ReplicationMissCount: cycles that did not begin in time.</summary>
    public int? Missed { get; init; }

    /// <summary>PendingReplicationSize: what waits to be sent.</summary>
    public Units.ByteSize? Pending { get; init; }

    /// <summary>When this VM was asked for last.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>Share of cycles that were missed, in percent, rounded down; 0 while none was due; null: not said.</summary>
    public int? MissedPercent => Missed is { } missed && Succeeded is { } succeeded ? missed + succeeded == 0 ? 0 : (int)(100L * missed / (missed + succeeded)) : null;
}

public enum ReplicaAuthentication { Unknown, Kerberos, Certificate, Both }
