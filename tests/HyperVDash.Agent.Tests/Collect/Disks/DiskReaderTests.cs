using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Cim;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Units;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect.Disks;

/// <summary>Rows and answers written by hand, as documentation and recordings have them.</summary>
public sealed class DiskReaderTests : IDisposable
{
    private static readonly Guid Vm = new("d99a57fe-9f2f-44ee-b15f-bf6c5d740d1c");
    private static readonly DateTimeOffset Written = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly string[] All = [.. SectionLens.All.Select(l => l.Name)];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("disks-").FullName;
    private readonly PaperHost _host = Host();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""<INSTANCE CLASSNAME="Msvm_VirtualHardDiskSettingData"><PROPERTY NAME="Type" TYPE="uint16"><VALUE>3</VALUE></PROPERTY><PROPERTY NAME="Format" TYPE="uint16"><VALUE>3</VALUE></PROPERTY><PROPERTY NAME="MaxInternalSize" TYPE="uint64"><VALUE>1073741824</VALUE></PROPERTY><PROPERTY NAME="ParentPath" TYPE="string"></PROPERTY><PROPERTY NAME="PhysicalSectorSize" TYPE="uint32"><VALUE>4096</VALUE></PROPERTY></INSTANCE>""")]
    [InlineData("""<p:Msvm_VirtualHardDiskSettingData xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/Msvm_VirtualHardDiskSettingData" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><p:Type>3</p:Type><p:Format>3</p:Format><p:MaxInternalSize>1073741824</p:MaxInternalSize><p:ParentPath xsi:nil="true"/><p:PhysicalSectorSize>4096</p:PhysicalSectorSize></p:Msvm_VirtualHardDiskSettingData>""")]
    public async Task A_header_is_read_in_either_form(string header)
    {
        Attach(@"D:\VMs\a.vhdx", 5_000_000);
        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", header));

        var disk = Assert.Single((await ReadAsync()).Items);

        Assert.Equal((VirtualDiskType.Dynamic, VirtualDiskFormat.Vhdx, ByteSize.FromGiB(1), null, 4096), (disk.Type, disk.Format, disk.MaximumSize, disk.ParentPath, disk.PhysicalSectorSize));
        Assert.Equal((5_000_000, Written, true, true), (disk.FileSize?.Bytes, disk.ModifiedAt, disk.Exists, disk.IsWriteable));
        Assert.Equal("GetVirtualHardDiskSettingData", Assert.Single(_host.Calls).Method);
    }

    [Fact]
    public async Task The_older_service_answers_another_method()
    {
        var host = Host(isV1: true);
        string id = $@"Microsoft:{Vm}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\0";
        host.Add(PaperHost.V1, "Msvm_ResourceAllocationSettingData", ("InstanceID", $@"{id}\D"), ("ResourceType", 22L), ("Address", "0"));
        host.Add(PaperHost.V1, "Msvm_ResourceAllocationSettingData", ("InstanceID", $@"{id}\L"), ("ResourceType", 21L), ("Connection", new List<object?> { @"D:\a.vhd" }));
        host.Answer = _ => PaperHost.Reply(0, ("Info", """<INSTANCE CLASSNAME="Msvm_VirtualHardDiskInfo"><PROPERTY NAME="Type" TYPE="uint16"><VALUE>3</VALUE></PROPERTY><PROPERTY NAME="FileSize" TYPE="uint64"><VALUE>8192</VALUE></PROPERTY><PROPERTY NAME="MaxInternalSize" TYPE="uint64"><VALUE>4096000</VALUE></PROPERTY><PROPERTY NAME="InUse" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY></INSTANCE>"""));
        await using var collector = Collector(host);

        var disk = Assert.Single((await collector.ReadAsync(All, Stop)).VirtualDisks.Content!.Items);

        Assert.Equal((VirtualDiskType.Dynamic, VirtualDiskFormat.Vhd, 8192, 4096000, true, null), (disk.Type, disk.Format, disk.FileSize?.Bytes, disk.MaximumSize?.Bytes, disk.IsInUse, disk.DiskId));
        Assert.Equal(["GetVirtualHardDiskInfo"], host.Calls.Where(c => c.Class == "Msvm_ImageManagementService").Select(c => c.Method));
    }

    [Fact]
    public async Task A_job_that_fails_tells_the_code_of_the_disk_in_its_text()
    {
        Attach(@"D:\VMs\a.avhdx", 5_000_000);
        _host.Add(PaperHost.V2, "Msvm_ConcreteJob", ("InstanceID", "J1"), ("JobState", 10L), ("ErrorCode", 32768L), ("ErrorDescription", "Fehler bei der Überprüfung (0xC03A000E)."));
        _host.Answer = c => c.Method == "ValidateVirtualHardDisk"
            ? PaperHost.Reply(4096, ("Job", new CimPath("Msvm_StorageJob") { Keys = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("InstanceID", "J1") }))
            : PaperHost.Reply(0, ("SettingData", Header(4, parent: @"D:\VMs\a.vhdx")));
        _host.Add("root/cimv2", "CIM_DataFile", File(@"D:\VMs\a.vhdx", 1));

        var list = await ReadAsync();

        var disk = list.Items.Single(d => d.Path == @"D:\VMs\a.avhdx");
        Assert.Equal((0xC03A000E, DiskFault.None, DiskFault.ParentIsAnother), (disk.ValidationCode, disk.Fault, disk.ChainFault));
    }

    [Fact]
    public async Task A_call_whose_job_ended_well_is_made_once_more_for_its_answer()
    {
        Attach(@"D:\VMs\a.vhdx", 5_000_000);
        _host.Add(PaperHost.V2, "Msvm_ConcreteJob", ("InstanceID", "J1"), ("JobState", 7L));
        _host.Answer = _ => _host.Calls.Count == 1
            ? PaperHost.Reply(4096, ("Job", $@"\\HV\root\virtualization\v2:Msvm_StorageJob.InstanceID=""J1"""))
            : PaperHost.Reply(0, ("SettingData", Header(2)));

        var disk = Assert.Single((await ReadAsync()).Items);

        Assert.Equal((VirtualDiskType.Fixed, null), (disk.Type, disk.ErrorCode));
        Assert.Equal(2, _host.Calls.Count);
    }

    [Theory]
    [InlineData(32779, false, "not there")]
    [InlineData(32774, true, "in use")]
    [InlineData(32769, true, "access denied")]
    [InlineData(32768, true, "failed")]
    public async Task A_refused_header_keeps_its_code_and_a_sentence(int code, bool isListed, string words)
    {
        Attach(@"D:\VMs\a.vhdx", isListed ? 5_000_000 : null);
        _host.Answer = _ => PaperHost.Reply(code);

        var disk = Assert.Single((await ReadAsync()).Items);

        Assert.Equal((isListed, code), (disk.Exists, disk.ErrorCode));
        Assert.Contains(words, disk.Error, StringComparison.Ordinal);
        Assert.Null(disk.ReadAt);
        Assert.Equal(VirtualDiskType.Unknown, disk.Type);
    }

    [Theory]
    [InlineData(@"C:\ClusterStorage\Volume1\a.vhdx")]
    [InlineData(@"\\files\vms\a.vhdx")]
    public async Task A_file_that_cannot_be_listed_has_its_size_from_the_service_and_is_not_called_missing(string path)
    {
        Attach(path, null);
        _host.Answer = c => c.Method switch
        {
            "GetVirtualHardDiskState" => PaperHost.Reply(0, ("State", """<INSTANCE CLASSNAME="Msvm_VirtualHardDiskState"><PROPERTY NAME="FileSize" TYPE="uint64"><VALUE>777</VALUE></PROPERTY></INSTANCE>""")),
            _ => PaperHost.Reply(0, ("SettingData", Header(3))),
        };

        var disk = Assert.Single((await ReadAsync()).Items);

        Assert.Equal((true, 777L, null), (disk.Exists, disk.FileSize?.Bytes, disk.ModifiedAt));
    }

    [Fact]
    public async Task A_file_that_can_neither_be_listed_nor_opened_is_unknown()
    {
        Attach(@"\\files\vms\a.vhdx", null);
        _host.Answer = _ => PaperHost.Reply(32769);

        Assert.Null(Assert.Single((await ReadAsync()).Items).Exists);
    }

    [Fact]
    public async Task Parents_that_come_back_to_the_file_are_a_loop_and_a_parent_that_is_gone_does_not_exist()
    {
        Attach(@"D:\a.vhdx", 1);
        Attach(@"D:\lost.vhdx", 1, slot: 1);
        _host.Add("root/cimv2", "CIM_DataFile", File(@"D:\b.vhdx", 1));
        _host.Answer = c => Path(c) switch
        {
            @"D:\gone.vhdx" => PaperHost.Reply(32779),
            _ when c.Method == "ValidateVirtualHardDisk" => PaperHost.Reply(32787),
            @"D:\lost.vhdx" => PaperHost.Reply(0, ("SettingData", Header(4, parent: @"D:\gone.vhdx"))),
            @"D:\a.vhdx" => PaperHost.Reply(0, ("SettingData", Header(4, parent: @"D:\b.vhdx"))),
            _ => PaperHost.Reply(0, ("SettingData", Header(4, parent: @"d:\A.vhdx"))),
        };

        var disks = (await ReadAsync()).Items.ToDictionary(d => d.Path);

        Assert.Equal([@"D:\a.vhdx", @"D:\b.vhdx", @"D:\gone.vhdx", @"D:\lost.vhdx"], disks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([true, true, false, false], disks.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => d.Value.IsChainLooping));
        Assert.False(disks[@"D:\gone.vhdx"].Exists);
        Assert.Equal((32787, DiskFault.Loops), (disks[@"D:\a.vhdx"].ValidationCode, disks[@"D:\a.vhdx"].ChainFault));
        Assert.Equal((DiskFault.NotFound, (DiskFault?)null), (disks[@"D:\gone.vhdx"].Fault, disks[@"D:\gone.vhdx"].ChainFault));
    }

    [Fact]
    public async Task A_chain_deeper_than_anyone_builds_ends()
    {
        Attach(@"D:\0.vhdx", 1);
        _host.Answer = c => c.Method == "ValidateVirtualHardDisk" ? PaperHost.Reply(0)
            : PaperHost.Reply(0, ("SettingData", Header(4, parent: $@"D:\{int.Parse(System.IO.Path.GetFileNameWithoutExtension(Path(c)[3..]), System.Globalization.CultureInfo.InvariantCulture) + 1}.vhdx")));

        var list = await ReadAsync();

        Assert.InRange(list.Items.Length, 64, 66);
        Assert.True(list.Items.Single(d => d.Path == @"D:\0.vhdx").IsChainLooping);
    }

    [Fact]
    public async Task A_read_makes_a_bounded_number_of_calls_and_the_rest_waits_for_the_next()
    {
        for (int i = 0; i < 90; i++)
        {
            Attach($@"D:\{i:00}.vhdx", 1000 + i, slot: i);
        }

        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3)));
        await using var collector = Collector(_host, options: new CollectorOptions { DiskCallsPerRead = 20 });

        var first = (await collector.ReadAsync(All, Stop)).VirtualDisks.Content!;
        Assert.InRange(_host.Calls.Count, 1, 20);
        Assert.Equal(90, first.Items.Length);
        Assert.Equal(90 - first.Items.Count(d => d.ReadAt is not null), first.Waiting);

        var waiting = new List<int> { first.Waiting };
        while (waiting[^1] > 0)
        {
            int before = _host.Calls.Count;
            waiting.Add((await collector.ReadAsync(["virtualDisks"], Stop)).VirtualDisks.Content!.Waiting);
            Assert.InRange(_host.Calls.Count - before, 1, 20);
        }

        Assert.Equal(90, _host.Calls.Count);
        Assert.All(_host.Queries.Where(q => q.Class == "CIM_DataFile" && q.Where!.Contains("vhdx", StringComparison.Ordinal)), q => Assert.InRange(q.Where!.Split(" OR ").Length, 1, 49));
    }

    [Fact]
    public async Task An_unchanged_file_is_listed_again_and_its_header_is_not_asked_for()
    {
        Attach(@"D:\a.vhdx", 5000);
        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3)));
        await using var collector = Collector(_host);
        await collector.ReadAsync(All, Stop);
        _time.Advance(TimeSpan.FromHours(30));

        await collector.ReadAsync(["virtualDisks"], Stop);

        Assert.Single(_host.Calls);
    }

    [Fact]
    public async Task A_file_that_is_only_written_to_is_asked_again_after_hours_and_its_size_is_of_now()
    {
        Attach(@"D:\a.vhdx", 5000);
        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3)));
        await using var collector = Collector(_host);
        await collector.ReadAsync(All, Stop);
        _host.Clear("root/cimv2", "CIM_DataFile");
        _host.Add("root/cimv2", "CIM_DataFile", File(@"D:\a.vhdx", 6000, Written.AddHours(1)));

        _time.Advance(TimeSpan.FromHours(1));
        var soon = await collector.ReadAsync(["virtualDisks"], Stop);
        Assert.Equal((1, 6000L), (_host.Calls.Count, soon.VirtualDisks.Content!.Items[0].FileSize?.Bytes));

        _time.Advance(TimeSpan.FromHours(6));
        await collector.ReadAsync(["virtualDisks"], Stop);
        Assert.Equal(2, _host.Calls.Count);
    }

    [Fact]
    public async Task How_fast_a_file_grows_is_known_after_an_hour()
    {
        Attach(@"D:\a.vhdx", 10L << 30);
        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3)));
        await using var collector = Collector(_host);
        await collector.ReadAsync(All, Stop);

        Assert.Null(await GrowthAsync(collector, TimeSpan.FromMinutes(59), 11));
        Assert.Equal(ByteSize.FromGiB(24), await GrowthAsync(collector, TimeSpan.FromMinutes(1), 11));
        Assert.Equal(ByteSize.FromGiB(12), await GrowthAsync(collector, TimeSpan.FromHours(1), 11));

        // A merge makes it smaller: counting begins anew.
        Assert.Null(await GrowthAsync(collector, TimeSpan.FromHours(1), 9));
        Assert.Equal(ByteSize.FromGiB(48), await GrowthAsync(collector, TimeSpan.FromHours(1), 11));
    }

    private async Task<ByteSize?> GrowthAsync(HostCollector collector, TimeSpan later, long gib)
    {
        _time.Advance(later);
        _host.Clear("root/cimv2", "CIM_DataFile");
        _host.Add("root/cimv2", "CIM_DataFile", File(@"D:\a.vhdx", gib << 30, _time.GetUtcNow()));
        return Assert.Single((await collector.ReadAsync(["virtualDisks"], Stop)).VirtualDisks.Content!.Items).GrowthPerDay;
    }

    [Fact]
    public async Task Since_when_a_checkpoint_is_missing_below_a_file_is_remembered()
    {
        Attach(@"D:\a_1.avhdx", 1);
        _host.Add(PaperHost.V2, "Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{Vm}"), ("VirtualSystemType", "Microsoft:Hyper-V:System:Realized"), ("VirtualSystemIdentifier", Vm.ToString()));
        _host.Add("root/cimv2", "CIM_DataFile", File(@"D:\a.vhdx", 1));
        _host.Answer = c => c.Method == "ValidateVirtualHardDisk" ? PaperHost.Reply(0) : PaperHost.Reply(0, ("SettingData", Path(c) == @"D:\a.vhdx" ? Header(3) : Header(4, parent: @"D:\a.vhdx")));
        await using var collector = Collector(_host);
        var since = _time.GetUtcNow();

        Assert.Equal([since, null], await WithoutCheckpointAsync(collector));
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Equal([since, null], await WithoutCheckpointAsync(collector));

        // A checkpoint whose disk is the parent explains the file.
        var checkpoint = new Guid("3f0ffb3b-5c6c-4b2a-9b6b-5d4d3fb0a0c1");
        _host.Add(PaperHost.V2, "Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{checkpoint}"), ("VirtualSystemType", "Microsoft:Hyper-V:Snapshot:Realized"), ("VirtualSystemIdentifier", Vm.ToString()));
        _host.Add(PaperHost.V2, "Msvm_StorageAllocationSettingData", ("InstanceID", $@"Microsoft:{checkpoint}\5F053DDB-3C35-4A44-8E4E-2056CC3A440A\0\0\L"), ("ResourceType", 31L), ("HostResource", new List<object?> { @"D:\a.vhdx" }));
        Assert.Equal([null, null], await WithoutCheckpointAsync(collector));
    }

    private static async Task<IEnumerable<DateTimeOffset?>> WithoutCheckpointAsync(HostCollector collector) =>
        (await collector.ReadAsync(All, Stop)).VirtualDisks.Content!.Items.OrderByDescending(d => d.Path, StringComparer.Ordinal).Select(d => d.WithoutCheckpointSince);

    [Fact]
    public async Task What_was_read_is_known_after_a_restart_without_a_call()
    {
        string file = System.IO.Path.Combine(_folder, "host.json");
        Attach(@"D:\a.vhdx", 5000);
        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3)));
        var memory = HostMemory.Open(file);
        await using (var before = Collector(_host, memory))
        {
            await before.ReadAsync(All, Stop);
            memory.Save();
        }

        var restarted = Host();
        Attach(@"D:\a.vhdx", 5000, on: restarted);
        _time.Advance(TimeSpan.FromHours(2));
        await using var after = Collector(restarted, HostMemory.Open(file));
        var disk = Assert.Single((await after.ReadAsync(All, Stop)).VirtualDisks.Content!.Items);

        Assert.Empty(restarted.Calls);
        Assert.Equal((VirtualDiskType.Dynamic, _time.GetUtcNow().AddHours(-2), _time.GetUtcNow().AddHours(-2)), (disk.Type, disk.ReadAt, disk.FirstSeenAt));
    }

    [Fact]
    public async Task Without_the_right_to_call_the_service_the_section_says_so_after_one_try()
    {
        Attach(@"D:\a.vhdx", 1);
        Attach(@"D:\b.vhdx", 1, slot: 1);
        _host.Answer = _ => throw new CimException(CimErrorKind.AccessDenied, "The account may not call methods of paper.");
        await using var collector = Collector(_host);

        var section = (await collector.ReadAsync(All, Stop)).VirtualDisks;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Contains("headers: The account may not", section.Attempt.Reason, StringComparison.Ordinal);
        Assert.Single(_host.Calls);
        Assert.Equal(1, section.Content!.Waiting);
    }

    [Fact]
    public async Task An_image_of_a_DVD_drive_costs_no_call()
    {
        Attach(@"D:\ISO\setup.iso", 700, type: 16);

        var disk = Assert.Single((await ReadAsync()).Items);

        Assert.Empty(_host.Calls);
        Assert.Equal((VirtualDiskFormat.Iso, 700L, true), (disk.Format, disk.FileSize?.Bytes, disk.Exists));
        Assert.NotNull(disk.ReadAt);
    }

    [Fact]
    public async Task A_file_that_was_deleted_is_seen_by_the_next_read_however_soon_it_comes()
    {
        Attach(@"D:\VMs\a.vhdx", 5_000_000);
        _host.Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3)));
        await using var collector = Collector(_host);
        await collector.ReadAllAsync(Stop);
        _host.Clear("root/cimv2", "CIM_DataFile");
        _host.Answer = _ => PaperHost.Reply(32779);
        _time.Advance(TimeSpan.FromSeconds(50));

        var reading = await collector.ReadAsync(["virtualDisks"], Stop);

        Assert.False(Assert.Single(reading.VirtualDisks.Content!.Items).Exists);
    }

    private static PaperHost Host(bool isV1 = false)
    {
        string space = isV1 ? PaperHost.V1 : PaperHost.V2;
        var host = new PaperHost { IsV1 = isV1, Build = isV1 ? 7601 : 20348 };
        host.Add(space, "Msvm_ComputerSystem", ("Name", Vm.ToString()), ("ElementName", "a"), ("EnabledState", 3L));
        foreach (string service in (string[])["Msvm_VirtualSystemManagementService", "Msvm_ImageManagementService"])
        {
            host.Add(space, service, ("Name", "vmms"), ("CreationClassName", service), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", "PAPER"));
        }

        return host;
    }

    private void Attach(string path, long? size, int slot = 0, long type = 17, PaperHost? on = null)
    {
        string id = $@"Microsoft:{Vm}\5F053DDB-3C35-4A44-8E4E-2056CC3A440A\0\{slot}";
        (on ?? _host).Add(PaperHost.V2, "Msvm_ResourceAllocationSettingData", ("InstanceID", $@"{id}\D"), ("ResourceType", type), ("AddressOnParent", $"{slot}"));
        (on ?? _host).Add(PaperHost.V2, "Msvm_StorageAllocationSettingData", ("InstanceID", $@"{id}\L"), ("ResourceType", 31L), ("HostResource", new List<object?> { path }));
        if (size is { } bytes)
        {
            (on ?? _host).Add("root/cimv2", "CIM_DataFile", File(path, bytes));
        }
    }

    private static (string, object?)[] File(string path, long size, DateTimeOffset? written = null) =>
        [("Name", path.ToLowerInvariant()), ("FileSize", size), ("LastModified", written ?? Written), ("Writeable", true), ("Compressed", false), ("Encrypted", false)];

    private static string Header(int type, string? parent = null) =>
        $"""<INSTANCE CLASSNAME="Msvm_VirtualHardDiskSettingData"><PROPERTY NAME="Type" TYPE="uint16"><VALUE>{type}</VALUE></PROPERTY><PROPERTY NAME="Format" TYPE="uint16"><VALUE>3</VALUE></PROPERTY><PROPERTY NAME="ParentPath" TYPE="string"><VALUE>{parent}</VALUE></PROPERTY></INSTANCE>""";

    private static string Path(CimCall call) => (string)call.Arguments.Single(a => a.Name == "Path").Value!;

    private HostCollector Collector(PaperHost host, HostMemory? memory = null, CollectorOptions? options = null) =>
        new("h", "wsman", Origin.Host, "paper", () => host, options ?? new CollectorOptions(), "t", _time, memory);

    private async Task<VirtualDiskList> ReadAsync()
    {
        await using var collector = Collector(_host);
        return (await collector.ReadAllAsync(Stop)).VirtualDisks.Content!;
    }
}
