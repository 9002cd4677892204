using HyperVDash.Model.Clusters;

namespace HyperVDash.Agent.Collect.Clusters;

/// <summary>The cluster's numbers as words. Unknown arrives as -1 or as 4294967295.</summary>
internal static class ClusterWords
{
    public static ClusterNodeState Node(long? code) => code switch
    {
        0 => ClusterNodeState.Up, 1 => ClusterNodeState.Down, 2 => ClusterNodeState.Paused, 3 => ClusterNodeState.Joining, _ => ClusterNodeState.Unknown,
    };

    public static ClusterGroupState Group(long? code) => code switch
    {
        0 => ClusterGroupState.Online, 1 => ClusterGroupState.Offline, 2 => ClusterGroupState.Failed, 3 => ClusterGroupState.PartialOnline,
        4 => ClusterGroupState.Pending, _ => ClusterGroupState.Unknown,
    };

    public static ClusterResourceState Resource(long? code) => code switch
    {
        0 => ClusterResourceState.Inherited, 1 => ClusterResourceState.Initializing, 2 => ClusterResourceState.Online, 3 => ClusterResourceState.Offline,
        4 => ClusterResourceState.Failed, 128 => ClusterResourceState.Pending, 129 => ClusterResourceState.OnlinePending, 130 => ClusterResourceState.OfflinePending,
        _ => ClusterResourceState.Unknown,
    };

    public static ClusterNetworkState Network(long? code) => code switch
    {
        0 => ClusterNetworkState.Unavailable, 1 => ClusterNetworkState.Down, 2 => ClusterNetworkState.Partitioned, 3 => ClusterNetworkState.Up, _ => ClusterNetworkState.Unknown,
    };

    public static ClusterInterfaceState Interface(long? code) => code switch
    {
        0 => ClusterInterfaceState.Unavailable, 1 => ClusterInterfaceState.Failed, 2 => ClusterInterfaceState.Unreachable, 3 => ClusterInterfaceState.Up, _ => ClusterInterfaceState.Unknown,
    };

    public static SharedVolumeFault Fault(long? code) => code switch
    {
        0 => SharedVolumeFault.None, 1 => SharedVolumeFault.Redirected, 2 => SharedVolumeFault.NoAccess, _ => SharedVolumeFault.Unknown,
    };
}
