namespace HyperVDash.Model.Findings;

/// <summary>Points at one object by its id; the name is for people.</summary>
/// <param name="Id">Stable: VM GUID, host id, instance id in lower case; never a name.</param>
/// <param name="HostId">The host it is on, for links; null for clusters and the farm.</param>
public sealed record ObjectRef(ObjectKind Kind, string Id, string Name, string? HostId = null);

public enum ObjectKind { Unknown, Farm, Cluster, ClusterNode, Host, VirtualMachine, Controller, Drive, NetworkAdapter, Switch, PhysicalAdapter, Checkpoint, Service, Volume, VirtualDisk, PrintQueue, LoadBalancingCluster, DnsName }

/// <summary>What part an object plays in a finding.</summary>
public enum AffectedRole { Unknown, Subject, Cause, Impacted, Context }

/// <summary>An object that a finding concerns beside its subject.</summary>
public sealed record AffectedObject(AffectedRole Role, ObjectRef Object);
