using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Tests.Collect.Disks;
using HyperVDash.Cim;
using HyperVDash.Lab.Hosts;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect.Replication;

/// <summary>How the replication of each VM goes, which a host tells for one VM at a time.</summary>
public sealed class ReplicationStatisticsTests
{
    private const string Section = "replicaServer";

    private const string Row =
        "<INSTANCE CLASSNAME=\"Msvm_ReplicationStatistics\"><PROPERTY NAME=\"ReplicationSuccessCount\" TYPE=\"uint32\"><VALUE>5</VALUE></PROPERTY>"
        + "<PROPERTY NAME=\"ReplicationMissCount\" TYPE=\"uint32\"><VALUE>5</VALUE></PROPERTY></INSTANCE>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_VMs_a_bounded_number_is_asked_in_one_read_and_those_left_over_come_first_in_the_next()
    {
        var (host, asked) = Host(60);
        await using var _ = host;

        var first = await host.ReadAsync(Section);
        Assert.Equal(50, Statistics(first).Length);
        Assert.Equal(50, asked.Distinct().Count());

        host.Time.Advance(TimeSpan.FromMinutes(10));
        asked.Clear();
        var second = await host.ReadAsync(Section);

        Assert.Equal(60, Statistics(second).Length);
        Assert.Equal(50, asked.Distinct().Count());
        Assert.All(Statistics(second).ExceptBy(Statistics(first).Select(s => s.VirtualMachineId), s => s.VirtualMachineId), s => Assert.Contains(s.VirtualMachineId, asked));
        Assert.All(Statistics(second), s => Assert.Equal((5, 50), (s.Missed, s.MissedPercent)));
    }

    [Fact]
    public async Task Every_VM_has_its_turn_again_and_again_and_what_it_said_is_of_that_time()
    {
        var (host, asked) = Host(120);
        await using var _ = host;
        for (int read = 0; read < 6; read++)
        {
            asked.Clear();
            var reading = await host.ReadAsync(Section);

            Assert.Equal(SectionState.Complete, reading.ReplicaServer.Attempt.State);
            Assert.Equal(50, asked.Distinct().Count());
            Assert.All(Statistics(reading), s => Assert.Equal(asked.Contains(s.VirtualMachineId), s.ReadAt == host.Time.GetUtcNow()));
            Assert.True(read < 2 || Statistics(reading).Length == 120);
            Assert.True(read < 2 || Statistics(reading).Min(s => s.ReadAt) >= host.Time.GetUtcNow() - TimeSpan.FromMinutes(20));
            host.Time.Advance(TimeSpan.FromMinutes(10));
        }
    }

    [Fact]
    public async Task A_whole_read_asks_them_all()
    {
        var (host, asked) = Host(120);
        await using var _ = host;

        var reading = await host.ReadAllAsync();

        Assert.Equal((120, SectionState.Complete), (Statistics(reading).Length, reading.ReplicaServer.Attempt.State));
        Assert.Equal(120, asked.Distinct().Count());
    }

    [Fact]
    public async Task One_VM_that_is_refused_is_unknown_and_the_others_are_not()
    {
        var (host, asked) = Host(3);
        await using var _ = host;
        await host.ReadAsync(Section);
        asked.Clear();
        host.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", call => Machine(call) == Vm(2) ? new LabAnswer(32775) : Told(asked, call));

        var reading = await host.ReadAsync(Section);

        Assert.Equal(SectionState.Complete, reading.ReplicaServer.Attempt.State);
        Assert.Equal([Vm(1), Vm(3)], Statistics(reading).Select(s => s.VirtualMachineId));
    }

    [Fact]
    public async Task The_only_VM_of_a_host_that_is_refused_is_unknown_and_the_settings_of_replication_are_not()
    {
        var (host, _) = Host(1);
        await using var __ = host;
        host.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", _ => new LabAnswer(32775));

        var reading = await host.ReadAsync(Section);

        Assert.Equal(SectionState.Complete, reading.ReplicaServer.Attempt.State);
        Assert.Empty(Statistics(reading));
    }

