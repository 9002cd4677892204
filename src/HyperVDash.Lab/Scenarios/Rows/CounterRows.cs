using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The performance classes, whose instances are named after VMs and files.</summary>
internal sealed class CounterRows(HostTables t)
{
    private const string Prefix = "Win32_PerfFormattedData_";
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    public static void Write(HostTables t) => new CounterRows(t).Write();

    private void Write()
    {
        for (int i = 0; i < t.Description.LogicalProcessors; i++)
        {
            Add("HvStats_HyperVHypervisorLogicalProcessor", $"Hv LP {i}", i, ("PercentTotalRunTime", 5, 60));
        }

        Add("HvStats_HyperVHypervisorLogicalProcessor", "_Total", 0, ("PercentTotalRunTime", 8, 40));
        foreach (var one in t.Description.Switches)
        {
            Add("NvspSwitchStats_HyperVVirtualSwitch", one.Name, one.Id.GetHashCode(), ("BytesPersec", 2_000_000, 90_000_000));
        }

        foreach (var vm in t.Description.Vms.Where(v => v.HasWorker))
        {
            WriteVm(vm);
        }
    }

    private void WriteVm(LabVm vm)
    {
        int seed = vm.Id.GetHashCode();
        for (int i = 0; i < vm.Processors; i++)
        {
            Add("HvStats_HyperVHypervisorVirtualProcessor", $"{vm.Name}:Hv VP {i}", seed + i, ("PercentTotalRunTime", 1, 50));
        }

        foreach (var nic in vm.Nics.Where(n => !n.IsLegacy))
        {
            Add("NvspNicStats_HyperVVirtualNetworkAdapter", $"{vm.Name}_{nic.Name ?? t.Words.NetworkAdapter}_{vm.Id}--{nic.Id}", nic.Id.GetHashCode(),
                ("BytesReceivedPersec", 1000, 3_000_000), ("BytesSentPersec", 1000, 2_000_000));
        }

        foreach (string image in vm.Controllers.SelectMany(c => c.Drives).Where(d => d.Kind == LabDriveKind.Disk).Select(d => vm.ImageOf(d)).OfType<string>())
        {
            string name = image.Replace('\\', '-').Replace(':', '-');
            Add("Counters_HyperVVirtualStorageDevice", name, seed ^ image.Length, t.Since("2016")
                ? [("ReadBytesPersec", 0, 4_000_000), ("WriteBytesPersec", 4096, 6_000_000), ("ReadOperationsPerSec", 0, 200), ("WriteOperationsPerSec", 1, 300)]
                : [("ReadBytesPersec", 0, 4_000_000), ("WriteBytesPersec", 4096, 6_000_000)]);
        }

        if (vm.HasDynamicMemory)
        {
            Add("BalancerStats_HyperVDynamicMemoryVM", vm.Name, seed, ("AveragePressure", 55, 30), ("CurrentPressure", 55, 30), ("PhysicalMemory", (int)vm.MemoryMb, 1));
        }
    }

    /// <summary>A row whose values swing within their ranges; none where the release has no such class.</summary>
    private void Add(string suffix, string name, int seed, params (string Column, int From, int Range)[] columns)
    {
        if (t.Host.Release.Find(HostTables.Cimv2, Prefix + suffix) is null)
        {
            return;
        }

        var row = t.Add(HostTables.Cimv2, new LabInstance(Prefix + suffix) { ["Name"] = Unique(suffix, InstanceName(name)) });
        t.Happens(now =>
        {
            long step = now.ToUnixTimeSeconds() / 15;
            foreach (var (column, from, range) in columns)
            {
                row[column] = (ulong)from + (((((uint)seed + (ulong)step * 7919) % 997) * (ulong)range / 997));
            }
        });
    }

    /// <summary>Counter instances cannot bear these characters.</summary>
    private static string InstanceName(string name) => name.Replace('(', '[').Replace(')', ']').Replace('#', '_').Replace('/', '_').Replace('\\', '_');

    private string Unique(string suffix, string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add($"{suffix}/{unique}"); i++)
        {
            unique = $"{name}#{i}";
        }

        return unique;
    }
}
