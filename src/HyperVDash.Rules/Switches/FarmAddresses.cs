using HyperVDash.Model.Devices;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

/// <summary>Which adapters of all hosts have which MAC address.</summary>
internal static class FarmAddresses
{
    private const string None = "000000000000";

    /// <summary>Begins the addresses that Hyper-V gives; a physical adapter that has one is that of a VM, seen from inside.</summary>
    private const string HyperV = "00155D";

    /// <summary>VMs' adapters; also of VMs that their host does not list. Reads <c>devices</c>.</summary>
    public static FarmJoin<string, NetworkAdapter> OfVms { get; } = new(["devices"], ListedOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>A host's own adapters, each address once, with the port it has on a switch; null: it has none. Reads <c>switches</c> and <c>physicalNetwork</c>.</summary>
    public static FarmJoin<string, SwitchedPort?> OfHosts { get; } = new(["switches", "physicalNetwork"], OwnOf, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(string Address, NetworkAdapter Adapter)> ListedOf(HostSubject host) =>
        (host.Reading.Devices.Content?.NetworkAdapters ?? []).Where(n => n.MacAddress is not (null or None)).Select(n => (n.MacAddress!, n));

    /// <summary>Several of a host's own adapters share one address by design: that on a switch has the address of what is under it.</summary>
    private static IEnumerable<(string Address, SwitchedPort? Port)> OwnOf(HostSubject host)
    {
        var switches = host.Reading.Switches.Content;
        return (switches?.HostAdapters ?? []).Select(a => (a.MacAddress, Port: switches!.Items.FirstOrDefault(s => s.Id.Equals(a.SwitchId, StringComparison.OrdinalIgnoreCase))?.Name is { } name ? new SwitchedPort(name, a.Vlan, a.VlanId) : null))
            .Concat((host.Reading.PhysicalNetwork.Content?.Items ?? []).Where(a => a.MacAddress?.StartsWith(HyperV, StringComparison.OrdinalIgnoreCase) == false).Select(a => (a.MacAddress, Port: (SwitchedPort?)null)))
            .Where(a => a.MacAddress is not null).DistinctBy(a => a.MacAddress, StringComparer.OrdinalIgnoreCase).Select(a => (a.MacAddress!, a.Port));
    }
}

/// <summary>Where an adapter is plugged in.</summary>
/// <param name="Switch">The switch's name, which means the same network on all hosts.</param>
internal sealed record SwitchedPort(string Switch, VlanMode Mode, int? Id);
