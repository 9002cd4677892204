using System.Globalization;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>GetSummaryInformation: all VMs or those asked for, with the facts whose codes were asked for; and the rows that 2016 and later list.</summary>
internal sealed class SummaryMethod(HostTables t)
{
    private static readonly Dictionary<int, string> Codes = new()
    {
        [0] = "Name", [1] = "ElementName", [2] = "CreationTime", [3] = "Notes", [4] = "NumberOfProcessors", [8] = "AllocatedGPU", [9] = "VirtualSwitchNames", [10] = "Version",
        [11] = "Shielded", [100] = "EnabledState", [101] = "ProcessorLoad", [102] = "ProcessorLoadHistory", [103] = "MemoryUsage", [104] = "Heartbeat", [105] = "UpTime",
        [106] = "GuestOperatingSystem", [109] = "HealthState", [110] = "OperationalStatus", [111] = "StatusDescriptions", [112] = "MemoryAvailable", [113] = "AvailableMemoryBuffer",
        [114] = "ReplicationMode", [115] = "ReplicationState", [116] = "ReplicationHealth", [117] = "ApplicationHealth", [118] = "ReplicationStateEx", [119] = "ReplicationHealthEx",
        [120] = "SwapFilesInUse", [123] = "MemorySpansPhysicalNumaNodes",
    };

    private readonly Dictionary<(string, Guid), LabInstance> _summaries = [];

    public void Register()
    {
        foreach (var vm in t.Description.Vms)
        {
            if (t.HasV1)
            {
                Keep(HostTables.V1, vm);
            }

            if (t.HasV2)
            {
                var row = Keep(HostTables.V2, vm);
                if (t.Host.Release.Find(HostTables.V2, row.ClassName)!.IsQueryable)
                {
                    t.Add(HostTables.V2, row);
                }
            }
        }

        t.Host.Answer("Msvm_VirtualSystemManagementService", "GetSummaryInformation", Answer);
    }

    private LabInstance Keep(string cimNamespace, LabVm vm)
    {
        bool isV1 = cimNamespace == HostTables.V1;
        var row = new LabInstance("Msvm_SummaryInformation")
        {
            ["Name"] = vm.Id.Upper(), ["ElementName"] = vm.Name, ["EnabledState"] = isV1 ? Version1.VmRows.StateNumber(vm.State) : Version2.VmRows.StateNumber(vm.State), ["HealthState"] = vm.HealthState,
            ["CreationTime"] = vm.CreatedAt, ["Notes"] = string.Join('\n', vm.Notes), ["NumberOfProcessors"] = vm.Processors, ["GuestOperatingSystem"] = vm.HasWorker ? vm.Guest.OsName : null,
            ["Heartbeat"] = vm.HasWorker ? Heartbeat(vm.Guest.Heartbeat) : null, ["ProcessorLoad"] = 0, ["MemoryUsage"] = vm.HasWorker ? (ulong)vm.MemoryMb : 0UL, ["UpTime"] = 0UL,
        };
        if (!isV1 || t.Since("2008R2"))
        {
            row["OperationalStatus"] = vm.OperationalStatus.ToArray();
            row["StatusDescriptions"] = (string[])[t.Words.OperatingNormally];
            row["MemoryAvailable"] = vm is { HasDynamicMemory: true, HasMemoryDriver: true, HasWorker: true } ? vm.MemoryBuffer + 4 : int.MaxValue;
            row["AvailableMemoryBuffer"] = vm is { HasDynamicMemory: true, HasMemoryDriver: true, HasWorker: true } ? vm.MemoryBuffer : int.MaxValue;
        }

        if (!isV1)
        {
            FillV2(row, vm);
        }

        _summaries[(cimNamespace, vm.Id)] = row;
        if (vm.State == LabVmState.Running && vm.StartedAt is { } start)
        {
            int seed = vm.Id.GetHashCode() & 0xFFFF;
            t.Moves(now => row["UpTime"] = (ulong)Math.Max(0, (now - start).TotalMilliseconds));
            t.Happens(now => row["ProcessorLoad"] = vm.ProcessorLoad ?? (seed + (now.ToUnixTimeSeconds() / 5 * 7)) % 23);
        }

        return row;
    }

    private void FillV2(LabInstance row, LabVm vm)
    {
        row["ApplicationHealth"] = vm.Guest.Heartbeat == LabContact.Ok && vm.HasWorker ? 2 : 32896;
        row["IntegrationServicesVersionState"] = vm.HasWorker && vm.Guest.Items.Length > 0 ? vm.Guest.IsOutdated ? 2 : 1 : 0;
        row["MemorySpansPhysicalNumaNodes"] = vm.SpansNumaNodes;
        row["SwapFilesInUse"] = vm.IsSmartPaging;
        row["ReplicationMode"] = 0;
        row["ReplicationState"] = 0;
        row["ReplicationHealth"] = 0;
        if (t.Since("2012R2"))
        {
            row["VirtualSystemSubType"] = $"Microsoft:Hyper-V:SubType:{vm.Generation}";
            row["VirtualSwitchNames"] = vm.Nics.Select(n => t.Description.Switches.FirstOrDefault(s => s.Id == n.SwitchId)?.Name).OfType<string>().ToArray();
            row["EnhancedSessionModeState"] = 3;
        }

        if (t.Since("2016"))
        {
            row["InstanceID"] = $"Microsoft:{vm.Id.Upper()}";
            row["HostComputerSystemName"] = t.Description.Name;
            row["Version"] = Version2.VmRows.VersionOf(t, vm);
            row["Shielded"] = false;
        }
    }

    private static int? Heartbeat(LabContact contact) => contact switch
    {
        LabContact.Ok or LabContact.Degraded => 2,
        LabContact.Incompatible => 6,
        LabContact.Lost => 13,
        LabContact.Paused => 2,
        _ => 12,
    };

    private LabAnswer Answer(LabCall call)
    {
        var wanted = call.All("SettingData").OfType<LabReference>().Select(r => r.Keys.FirstOrDefault(k => k.Key == "InstanceID").Value).OfType<string>()
            .Select(id => Guid.TryParse(id["Microsoft:".Length..], out var vm) ? vm : Guid.Empty).ToHashSet();
        var columns = call.All("RequestedInformation").Select(c => Convert.ToInt32(c, CultureInfo.InvariantCulture)).Where(Codes.ContainsKey).Select(c => Codes[c]).ToList();
        string cimNamespace = call.Namespace.Length > 0 ? call.Namespace.ToLowerInvariant() : t.HasV2 ? HostTables.V2 : HostTables.V1;
        var rows = t.Description.Vms.Where(v => wanted.Count == 0 || wanted.Contains(v.Id)).Select(v => Cut(_summaries[(cimNamespace, v.Id)], columns)).ToArray();
        return new LabAnswer(0, ("SummaryInformation", rows));
    }

    /// <summary>What was not asked for is null.</summary>
    private static LabInstance Cut(LabInstance row, List<string> columns)
    {
        var cut = new LabInstance(row.ClassName);
        foreach (var (name, value) in row.Values)
        {
            bool isArray = value is Array;
            if (columns.Contains(name))
            {
                cut[name] = value;
            }
            else if (!isArray)
            {
                cut[name] = null;
            }
        }

        return cut;
    }
}
