using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Performance;
using static HyperVDash.Agent.Tests.Collect.HandMade;

namespace HyperVDash.Agent.Tests.Collect.Performance;

public sealed class CounterReaderTests
{
    private static readonly Guid Web = new("11111111-1111-1111-1111-111111111111");
    private static readonly Guid Other = new("22222222-2222-2222-2222-222222222222");

    private static HandMade Host(params (Guid Id, string Name)[] vms)
    {
        var host = new HandMade();
        return host.Has(Plan.Systems(host.Host), [Row("Msvm_ComputerSystem", ("Name", "HV01"), ("ElementName", "HV01")), .. vms.Select(v => Vm(v.Id, v.Name, TimeSpan.FromHours(1)))]);
    }

    private static CounterSample Read(HandMade host) => host.Read(new CounterReader()).Counters.Content!;

    private static CimRow Processor(string name, long percent) => Row("P", ("Name", name), ("PercentTotalRunTime", percent));

    private static CimRow Adapter(string name, long received, long sent) => Row("N", ("Name", name), ("BytesReceivedPersec", received), ("BytesSentPersec", sent));

    [Fact]
    public void A_VMs_load_is_the_mean_of_its_processors()
    {
        var host = Host((Web, "web"), (Other, "a: b:Hv VP 7")).Has(Plan.VirtualProcessorTime,
            Processor("web:Hv VP 0", 10), Processor("web:Hv VP 1", 31), Processor("a: b:Hv VP 7:Hv VP 0", 250), Processor("_Total", 99), Processor("gone:Hv VP 0", 50));

        Assert.Equal([(Web, 20), (Other, 100)], Read(host).VirtualMachines!.Value.Select(v => (v.VirtualMachineId, v.ProcessorPercent!.Value)));
    }

    [Fact]
    public void Of_a_shared_volume_that_holds_reads_and_writes_back_it_is_told_since_when_the_agent_saw_it()
    {
        var host = Host();
        SharedVolumeActivity Look(long state) =>
            Assert.Single(Read(host.Has(Plan.SharedVolumeStates, Row("V", ("Name", "Volume1"), ("VolumeState", state)), Row("V", ("Name", "_Total"), ("VolumeState", 0L)))).SharedVolumes!.Value);

        // It may have been so for long when the agent began to look.
        Assert.Equal(new SharedVolumeActivity("Volume1", SharedVolumeIo.Paused), Look(1));
        Assert.Equal(new SharedVolumeActivity("Volume1", SharedVolumeIo.Failing), Look(0));
        Assert.Equal(new SharedVolumeActivity("Volume1", SharedVolumeIo.Active), Look(4));

        var held = host.Now += TimeSpan.FromSeconds(15);
        Assert.Equal(new SharedVolumeActivity("Volume1", SharedVolumeIo.Paused) { SeenAt = held }, Look(2));
        host.Now += TimeSpan.FromSeconds(15);
        Assert.Equal(new SharedVolumeActivity("Volume1", SharedVolumeIo.Failing) { SeenAt = held }, Look(0));
    }

    [Fact]
    public void VMs_of_one_name_are_left_out()
    {
        var host = Host((Web, "web"), (Other, "WEB"), (Guid.NewGuid(), "single")).Has(Plan.VirtualProcessorTime,
            Processor("web:Hv VP 0", 10), Processor("WEB:Hv VP 0#1", 20), Processor("single:Hv VP 0", 30));

        Assert.Equal(30, Assert.Single(Read(host).VirtualMachines!.Value).ProcessorPercent);
    }

    [Fact]
    public void Names_are_compared_as_counters_spell_them()
    {
        var host = Host((Web, @"web (old) #1/2\3")).Has(Plan.MemoryPressure, Row("M", ("Name", "web [old] _1_2_3"), ("AveragePressure", 80L)));

        Assert.Equal((Web, 80), (Read(host).VirtualMachines!.Value.Single().VirtualMachineId, Read(host).VirtualMachines!.Value.Single().MemoryPressurePercent));
    }

