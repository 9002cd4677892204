using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>Teams, VLANs of every mode, port features and integration services of generated hosts. Its numbers are its own, so that the rest of a lab stays as it is.</summary>
internal static class NetworkVariety
{
    public static HostDescription Of(HostDescription host, Parts parts, SequenceOf random)
    {
        bool isOld = host.Release is "pre2008" or "2008R2";
        host = host with
        {
            Nics = [.. host.Nics.Select(n => n with { JumboPacket = random.Below(3) switch { 0 => null, 1 => 9014, _ => 1514 }, IsVmqEnabled = random.Below(4) > 0, IsConnected = random.Below(5) > 0 })],
            Switches =
            [
                .. host.Switches.Select(s => s with
                {
                    HostVlan = s.IsSharedWithHost ? Vlan(random, isOld) : null, ExtensionsOff = random.Below(3) == 0 ? ["430BDADD-BAB0-41AB-A369-94B67FA5BE0A"] : [],
                    HostAdapters = s.IsSharedWithHost && !isOld && random.Below(2) == 0 ? [new LabHostAdapter("Live Migration", Vlan(random, isOld))] : [],
                }),
            ],
        };
        return isOld || host.Switches[0].Uplinks.IsEmpty ? host : host.Release is "2012" or "2012R2" ? WithTeam(host, parts) : WithEmbeddedTeam(host, parts);
    }

    public static LabVm Of(LabVm vm, HostDescription host, SequenceOf random)
    {
        bool isOld = host.Release is "pre2008" or "2008R2";
        return vm with
        {
            Nics = [.. vm.Nics.Select(n => Nic(n, random, isOld, host.Release == "2012"))],
            ServicesOff = random.Below(4) == 0 ? ["GuestServiceInterface", "TimeSync"] : random.Below(4) == 0 ? [] : ["GuestServiceInterface"],
            MemoryBuffer = random.Below(60) - 20, IsSmartPaging = random.Below(10) == 0, SpansNumaNodes = random.Below(10) == 0,
            Guest = vm.Guest.Items.IsEmpty ? vm.Guest : vm.Guest with
            {
                CustomItems = random.Below(3) == 0 ? [("Owner", "team <blue> & co"), ("Empty", null)] : [], ApplicationCode = random.Below(5) switch { 0 => null, 1 => 32782, _ => 2 },
            },
        };
    }

    private static LabNic Nic(LabNic nic, SequenceOf random, bool isOld, bool hasBothNamespaces)
    {
        var vlan = nic.SwitchId is null || random.Below(3) > 0 ? null : Vlan(random, isOld || hasBothNamespaces);
        nic = nic with { VmqWeight = random.Below(3) == 0 ? 0u : 100u };
        nic = vlan is null ? nic : nic with { Vlan = vlan, VlanId = vlan.Id };
        return isOld || nic.SwitchId is null ? nic : nic with
        {
            HasDhcpGuard = random.Below(5) == 0, HasRouterGuard = random.Below(5) == 0, AllowsTeaming = random.Below(6) == 0, MonitorMode = (uint)random.Below(3), SrIovWeight = random.Below(8) == 0 ? 50u : 0u,
            Bandwidth = random.Below(4) == 0 ? new LabBandwidth(0, (ulong)random.Below(100), 1_000_000_000UL * (ulong)random.Below(3)) : null, IsClusterMonitored = random.Below(6) > 0,
        };
    }

    private static LabVlan? Vlan(SequenceOf random, bool isOld) => random.Below(isOld ? 3 : 4) switch
    {
        0 => null,
        1 => LabVlan.Access(100 + random.Below(50)),
        2 => LabVlan.Trunked(10 + random.Below(5), 20, 30, 4094),
        _ => LabVlan.Private(1 + (uint)random.Below(3), 200, 201),
    };

    private static HostDescription WithTeam(HostDescription host, Parts parts)
    {
        var spare = parts.Wired("Ethernet T", "Contoso 10G Adapter #T");
        var team = new LabTeam("Team A", parts.Wired("Team A", "Microsoft Network Adapter Multiplexor Driver", 20_000_000_000), [host.Nics[0].Name, spare.Name]);
        return host with { Nics = [.. host.Nics, spare], Teams = [team], Switches = Rebound(host, [team.Adapter.Id]) };
    }

    private static HostDescription WithEmbeddedTeam(HostDescription host, Parts parts)
    {
        var spare = parts.Wired("Ethernet T", "Contoso 10G Adapter #T");
        return host with { Nics = [.. host.Nics, spare], Switches = Rebound(host, [host.Nics[0].Id, spare.Id]) };
    }

    private static ImmutableArray<LabSwitch> Rebound(HostDescription host, ImmutableArray<Guid> uplinks) => host.Switches.SetItem(0, host.Switches[0] with { Uplinks = uplinks });
}