    [Fact]
    public async Task A_host_that_refuses_all_keeps_what_it_said_before_with_its_time_and_says_why()
    {
        var (host, _) = Host(3);
        await using var __ = host;
        var before = host.Time.GetUtcNow();
        await host.ReadAsync(Section);
        host.Time.Advance(TimeSpan.FromMinutes(10));
        host.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", _ => new LabAnswer(32769));

        var reading = await host.ReadAsync(Section);

        Assert.Equal([before, before, before], Statistics(reading).Select(s => s.ReadAt));
        Assert.Equal(SectionState.Partial, reading.ReplicaServer.Attempt.State);
        Assert.Contains("statistics: GetReplicationStatistics answered 32769.", reading.ReplicaServer.Attempt.Missing);
    }

    [Fact]
    public async Task One_VM_that_never_answers_does_not_keep_the_others_waiting()
    {
        var paper = new PaperHost();
        var service = new (string, object?)[] { ("Name", "vmms"), ("CreationClassName", "Msvm_ReplicationService"), ("SystemCreationClassName", "Msvm_ComputerSystem"), ("SystemName", "PAPER") };
        paper.Add(PaperHost.V2, "Msvm_ReplicationService", service);
        paper.Add(PaperHost.V2, "Msvm_ReplicationServiceSettingData", ("InstanceID", @"Microsoft:PAPER\HVR"), ("RecoveryServerEnabled", false), ("AllowedAuthenticationType", 1L));
        for (int i = 1; i <= 4; i++)
        {
            paper.Add(PaperHost.V2, "Msvm_ComputerSystem", ("Name", $"{Vm(i)}"), ("ElementName", $"vm{i}"), ("EnabledState", 2L), ("ReplicationMode", 1L));
        }

        paper.Answer = call => Vm(1) == Guid.Parse(((CimPath)call.Arguments.Single().Value!)["Name"]!)
            ? throw new CimException(CimErrorKind.Timeout, "It took too long.") : PaperHost.Reply(0, ("ReplicationStatistics", Row));
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => paper, new CollectorOptions { ReplicationCallsPerRead = 2 }, "t", time);

        await collector.ReadAsync([Section], Stop);
        time.Advance(TimeSpan.FromMinutes(10));
        var reading = await collector.ReadAsync([Section], Stop);

        Assert.Equal([Vm(2), Vm(3), Vm(4)], Statistics(reading).Select(s => s.VirtualMachineId));
        Assert.Equal(SectionState.Complete, reading.ReplicaServer.Attempt.State);
    }

    [Fact]
    public async Task A_host_that_copies_nothing_away_is_not_asked()
    {
        var (host, asked) = Host(0);
        await using var _ = host;

        var reading = await host.ReadAsync(Section);

        Assert.Equal(SectionState.Complete, reading.ReplicaServer.Attempt.State);
        Assert.Empty(Statistics(reading));
        Assert.Empty(asked);
    }

    private static ReplicationStatistics[] Statistics(HostReading reading) => [.. reading.ReplicaServer.Content!.Statistics!.Value];

    /// <summary>A host with so many VMs that it copies to another, and one that it takes.</summary>
    private static (HandMadeHost Host, List<Guid> Asked) Host(int primaries)
    {
        var host = new HandMadeHost("2022", "20348");
        host.Add(HandMadeHost.V2, new("Msvm_ReplicationServiceSettingData") { ["InstanceID"] = @"Microsoft:HAND\HVR", ["RecoveryServerEnabled"] = false, ["AllowedAuthenticationType"] = 1, ["CertificateThumbPrint"] = "" });
        for (int i = 0; i <= primaries; i++)
        {
            host.Add(HandMadeHost.V2, new("Msvm_ComputerSystem") { ["Name"] = $"{i:00000000}-1111-1111-1111-111111111111", ["ElementName"] = $"vm{i}", ["EnabledState"] = 2, ["ReplicationMode"] = i == 0 ? 2 : 1 });
        }

        var asked = new List<Guid>();
        host.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", call => Told(asked, call));
        return (host, asked);
    }

    private static Guid Vm(int number) => Guid.Parse($"{number:00000000}-1111-1111-1111-111111111111");

    private static Guid Machine(LabCall call) => Guid.Parse((string)call.All("ComputerSystem").OfType<LabReference>().Single().Keys.Single(k => k.Key == "Name").Value!);

    private static LabAnswer Told(List<Guid> asked, LabCall call)
    {
        asked.Add(Machine(call));
        return new LabAnswer(0, ("ReplicationStatistics", new[] { Row }));
    }
}
