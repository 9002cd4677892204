using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Model.Print;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>What a host does beside: printing and load balancing.</summary>
internal static class ExpectedServers
{
    public static PrintServer? Print(DescribedHost h) => h.Host.PrintServer is not { } server ? null : new()
    {
        Queues = h.Host.StoppedServices.Contains("Spooler") ? null : [.. server.Queues.OrderBy(q => q.Share, StringComparer.OrdinalIgnoreCase).Select(q => Queue(server, q))],
        Policy = server.Policy switch { 1 => SpoolerPolicy.Enabled, 2 => SpoolerPolicy.Disabled, _ => SpoolerPolicy.NotConfigured },
        SpoolerStartedAt = h.Host.StoppedServices.Contains("Spooler") ? null : h.Host.BootedAt.AddMinutes(2),
        Aliases = new()
        {
            OptionalNames = server.OptionalName is { } name ? [name] : server.OptionalNames, OptionalNamesType = server.OptionalName is not null ? RegistryType.String : server.OptionalNames is null ? null : RegistryType.MultiString,
            ServerServiceStartedAt = h.Host.StoppedServices.Contains("LanmanServer") ? null : h.Host.BootedAt.AddMinutes(2),
            IsStrictNameCheckingOff = server.DisableStrictNameChecking == 1, HardeningLevel = server.HardeningLevel, AllowedNames = server.AllowedNames, IsDnsOnWire = server.DnsOnWire == 1,
            NtlmRestriction = server.NtlmRestriction, BackConnectionNames = server.BackConnectionNames, RpcPrivacy = server.RpcPrivacy,
        },
    };

    private static PrintQueue Queue(LabPrintServer server, LabQueue queue)
    {
        // One file serves all queues of a driver.
        var driver = server.Queues.First(q => q.Driver.Equals(queue.Driver, StringComparison.OrdinalIgnoreCase));
        return new(queue.Name, queue.Share)
        {
            Driver = queue.Driver, DriverVersion = "3", DriverFileVersion = driver.DriverFileVersion, Environments = driver.Environments, Port = $"IP_{queue.Address}", PortAddress = queue.Address,
            PortNumber = queue.LprQueue is null ? queue.PortNumber : 515, PortQueue = queue.LprQueue, PrintProcessor = "winprint", DataType = "RAW", Attributes = 0x2848, Location = queue.Location, Comment = queue.Comment,
        };
    }

    public static LoadBalancingState? LoadBalancing(DescribedHost h) => h.Host.LoadBalancing is not { } nlb ? null : new()
    {
        Clusters =
        [
            new(nlb.Address)
            {
                Name = nlb.Name, NetworkMask = nlb.NetworkMask, AdapterId = nlb.Adapter, HostPriority = (int)nlb.Priority, StartsWithWindows = nlb.ModeOnStart == 1,
                Mode = !nlb.IsMulticast ? NlbMode.Unicast : nlb.IsIgmp ? NlbMode.IgmpMulticast : NlbMode.Multicast, DedicatedAddress = nlb.DedicatedAddress.Length == 0 ? null : nlb.DedicatedAddress,
                Nodes = [.. nlb.Members.OrderBy(m => m.Priority).Select(m => Node(nlb, m))],
                StateSeenAt = nlb.Members.Select(m => Node(nlb, m)).Any(n => n.IsLocal && n.State != NlbNodeState.Unknown) ? h.Now : null,
                PortRules =
                [
                    .. nlb.Rules.OrderBy(r => r.StartPort).ThenBy(r => r.Protocol).Select(r => new NlbPortRule((int)r.StartPort, (int)r.EndPort, (NlbProtocol)r.Protocol)
                    {
                        Filtering = (NlbFiltering)r.Filtering, Affinity = (NlbAffinity)(r.Affinity + 1), IsEnabled = true,
                    }),
                ],
            },
        ],
    };

    private static NlbNode Node(LabLoadBalancing nlb, LabNlbNode node)
    {
        bool isSelf = node.Priority == nlb.Priority;
        var state = !isSelf ? NlbNodeState.Unknown : node.StatusCode switch
        {
            1005 => NlbNodeState.Stopped, 1006 => NlbNodeState.Converging, 1007 => NlbNodeState.Converged, 1008 => NlbNodeState.ConvergedAsDefault, 1009 => NlbNodeState.Draining, _ => NlbNodeState.Unknown,
        };
        return new(node.Name, (int)node.Priority, state) { StatusCode = isSelf ? (int)node.StatusCode : 0, DedicatedAddress = node.DedicatedAddress.Length == 0 ? null : node.DedicatedAddress, IsLocal = isSelf };
    }
}
