using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Integration components of the VMs that have a worker.</summary>
internal static class GuestRows
{
    public static void Write(HostTables t, string cimNamespace)
    {
        foreach (var vm in t.Description.Vms)
        {
            WriteSettings(t, cimNamespace, vm);
        }

        foreach (var vm in t.Description.Vms.Where(v => v.HasWorker))
        {
            var heartbeat = vm.Guest.Heartbeat;
            bool isHealthy = heartbeat is LabContact.Ok;
            Add(t, cimNamespace, "Msvm_HeartbeatComponent", WellKnown.Heartbeat, t.Words.Heartbeat, vm, heartbeat, isHealthy ? (ushort[])[2, .. vm.Guest.ApplicationCode is { } application ? [application] : Array.Empty<ushort>()] : null);
            Add(t, cimNamespace, "Msvm_ShutdownComponent", WellKnown.Shutdown, t.Words.Shutdown, vm, heartbeat);
            Add(t, cimNamespace, "Msvm_TimeSyncComponent", WellKnown.TimeSync, t.Words.TimeSync, vm, heartbeat);
            Add(t, cimNamespace, "Msvm_VssComponent", WellKnown.Backup, t.Words.Backup, vm, heartbeat);
            var exchange = Add(t, cimNamespace, "Msvm_KvpExchangeComponent", WellKnown.KeyValuePairs, t.Words.KeyValuePairs, vm, vm.Guest.KeyValuePairs);
            exchange["GuestIntrinsicExchangeItems"] = vm.Guest.Items.Select(i => KeyValueText.Write(i.Name, i.Value)).ToArray();
            exchange["GuestExchangeItems"] = vm.Guest.CustomItems.Select(i => KeyValueText.Write(i.Name, i.Value)).ToArray();
            if (cimNamespace == HostTables.V2 && t.Since("2012R2"))
            {
                var service = Add(t, cimNamespace, "Msvm_GuestServiceInterfaceComponent", WellKnown.GuestService, t.Words.GuestService, vm, heartbeat);
            }

            if (cimNamespace == HostTables.V2)
            {
                WriteAddresses(t, vm);
            }
        }
    }

    private static LabInstance Add(
        HostTables t, string cimNamespace, string className, string device, string name, LabVm vm, LabContact contact, ushort[]? numbers = null)
    {
        // Before release every component says 2, whatever the guest does.
        numbers = cimNamespace == HostTables.V1 && !t.Since("2008R2") ? [2] : numbers ?? [(ushort)contact];
        return t.Add(cimNamespace, new LabInstance(className)
        {
            ["CreationClassName"] = className, ["DeviceID"] = $@"Microsoft:{device}", ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = vm.Id.Upper(),
            ["ElementName"] = name, ["Caption"] = name, ["EnabledState"] = vm.ServicesOff.Contains(className["Msvm_".Length..^"Component".Length]) ? 3 : 2, ["EnabledDefault"] = 2, ["RequestedState"] = 12, ["HealthState"] = 5, ["OperationalStatus"] = numbers,
            ["StatusDescriptions"] = (string[])[numbers[0] == 2 ? "OK" : t.Words.NoContact], ["Status"] = "OK", ["InstallDate"] = WellKnown.Never,
        });
    }

    /// <summary>The services as they are switched in the VM's settings, whether it runs or not.</summary>
    private static void WriteSettings(HostTables t, string cimNamespace, LabVm vm)
    {
        foreach (var (name, device) in ((string, string)[])
        [
            ("Heartbeat", WellKnown.Heartbeat), ("KvpExchange", WellKnown.KeyValuePairs), ("Shutdown", WellKnown.Shutdown), ("TimeSync", WellKnown.TimeSync), ("Vss", WellKnown.Backup),
            .. cimNamespace == HostTables.V2 && t.Since("2012R2") ? [("GuestServiceInterface", WellKnown.GuestService)] : Array.Empty<(string, string)>(),
        ])
        {
            t.Add(cimNamespace, new($"Msvm_{name}ComponentSettingData")
            {
                ["InstanceID"] = $@"Microsoft:{vm.Id.Upper()}\{device}", ["ElementName"] = name, ["ResourceType"] = 1, ["EnabledState"] = vm.ServicesOff.Contains(name) ? 3 : 2, ["PoolID"] = "",
            });
        }
    }

    private static void WriteAddresses(HostTables t, LabVm vm)
    {
        foreach (var nic in vm.Nics.Where(n => !n.IsLegacy))
        {
            t.Add(HostTables.V2, new("Msvm_GuestNetworkAdapterConfiguration")
            {
                ["InstanceID"] = $@"Microsoft:GuestNetwork\{vm.Id.Upper()}\{nic.Id.Upper()}", ["ElementName"] = nic.Name ?? t.Words.NetworkAdapter, ["ProtocolIFType"] = 4096,
                ["DHCPEnabled"] = true, ["IPAddresses"] = (string[])[nic.Address ?? ""], ["Subnets"] = (string[])[nic.Address is null ? "" : "255.255.255.0"],
                ["DefaultGateways"] = (string[])[nic.Gateway ?? ""], ["DNSServers"] = (string[])["192.168.10.2"],
            });
        }
    }
}
