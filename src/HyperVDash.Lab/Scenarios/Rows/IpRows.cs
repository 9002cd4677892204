using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>IP settings of the interfaces that have some: host adapters on switches, and physical adapters that no switch took over.</summary>
internal static class IpRows
{
    public static void Write(HostTables t)
    {
        var d = t.Description;
        var taken = d.Switches.SelectMany(s => s.Uplinks).ToHashSet();
        var members = d.Teams.SelectMany(team => team.Members).ToHashSet();
        uint index = 30;
        int network = 0;
        foreach (var one in d.Switches)
        {
            foreach (var (id, name) in HostAdapterIds.Of(one))
            {
                Write(t, id, name, ++index, ++network, one.HostMtu, network == 1, false);
            }
        }

        foreach (var nic in d.BindableNics.Where(n => n.IsConnected && !taken.Contains(n.Id) && !members.Contains(n.Name)))
        {
            Write(t, nic.Id, nic.Name, ++index, ++network, nic.Mtu, nic.IsWayOut ?? network == 1, nic.IsForwarding);
        }
    }

    private static void Write(HostTables t, Guid id, string name, uint index, int network, uint size, bool isWayOut, bool isForwarding)
    {
        int host = 11 + (int)((uint)Ids.Of(t.Description.Name).GetHashCode() % 200);
        string interfaceId = id.ToString("B").ToUpperInvariant();
        t.Add(HostTables.Cimv2, new("Win32_NetworkAdapterConfiguration")
        {
            ["Index"] = index, ["InterfaceIndex"] = index, ["SettingID"] = interfaceId, ["Description"] = name, ["Caption"] = name, ["IPEnabled"] = true, ["DHCPEnabled"] = false,
            ["IPAddress"] = (string[])[$"192.168.{9 + network}.{host}", $"fe80::{network}:{host:x}"], ["IPSubnet"] = (string[])["255.255.255.0", "64"],
            ["DefaultIPGateway"] = isWayOut ? (string[])[$"192.168.{9 + network}.1"] : null, ["DNSServerSearchOrder"] = isWayOut ? (string[])["192.168.10.2"] : null,
            ["DNSHostName"] = t.Description.Name, ["FullDNSRegistrationEnabled"] = isWayOut,
        });
        if (t.Since("2012"))
        {
            // The persistent store says nothing of the size in force.
            foreach (var (store, mtu) in ((int, uint?)[])[(0, null), (1, size)])
            {
                t.Add("root/StandardCimv2", new("MSFT_NetIPInterface")
                {
                    ["InstanceID"] = $"{interfaceId};2;{store}", ["InterfaceIndex"] = index, ["InterfaceAlias"] = name, ["AddressFamily"] = 2, ["NlMtu"] = mtu, ["Forwarding"] = isForwarding ? 1 : 0,
                    ["Store"] = store, ["Dhcp"] = 0,
                });
            }
        }
    }
}
