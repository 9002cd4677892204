using HyperVDash.Lab.Hosts;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;

namespace HyperVDash.Agent.Tests.Collect.Replication;

/// <summary>How the replication of each VM goes, which a host tells for one VM at a time.</summary>
public sealed class ReplicationStatisticsTests
{
    private const string Section = "replicaServer";

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
    public async Task A_host_that_refuses_keeps_what_it_said_before_and_says_why()
    {
        var (host, asked) = Host(3);
        await using var _ = host;
        await host.ReadAsync(Section);
        asked.Clear();
        host.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", _ => new LabAnswer(32769));

        var reading = await host.ReadAsync(Section);

        Assert.Equal(3, Statistics(reading).Length);
        Assert.Equal(SectionState.Partial, reading.ReplicaServer.Attempt.State);
        Assert.Contains("statistics: GetReplicationStatistics answered 32769.", reading.ReplicaServer.Attempt.Missing);
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
        host.Host.Answer("Msvm_ReplicationService", "GetReplicationStatistics", call =>
        {
            asked.Add(Guid.Parse((string)call.All("ComputerSystem").OfType<LabReference>().Single().Keys.Single(k => k.Key == "Name").Value!));
            return new LabAnswer(0, ("ReplicationStatistics", new[]
            {
                "<INSTANCE CLASSNAME=\"Msvm_ReplicationStatistics\"><PROPERTY NAME=\"ReplicationSuccessCount\" TYPE=\"uint32\"><VALUE>5</VALUE></PROPERTY>"
                + "<PROPERTY NAME=\"ReplicationMissCount\" TYPE=\"uint32\"><VALUE>5</VALUE></PROPERTY></INSTANCE>",
            }));
        });
        return (host, asked);
    }
}
