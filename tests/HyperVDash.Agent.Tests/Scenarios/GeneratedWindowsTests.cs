using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Events;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Migration;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>Windows, hardware and storage as the collector reads them are those described, on every release.</summary>
public sealed class GeneratedWindowsTests
{
    public static TheoryData<string> Releases => GeneratedLabTests.Releases;

    private static bool Has2012(string release) => release is not ("pre2008" or "2008R2");

    [Theory, MemberData(nameof(Releases))]
    public async Task Processors_and_memory_nodes(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);
        var processors = reading.Processors.Content!;

        Assert.Equal(Enumerable.Range(0, described.Sockets).Select(i => $"CPU{i}"), processors.Items.Select(p => p.Socket));
        Assert.All(processors.Items, p =>
        {
            Assert.Equal(described.Processor.Caption, $"{(p.Manufacturer == "GenuineIntel" ? "Intel64" : "AMD64")} Family {p.Family} Model {p.Model} Stepping {p.Stepping}");
            Assert.Equal(described.LogicalProcessors / described.Sockets, p.LogicalProcessors);
            Assert.Equal(Has2012(release) ? true : null, p.HasSecondLevelTranslation);
        });
        Assert.True(processors.HasDataExecutionPrevention);
        if (Has2012(release))
        {
            Assert.Equal(
                Enumerable.Range(0, described.NumaNodes).Select(i => (i, (int?)(described.LogicalProcessors / described.NumaNodes), (ByteSize?)new ByteSize((described.MemoryMb / described.NumaNodes) << 20))),
                reading.Numa.Content!.Nodes.Select(n => (n.Number, n.LogicalProcessors, n.Memory)));
        }
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Settings_of_the_role(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);
        var settings = reading.HyperVSettings.Content!;

        Assert.Equal((described.DefaultVmPath, described.DefaultDiskPath), (settings.DefaultVirtualMachinePath, settings.DefaultVirtualDiskPath));
        Assert.Equal(release == "pre2008" ? null : described.IsNumaSpanning, settings.IsNumaSpanning);
        Assert.Equal(release is "pre2008" or "2008R2" or "2012" ? null : false, settings.IsEnhancedSession);
        Assert.Equal(described.Vms.Count(v => v.HasWorker) + 1, settings.Partitions);
        Assert.Equal(release is "2016" or "2022" or "2025" ? null : described.HyperVVersion, settings.OfferedIntegrationServices);
        Assert.Equal(release is "2016" or "2022" or "2025" ? false : null, settings.IsCredentialGuardRunning);
        Assert.Equal(255, Convert.ToInt64(settings.MaximumMacAddress, 16) - Convert.ToInt64(settings.MinimumMacAddress, 16));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Clock_restart_marks_licence_and_updates(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);
        var clock = reading.Clock.Content!;

        Assert.InRange((clock.Skew!.Value - described.ClockSkew).TotalSeconds, -1, 1);
        Assert.Equal(3, clock.Samples.Length);
        Assert.Equal(described.TimeSource, clock.SourceType);
        Assert.Equal(described.RestartMarks.Select(m => m.ToString()).Order(), reading.PendingRestart.Content!.Marks.Select(m => m.Reason.ToString()).Order());
        var licence = reading.Licence.Content!;
        Assert.Equal(((LicenceStatus)(described.Licence.Status + 1), TimeSpan.FromMinutes(described.Licence.GraceMinutes), described.Licence.EvaluationEndsAt, described.Licence.PartialKey),
            (licence.Status, licence.GraceRemaining!.Value, licence.EvaluationEndsAt, licence.PartialKey));
        Assert.Equal(described.Licence.Sku == 79, licence.IsEvaluation);
        Assert.Equal(Has2012(release) ? ["KB5034129 2026-01-09", "KB5034770 2026-02-13"] : [], reading.Updates.Content!.Items.Select(u => $"{u.Id} {u.InstalledAt:yyyy-MM-dd}"));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Volumes_disks_and_shares(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);
        var volumes = reading.Volumes.Content!;