    [Fact]
    public void An_adapter_belongs_to_the_VM_whose_id_its_instance_holds_else_to_the_only_name_it_begins_with()
    {
        var host = Host((Web, "web"), (Other, "web_2")).Has(Plan.AdapterTraffic,
            Adapter($"web_2_Network Adapter_{Other}--{Guid.NewGuid()}", 100, 20), Adapter("web_Network Adapter_77", 3, 4), Adapter("web_2_Network Adapter_77", 1000, 1000), Adapter("_Total", 9, 9));

        Assert.Equal([(Web, 7L), (Other, 120L)], Read(host).VirtualMachines!.Value.Select(v => (v.VirtualMachineId, v.NetworkBytesPerSecond!.Value)));
    }

    [Fact]
    public void A_disk_belongs_to_the_VM_that_has_the_file_and_a_shared_one_to_none()
    {
        var host = Host((Web, "web"), (Other, "other"));
        host = host.Has(Plan.Storage(host.Host), Image(Web, @"D:\VMs\my web-1\os.vhdx"), Image(Web, @"\\nas\share\both.vhdx"), Image(Other, @"\\nas\share\both.vhdx"))
            .Has(Plan.DiskTraffic,
                Row("D", ("Name", "D--VMs-my web-1-os.vhdx"), ("ReadBytesPersec", 5L), ("WriteBytesPersec", 6L)), Row("D", ("Name", "--nas-share-both.vhdx"), ("ReadBytesPersec", 100L), ("WriteBytesPersec", 0L)));

        var counters = Read(host);

        var vm = Assert.Single(counters.VirtualMachines!.Value);
        Assert.Equal((Web, 11L, null), (vm.VirtualMachineId, vm.DiskBytesPerSecond, vm.DiskOperationsPerSecond));
        Assert.Equal(111, counters.Host.DiskBytesPerSecond);
    }

    [Fact]
    public void A_release_without_the_classes_tells_free_memory_alone()
    {
        var section = Host((Web, "web")).Has(Plan.FreeMemory, Row("Win32_OperatingSystem", ("FreePhysicalMemory", 1024L))).Read(new CounterReader()).Counters;

        Assert.Equal(SectionState.Complete, section.Attempt.State);
        Assert.Equal((1_048_576L, null, null), (section.Content!.Host.FreeMemory!.Value.Bytes, section.Content.Host.ProcessorPercent, section.Content.VirtualMachines));
    }

    [Fact]
    public void What_fails_is_named_and_rates_of_before_are_not_shown_as_rates_of_now()
    {
        var host = Host((Web, "web")).Has(Plan.FreeMemory, Row("Win32_OperatingSystem", ("FreePhysicalMemory", 1024L))).Has(Plan.VirtualProcessorTime, Processor("web:Hv VP 0", 10));
        Assert.NotEmpty(Read(host).VirtualMachines!.Value);

        host.Lacks(Plan.VirtualProcessorTime, CimErrorKind.AccessDenied).Has(Plan.AdapterTraffic);
        var section = host.Read(new CounterReader()).Counters;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.StartsWith("virtual processors: ", Assert.Single(section.Attempt.Missing), StringComparison.Ordinal);
        Assert.Empty(section.Content!.VirtualMachines!.Value);
    }

    [Fact]
    public void A_host_that_denies_everything_is_denied()
    {
        var host = Host((Web, "web"));
        foreach (var query in new CounterReader().Queries(host.Host))
        {
            host.Lacks(query, CimErrorKind.AccessDenied);
        }

        Assert.Equal(SectionState.Denied, host.Read(new CounterReader()).Counters.Attempt.State);
    }

    private static CimRow Image(Guid vm, string path) =>
        Row("Msvm_StorageAllocationSettingData", ("InstanceID", $@"Microsoft:{vm}\{Guid.NewGuid()}\0\0\L"), ("HostResource", (object[])[path]));
}
