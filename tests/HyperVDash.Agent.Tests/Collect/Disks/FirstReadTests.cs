using System.Globalization;
using HyperVDash.Agent.Collect;
using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect.Disks;

/// <summary>What a host with many disks is asked until the last of them was read for the first time, and how often that is told.</summary>
public sealed class FirstReadTests
{
    private const int FilesPerQuestion = 49;

    private static readonly string[] All = [.. SectionLens.All.Select(l => l.Name)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2022", true)]
    [InlineData("2022", false)]
    [InlineData("2008R2", true)]
    [InlineData("2008R2", false)]
    public async Task A_first_read_asks_each_class_once_for_few_disks_as_for_many_and_each_disk_by_itself(string release, bool isAtOnce)
    {
        var (few, fewDisks) = await AskedAsync(release, 2, isAtOnce);
        var (many, manyDisks) = await AskedAsync(release, 24, isAtOnce);

        Assert.InRange(fewDisks.Length, 2, 40);
        Assert.InRange(manyDisks.Length, 200, 400);
        Assert.Equal(Questions(few), Questions(many));
        foreach (var (asked, disks) in new[] { (few, fewDisks), (many, manyDisks) })
        {
            // One for the header, one more for the chain if there is one.
            Assert.Equal(disks.Count(d => d.Format is not VirtualDiskFormat.Iso and not VirtualDiskFormat.Floppy) + disks.Count(d => d.Type == VirtualDiskType.Differencing), asked.Count(IsDiskCall));
        }

        // Every name is listed once, also when a turn had no calls left for it.
        Assert.Equal(manyDisks.Length, many.Where(IsListOfImages).Sum(r => r.Wql!.Split(" OR ").Length));
        Assert.InRange(many.Count(IsListOfImages), manyDisks.Length / FilesPerQuestion, isAtOnce ? (manyDisks.Length / FilesPerQuestion) + 3 : manyDisks.Length / 16);
    }

    [Fact]
    public async Task A_list_of_thousands_of_disks_is_told_a_few_times_while_it_is_read()
    {
        const int disks = 3000;
        var host = HostOf(disks);
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions(), "t", new FakeTimeProvider());
        var reading = await collector.ReadAsync(All, Stop);
        var told = new HashSet<object>(ReferenceEqualityComparer.Instance);
        int turns = 0, waiting = int.MaxValue;
        for (; reading.VirtualDisks.Content is { Waiting: > 0 } list; turns++)
        {
            Assert.True(list.Waiting <= waiting);
            waiting = list.Waiting;
            told.Add(list);
            reading = await collector.ReadAsync(["virtualDisks"], Stop);
            Assert.Equal(SectionState.Complete, reading.VirtualDisks.Attempt.State);
        }

        Assert.InRange(turns, disks / 50, 2 * disks / 49);
        Assert.InRange(told.Count, 5, 10);
        Assert.Equal(disks, reading.VirtualDisks.Content!.Items.Count(d => d is { Type: VirtualDiskType.Dynamic, ReadAt: not null }));
        Assert.Equal(disks, host.Calls.Count);
        Assert.Single(host.Queries, q => q.Class == "Msvm_ComputerSystem");
    }

    [Fact]
    public async Task A_host_whose_image_service_hangs_is_not_asked_for_all_its_disks_one_by_one()
    {
        var host = HostOf(200);
        host.Answer = _ => throw new CimException(CimErrorKind.Timeout, "paper did not answer in 15 s.");
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions(), "t", new FakeTimeProvider());