        Assert.Equal(described.Volumes.Select(v => (v.Path, (ByteSize?)ByteSize.FromGiB((int)v.SizeGb), (ByteSize?)ByteSize.FromGiB((int)v.FreeGb))).OrderBy(v => v.Path ?? "~", StringComparer.OrdinalIgnoreCase).ThenBy(v => v.Item2!.Value.Bytes),
            volumes.Items.Select(v => (v.Path, v.Size, v.Free)).OrderBy(v => v.Path ?? "~", StringComparer.OrdinalIgnoreCase).ThenBy(v => v.Size!.Value.Bytes));
        Assert.Equal([@"C:\"], volumes.Items.Where(v => v.IsSystem == true).Select(v => v.Path));
        var passedThrough = described.Vms.SelectMany(v => v.Controllers).SelectMany(c => c.Drives).Select(d => d.HostDisk).OfType<int>();
        var used = described.Volumes.Select(v => v.Disk).ToHashSet();
        Assert.Equal(used.Concat(passedThrough).Distinct().Order(), volumes.Disks!.Value.Select(d => d.Number));
        var letters = described.Volumes.Where(v => v.Letter is not null).Select(v => v.Disk).ToHashSet();
        Assert.All(volumes.Disks.Value, d => Assert.Equal(Has2012(release) ? !used.Contains(d.Number) : letters.Contains(d.Number) ? false : null, d.IsOffline));
        Assert.Equal(Has2012(release) ? described.SmbConnections.Select(c => (c.Server, c.Dialect, release == "2012" ? null : (bool?)c.IsContinuouslyAvailable)) : null,
            volumes.SmbConnections?.Select(c => (c.Server, c.Dialect!, c.IsContinuouslyAvailable)));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Live_migration_and_replica_server(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);
        if (!Has2012(release))
        {
            Assert.Null(reading.LiveMigration.Content);
            Assert.Null(reading.ReplicaServer.Content);
            return;
        }

        var migration = reading.LiveMigration.Content!;
        Assert.Equal((described.Migration!.IsEnabled, (MigrationAuthentication)(described.Migration.Authentication + 1), (int)described.Migration.Maximum),
            (migration.IsEnabled!.Value, migration.Authentication!.Value, migration.MaximumMigrations!.Value));
        Assert.Equal(described.Migration.Networks, migration.Networks!.Value);
        Assert.Equal(release == "2012" ? null : true, migration.UsesCompression);
        var replica = reading.ReplicaServer.Content!;
        Assert.Equal((described.Replica.IsEnabled, (ReplicaAuthentication)described.Replica.Authentication), (replica.IsEnabled!.Value, replica.Authentication!.Value));
        Assert.Equal(described.Replica.AllowedPrimaries, replica.AllowedPrimaries!.Value);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Events_of_the_last_day(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);
        var log = reading.EventLog.Content!;
        var since = log.Since!.Value;
        Guid? VmOf(LabEvent e) => e.Data.IsEmpty || !Guid.TryParse(e.Data[0], out var id) ? null : id;

        var wanted = described.Events.Where(e => e.Type <= 2 && e.At >= since).GroupBy(e => (e.Provider, (int)e.Id, (EventLevel)e.Type, VmOf(e))).Select(g => $"{g.Key} {g.Count()} {g.Max(e => e.At):O}");
        Assert.Equal(wanted.Order(StringComparer.Ordinal), log.Items.Select(g => $"{(g.Provider, g.Id, g.Level, g.VirtualMachineId)} {g.Count} {g.LastAt:O}").Order(StringComparer.Ordinal));
        Assert.Equal(["System"], log.Channels);
        Assert.Contains("Microsoft-Windows-Hyper-V-VMMS-Admin", log.UnreadChannels);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Services_have_process_and_exit_code_and_the_system_its_drive(string release)
    {
        var (described, reading) = await GeneratedLabTests.ReadAsync(release);

        Assert.Superset(new HashSet<string> { "vmms", "WinRM", "LanmanServer", "W32Time" }, reading.Services.Content!.Items.Select(s => s.Name).ToHashSet());
        Assert.All(reading.Services.Content!.Items, s => Assert.True(s is { ExitCode: 0, ProcessId: > 0 }, s.Name));
        Assert.Equal(("C:", described.Name), (reading.OperatingSystem.Content!.SystemDrive, reading.OperatingSystem.Content.RegistryComputerName));
    }
}
