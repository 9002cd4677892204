using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>Switches, the host's own adapters on them, and the physical adapters under them.</summary>
internal static class ExpectedNetwork
{
    private static readonly ImmutableArray<string> Brought = ["430BDADD-BAB0-41AB-A369-94B67FA5BE0A", "E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A"];

    public static VirtualSwitchList Switches(DescribedHost h) => new()
    {
        Items = [.. h.Host.Switches.Select(s => Switch(h, s)).OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Id, StringComparer.OrdinalIgnoreCase)],
        HostAdapters =
        [
            .. from one in h.Host.Switches
               from adapter in ((string Name, LabVlan? Vlan)[])[.. one.IsSharedWithHost ? [(one.Name, one.HostVlan)] : Array.Empty<(string, LabVlan?)>(), .. one.HostAdapters.Select(a => (a.Name, a.Vlan))]
               let vlan = ExpectedAdapters.Vlan(adapter.Vlan)
               let isPrivate = vlan.Mode == Model.Devices.VlanMode.Private
               select new HostAdapter("", adapter.Name)
               {
                   SwitchId = one.Id.Upper(), Vlan = vlan.Mode, VlanId = vlan.Id, TrunkVlanIds = vlan.Trunk,
                   PrivateVlan = isPrivate ? (Model.Devices.PrivateVlanMode)adapter.Vlan!.PrivateMode : default, PrimaryVlanId = isPrivate ? adapter.Vlan!.Primary : null, SecondaryVlanId = isPrivate ? adapter.Vlan!.Secondary : null,
               },
        ],
    };

    private static VirtualSwitch Switch(DescribedHost h, LabSwitch one)
    {
        var read = new VirtualSwitch(one.Id.Upper(), one.Name)
        {
            Type = !one.Uplinks.IsEmpty ? SwitchType.External : one.IsSharedWithHost || !one.HostAdapters.IsEmpty ? SwitchType.Internal : SwitchType.Private,
            IsSharedWithHost = one.IsSharedWithHost || !one.HostAdapters.IsEmpty,
            Uplinks = [.. one.Uplinks.Select(u => Uplink(h, h.Host.BindableNics.Single(n => n.Id == u))).OrderBy(u => u.AdapterId!.Value)],
        };
        if (h.IsOld)
        {
            return read;
        }

        var extensions = one.Extensions ?? Brought;
        bool isTeam = h.Since("2016") && one.Uplinks.Length > 1;
        return read with
        {
            IsSrIovPreferred = one.PrefersIov,
            BandwidthMode = one.BandwidthMode switch { 0 => BandwidthMode.Default, 1 => BandwidthMode.Weight, 2 => BandwidthMode.Absolute, _ => BandwidthMode.None },
            IsEmbeddedTeaming = h.Since("2016") ? isTeam : null, IsPacketDirect = h.Since("2016") ? false : null,
            Extensions = [.. extensions.Where(e => !one.ExtensionsOff.Contains(e)).Order(StringComparer.OrdinalIgnoreCase)],
            ExtensionList = [.. extensions.Select(e => new SwitchExtension(e, h.Words.SwitchExtension, !one.ExtensionsOff.Contains(e)))],
            CreatedAt = one.CreatedAt, TeamingMode = isTeam ? 1 : null, TeamLoadBalancing = isTeam ? (int)one.TeamLoadBalancing : null,
            VmqCapacity = one.Uplinks.IsEmpty ? 0 : 63, VmqUsage = h.Host.Vms.Where(v => v.HasWorker).SelectMany(v => v.Nics).Count(n => n.SwitchId == one.Id && n.VmqWeight > 0),
            SrIovCapacity = one.PrefersIov ? 62 : 0, SrIovUsage = 0,
        };
    }

    private static SwitchUplink Uplink(DescribedHost h, LabPhysicalNic nic) => new()
    {
        AdapterId = nic.Id, Description = nic.Description, MacAddress = nic.Mac, BitsPerSecond = (long)nic.Speed,
        // A switch's port says only of Wi-Fi what it is.
        Medium = nic.PhysicalMedium == 9 && !h.IsOld ? NetworkMedium.WiFi : NetworkMedium.Unknown,
    };

    public static PhysicalAdapterList Physical(DescribedHost h) => new()
    {
        Items = [.. h.Host.BindableNics.Where(n => !h.IsOld || h.Host.Teams.All(t => t.Adapter.Id != n.Id)).Select(n => Adapter(h, n)).OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)],
        Teams = h.IsOld ? null : [.. h.Host.Teams.OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Select(t => Team(h, t))],
        // Addresses are not described.
        IpConfigurations = null,
    };

    private static NetworkTeam Team(DescribedHost h, LabTeam team) => new(team.Name)
    {
        Members = [.. h.Host.Nics.Where(n => team.Members.Contains(n.Name)).Select(n => n.Name)],
        Mode = (int)team.Mode, LoadBalancing = (int)team.LoadBalancing,
        Interfaces = [new(team.Adapter.Name, true, null), .. team.VlanInterfaces.Select(v => new TeamInterface($"{team.Name} - VLAN {v}", false, v))],
        Adapters = [team.Adapter.Description, .. team.VlanInterfaces.Select(v => $"{team.Adapter.Description} #{v}")],
    };

    private static PhysicalAdapter Adapter(DescribedHost h, LabPhysicalNic nic)
    {
        bool isTeam = h.Host.Teams.Any(t => t.Adapter.Id == nic.Id);
        var medium = nic.PhysicalMedium switch { 9 => NetworkMedium.WiFi, 8 => NetworkMedium.Mobile, _ => NetworkMedium.Ethernet };
        var read = new PhysicalAdapter
        {
            Id = nic.Id, Name = nic.Name, Description = nic.Description, Medium = medium, IsConnected = nic.IsConnected, IsEnabled = true, IsUp = nic.IsConnected,
            BitsPerSecond = (long)nic.Speed, MacAddress = nic.Mac, MediumCode = h.IsOld ? $"physical {nic.PhysicalMedium}" : $"physical {nic.PhysicalMedium}, medium {nic.Medium}",
        };
        return h.IsOld ? read : read with
        {
            Team = h.Host.Teams.FirstOrDefault(t => t.Members.Contains(nic.Name))?.Name, DriverVersion = nic.DriverVersion, DriverProvider = isTeam ? "Microsoft" : nic.DriverProvider,
            VlanId = nic.VlanId, Mtu = (int)nic.Mtu, JumboPacket = nic.JumboPacket,
            Vmq = nic.PhysicalMedium != 14 ? null : new()
            {
                IsEnabled = nic.HasQueues && nic.IsVmqEnabled, Queues = nic.HasQueues ? 63 : 0, BaseProcessor = 0, MaximumProcessors = nic.HasQueues ? 16 : 0,
            },
            Rss = nic.PhysicalMedium != 14 ? null : new() { IsEnabled = nic.IsRssEnabled, Queues = nic.HasQueues ? 8 : 2, BaseProcessor = 0, MaximumProcessors = 8 },
        };
    }
}
