using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Model.Volumes;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Tests;

/// <summary>What was found of several hosts stays open while one of them does not tell what it was found by, as just after its agent was started again.</summary>
public sealed class OpenFarmFindingTests
{
    private static readonly Guid One = new(1, 0, 0, new byte[8]);
    private static readonly Guid Two = new(2, 0, 0, new byte[8]);
    private static readonly Guid Bios = new("77777777-7777-7777-7777-777777777777");

    [Fact]
    public void A_BIOS_GUID_that_is_not_told_any_more_closes_no_finding_by_BIOS_GUID()
    {
        var book = Open("HVD514", "bios", With(0, One, Bios), With(1, Two, Bios));

        book = Next(book, "HVD514", With(0, One, Bios), With(1, Two, null));

        Assert.True(Assert.Single(book.Findings).IsStale);
    }

    [Fact]
    public void A_BIOS_GUID_that_is_not_told_keeps_no_finding_by_id()
    {
        var book = Open("HVD514", "id", With(0, One, Bios), With(1, One, Bios));

        book = Next(book, "HVD514", With(0, One, Bios), With(1, Two, null));

        Assert.Empty(book.Findings);
    }

    [Fact]
    public void A_physical_disk_that_two_hosts_see_stays_found_while_the_disks_of_one_are_not_read()
    {
        HostReading first = Attached(0, One, null), second = Attached(1, Two, null);
        var book = Open("HVD415", "twice", first, second);

        book = Next(book, "HVD415", first, second with { Volumes = NotRead<VolumeList>() });

        AssertNobodyKnowsOfHv1(book);
    }

    [Theory]
    [InlineData(@"C:\ClusterStorage\v\d.vhdx", null)]
    [InlineData(@"E:\Shared\v\d.vhdx", @"E:\Shared")]
    public void A_file_of_a_cluster_stays_found_while_the_cluster_of_one_node_is_not_read(string path, string? root)
    {
        var cluster = new ClusterView { Id = "c", Name = "LAB", SharedVolumesRoot = root };
        HostReading first = Attached(0, One, path).With(cluster), second = Attached(1, Two, path).With(cluster);
        var book = Open("HVD415", "twice", first, second);

        book = Next(book, "HVD415", first, second with { Cluster = NotRead<ClusterView>() });

        AssertNobodyKnowsOfHv1(book);
    }

    [Fact]
    public void An_address_of_a_host_and_a_VM_stays_found_while_the_hosts_own_adapters_are_not_read()
    {
        HostReading vm = Addressed(0, One), own = Named(1) with { PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [Sample.Adapter with { MacAddress = "AABBCCDDEEFF" }], Teams = [] }) };
        var book = Open("HVD208", "duplicate", vm, own);

        book = Next(book, "HVD208", vm, own with { PhysicalNetwork = NotRead<PhysicalAdapterList>() });

        AssertNobodyKnowsOfHv1(book);
    }

    [Fact]
    public void An_address_of_a_hosts_adapter_on_a_switch_stays_found_while_its_switches_are_not_read()
    {
        HostReading vm = Addressed(0, One), own = Named(1) with { Switches = Sample.Read(new VirtualSwitchList { Items = [Sample.Switch], HostAdapters = [new("a", Sample.Switch.Id) { MacAddress = "AABBCCDDEEFF" }] }) };
        var book = Open("HVD208", "duplicate", vm, own);

        book = Next(book, "HVD208", vm, own with { Switches = NotRead<VirtualSwitchList>() });

        Assert.True(Assert.Single(book.Findings).IsStale);
    }

    [Fact]
    public void What_a_rule_kept_of_hosts_is_forgotten_when_it_is_switched_off_and_they_leave()
    {
        var farm = new FarmExaminer([RuleCatalogue.Find("HVD514")!]);
        var stays = With(0, One, Bios);
        var left = SeenOnce(farm, stays);
        RuleSettings off = new() { Tuning = [new() { Rule = "HVD514", Off = true }] };

        for (int i = 1; i < 5; i++)
        {
            farm.Examine(new Dictionary<string, HostReading> { ["a"] = stays }, off, Sample.Now.AddMinutes(i));
        }

        GC.Collect();
        Assert.False(left.IsAlive);
        GC.KeepAlive(farm);
    }

    // In a method of its own no variable of the test holds the host.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SeenOnce(FarmExaminer farm, HostReading stays)
    {
        var leaves = With(1, Two, Bios);
        farm.Examine(new Dictionary<string, HostReading> { ["a"] = stays, ["b"] = leaves }, new(), Sample.Now);
        return new(leaves);
    }

    private static void AssertNobodyKnowsOfHv1(FindingBook book)
    {
        Assert.True(Assert.Single(book.Findings).IsStale);
        Assert.Contains("HV1", book.Findings[0].StaleReason, StringComparison.Ordinal);
    }

    private static FindingBook Open(string ruleId, string variant, params HostReading[] hosts)
    {
        var book = Next(new FindingBook { IsSingleSample = true }, ruleId, hosts);
        Assert.Equal([variant], book.Findings.Select(f => f.Variant));
        return book;
    }

    private static FindingBook Next(FindingBook book, string ruleId, params HostReading[] hosts) =>
        book.Apply(RuleEngine.ExamineFarm(new([.. hosts.Select(h => new HostSubject(h))]), new(), Sample.Now, [RuleCatalogue.Find(ruleId)!]));

    private static HostReading Named(int number) => Given.Host() with { Key = $"h{number}", Id = $"h{number}", Name = $"HV{number}" };

    private static HostReading With(int number, Guid vm, Guid? bios) => Named(number).With(Sample.Vm with { Id = vm, Name = $"vm{vm}", BiosId = bios });

    /// <param name="path">Null: a physical disk.</param>
    private static HostReading Attached(int number, Guid vm, string? path) => With(number, vm, vm)
        .With(Given.Disk(ControllerKind.Scsi, 0, 0, path) with { VirtualMachineId = vm, Id = $"{vm}d", Content = path is null ? DriveContent.PassThrough : DriveContent.Image, HostDiskNumber = path is null ? 4 : null })
        with { Volumes = Sample.Read(new VolumeList { Disks = [new(4) { UniqueId = "6000C29" }] }) };

    private static HostReading Addressed(int number, Guid vm) => With(number, vm, vm).With(Sample.Nic with { Id = $@"Microsoft:{vm}\1", VirtualMachineId = vm, MacAddress = "AABBCCDDEEFF" });

    private static Section<T> NotRead<T>() where T : class => new() { Attempt = new(SectionState.Pending, Sample.Now) };
}