        var section = (await collector.ReadAllAsync(Stop)).VirtualDisks;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.InRange(host.Calls.Count, 2, 6);
        Assert.Equal(200 - host.Calls.Count, section.Content!.Waiting);
    }

    [Fact]
    public async Task A_parent_that_nothing_leads_to_any_more_is_not_listed_though_the_host_lists_the_same_rows()
    {
        var host = HostOf(2);
        string parent = @"D:\old.vhdx";
        host.Answer = c => c.Method == "ValidateVirtualHardDisk" ? PaperHost.Reply(0) : PaperHost.Reply(0, ("SettingData", Path(c) == @"D:\0.vhdx" ? Header(4, parent) : Header(3)));
        var time = new FakeTimeProvider();
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions { DiskHeaderMemory = TimeSpan.Zero }, "t", time);
        var before = await collector.ReadAllAsync(Stop);
        Assert.Equal([@"D:\0.vhdx", @"D:\1.vhdx", @"D:\old.vhdx"], before.VirtualDisks.Content!.Items.Select(d => d.Path));

        parent = @"D:\new.vhdx";
        time.Advance(TimeSpan.FromHours(1));
        host.Clear("root/cimv2", "CIM_DataFile");
        await collector.ReadAsync(["virtualDisks"], Stop);
        var after = await collector.ReadAsync(["virtualDisks"], Stop);

        Assert.Equal([@"D:\0.vhdx", @"D:\1.vhdx", @"D:\new.vhdx"], after.VirtualDisks.Content!.Items.Select(d => d.Path));
        Assert.Equal(0, after.VirtualDisks.Content!.Waiting);
    }

    private static PaperHost HostOf(int disks)
    {
        var vm = new Guid("d99a57fe-9f2f-44ee-b15f-bf6c5d740d1c");
        var host = new PaperHost { Answer = _ => PaperHost.Reply(0, ("SettingData", Header(3))) };
        host.Add(PaperHost.V2, "Msvm_ComputerSystem", ("Name", vm.ToString()), ("ElementName", "a"), ("EnabledState", 3L));
        foreach (string service in (string[])["Msvm_VirtualSystemManagementService", "Msvm_ImageManagementService"])
        {
            host.Add(PaperHost.V2, service, ("Name", "vmms"), ("CreationClassName", service), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", "PAPER"));
        }

        for (int i = 0; i < disks; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $@"Microsoft:{vm}\5F053DDB-3C35-4A44-8E4E-2056CC3A440A\{i / 64}\{i % 64}"), path = string.Create(CultureInfo.InvariantCulture, $@"D:\{i}.vhdx");
            host.Add(PaperHost.V2, "Msvm_ResourceAllocationSettingData", ("InstanceID", $@"{id}\D"), ("ResourceType", 17L), ("AddressOnParent", "0"));
            host.Add(PaperHost.V2, "Msvm_StorageAllocationSettingData", ("InstanceID", $@"{id}\L"), ("ResourceType", 31L), ("HostResource", new List<object?> { path }));
            host.Add("root/cimv2", "CIM_DataFile", ("Name", path), ("FileSize", 5000L), ("LastModified", new DateTimeOffset(1999, 3, 1, 9, 0, 0, TimeSpan.Zero)));
        }

        return host;
    }

    private static string Header(int type, string? parent = null) =>
        $"""<INSTANCE CLASSNAME="Msvm_VirtualHardDiskSettingData"><PROPERTY NAME="Type" TYPE="uint16"><VALUE>{type}</VALUE></PROPERTY><PROPERTY NAME="Format" TYPE="uint16"><VALUE>3</VALUE></PROPERTY><PROPERTY NAME="ParentPath" TYPE="string"><VALUE>{parent}</VALUE></PROPERTY></INSTANCE>""";

    private static string Path(CimCall call) => (string)call.Arguments.Single(a => a.Name == "Path").Value!;

    private static bool IsDiskCall(LabRequest request) => request.Class == "Msvm_ImageManagementService" && request.Operation.Contains("VirtualHardDisk", StringComparison.Ordinal);

    private static bool IsListOfImages(LabRequest request) => request.Wql?.Contains("Writeable", StringComparison.Ordinal) == true;

    // Parts of an answer grow with it, and so do those that the method of summaries is asked in.
    private static List<string> Questions(IReadOnlyCollection<LabRequest> requests) =>
    [
        // Statistics of replication are asked of one VM at a time.
        .. requests.Where(r => r.Operation is not ("Pull" or "GetSummaryInformation") && !IsDiskCall(r) && r.Operation != "GetReplicationStatistics" && !IsListOfImages(r))
            .Select(r => $"{r.Operation} {r.Namespace} {r.Class} {r.Wql}").Order(StringComparer.Ordinal),
    ];

    private static async Task<(IReadOnlyCollection<LabRequest> Asked, VirtualDisk[] Disks)> AskedAsync(string release, int vms, bool isAtOnce)
    {
        var scenario = LabScenarios.Generate(new GeneratorOptions(1, vms, 7) { Release = release }, TimeProvider.System, isFrozen: true);
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, Stop);
        var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab" };
        await using var collector = new HostCollector(
            "h", "wsman", Origin.Lab, "h", () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var reading = isAtOnce ? await collector.ReadAllAsync(Stop) : await collector.ReadAsync(All, Stop);
        while (reading.VirtualDisks.Content is { Waiting: > 0 })
        {
            reading = await collector.ReadAsync(["virtualDisks"], Stop);
        }

        Assert.Equal(vms, reading.VirtualMachines.Content!.Items.Length);
        return (lab.Log.All, [.. reading.VirtualDisks.Content!.Items]);
    }
}
