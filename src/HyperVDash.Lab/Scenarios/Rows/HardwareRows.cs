using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Sockets, memory nodes and the hypervisor on them.</summary>
internal static class HardwareRows
{
    private const ulong BlockBytes = 1 << 20;

    public static void Write(HostTables t)
    {
        WriteProcessors(t);
        WriteHypervisor(t);
        if (t.HasV2)
        {
            WriteNodes(t);
        }

        if (t.Since("2016"))
        {
            t.Add("root/Microsoft/Windows/DeviceGuard", new("Win32_DeviceGuard")
            {
                ["InstanceIdentifier"] = "4ff40742-2649-41b8-bdd1-e80fad1cce80", ["Version"] = "1.0", ["VirtualizationBasedSecurityStatus"] = t.Description.IsCredentialGuardRunning ? 2 : 0,
                ["SecurityServicesRunning"] = (uint[])[t.Description.IsCredentialGuardRunning ? 1u : 0u], ["SecurityServicesConfigured"] = (uint[])[0u],
            });
        }
    }

    private static void WriteProcessors(HostTables t)
    {
        var d = t.Description;
        for (int socket = 0; socket < d.Sockets; socket++)
        {
            var row = t.Add(HostTables.Cimv2, new("Win32_Processor")
            {
                ["DeviceID"] = $"CPU{socket}", ["Name"] = d.Processor.Name, ["Caption"] = d.Processor.Caption, ["Description"] = d.Processor.Caption, ["Manufacturer"] = d.Processor.Manufacturer,
                ["NumberOfCores"] = Math.Max(1, d.LogicalProcessors / d.Sockets / 2), ["NumberOfLogicalProcessors"] = d.LogicalProcessors / d.Sockets, ["MaxClockSpeed"] = d.Processor.MegaHertz,
                ["SocketDesignation"] = $"CPU{socket}", ["Status"] = "OK", ["LoadPercentage"] = 12,
            });
            if (t.Since("2012"))
            {
                // The hypervisor holds what the firmware switched on.
                row["VirtualizationFirmwareEnabled"] = !d.IsHypervisorRunning;
                row["VMMonitorModeExtensions"] = true;
                row["SecondLevelAddressTranslationExtensions"] = true;
            }
        }
    }

    private static void WriteHypervisor(HostTables t)
    {
        var running = t.Description.Vms.Where(v => v.HasWorker).ToList();
        if (t.Description.IsHypervisorRunning)
        {
            t.Add(HostTables.Cimv2, new("Win32_PerfRawData_HvStats_HyperVHypervisor")
            {
                ["Name"] = "", ["Partitions"] = (ulong)running.Count + 1, ["LogicalProcessors"] = (ulong)t.Description.LogicalProcessors,
                ["VirtualProcessors"] = (ulong)(t.Description.LogicalProcessors + running.Sum(v => v.Processors)),
            });
        }
    }

    private static void WriteNodes(HostTables t)
    {
        var d = t.Description;
        ulong blocks = (ulong)d.MemoryMb / (ulong)d.NumaNodes;
        for (int node = 0; node < d.NumaNodes; node++)
        {
            t.Add(HostTables.V2, new("Msvm_NumaNode")
            {
                ["NodeID"] = $@"Microsoft:PhysicalNode\{node}", ["NumberOfLogicalProcessors"] = d.LogicalProcessors / d.NumaNodes, ["CurrentlyConsumableMemoryBlocks"] = blocks / 2,
                ["NumberOfProcessorCores"] = d.LogicalProcessors / d.NumaNodes / 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2],
            });
            AddMemory(t, d.Name, $@"Microsoft:{WellKnown.Memory.ToUpperInvariant()}\{node}", blocks);
        }

        AddMemory(t, d.Name, $@"Microsoft:{WellKnown.Memory.ToUpperInvariant()}\Aggregate", (ulong)d.MemoryMb);
        foreach (var vm in d.Vms.Where(v => v.HasWorker))
        {
            AddMemory(t, vm.Id.Upper(), $@"Microsoft:{WellKnown.Memory.ToUpperInvariant()}\0", (ulong)vm.MemoryMb);
        }
    }

    private static void AddMemory(HostTables t, string system, string device, ulong blocks) => t.Add(HostTables.V2, new LabInstance("Msvm_Memory")
    {
        ["CreationClassName"] = "Msvm_Memory", ["DeviceID"] = device, ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = system, ["BlockSize"] = BlockBytes,
        ["NumberOfBlocks"] = blocks, ["ConsumableBlocks"] = blocks, ["ElementName"] = t.Words.Memory, ["EnabledState"] = 2, ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2],
    });
}
