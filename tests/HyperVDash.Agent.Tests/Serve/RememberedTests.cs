using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Targets;
using HyperVDash.Lab.Faults;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging.Abstractions;

namespace HyperVDash.Agent.Tests.Serve;

public sealed class RememberedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("state-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Origin.Host, true)]
    [InlineData(Origin.Lab, false)]
    public async Task A_host_is_remembered_in_the_folder_of_the_settings_and_a_lab_is_not(Origin origin, bool isRemembered)
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        var target = lab.Targets.Single(t => t.Key == "SOLO1") with { Origin = origin };
        var roster = new HostRoster(new AgentOptions { StateFolder = _folder, Targets = [target] }, TimeProvider.System, NullLoggerFactory.Instance);

        await roster.Workers[0].VerifyAsync(["devices", "virtualDisks"], Stop);
        await roster.StopAsync(Stop);
        roster.Dispose();

        string file = Path.Combine(_folder, "solo1.json");
        Assert.Equal(isRemembered, File.Exists(file));
        if (isRemembered)
        {
            Assert.Contains(@"disk|D:\\Hyper-V\\", await File.ReadAllTextAsync(file, Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_that_read_alike_have_files_of_their_own()
    {
        string[] names = [.. new[] { "hv 01", "hv_01", "hv:01", "Köln", "Käln", "HV\u212A1", "HVK1", new string('a', 300), new string('a', 301) }.Select(TargetFileName.Of)];

        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, n => Assert.Matches("^[a-z0-9_.~-]{1,110}$", n));
        Assert.Equal("hv_01", TargetFileName.Of("HV_01"));
        Assert.Equal(TargetFileName.Of("KÖLN"), TargetFileName.Of("köln"));
    }

    [Fact]
    public async Task A_verify_of_the_state_of_VMs_does_not_wait_for_one_that_hangs_on_a_slow_class_and_a_stop_waits_for_neither()
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        lab.Lab!.Server.Faults.Set(LabFault.Parse("SOLO1/Win32_ServerFeature=hang"));
        var worker = new HostWorker(lab.Targets.Single(t => t.Key == "SOLO1"), "t", TimeProvider.System, NullLogger.Instance);
        var all = worker.VerifyAsync([.. worker.Current.Sections().Select(s => s.Name)], Stop);

        await worker.VerifyAsync(["virtualMachines"], Stop);
        Assert.False(all.IsCompleted);
        await worker.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all);
    }

    [Fact]
    public async Task A_stream_that_its_reader_leaves_in_the_middle_leaves_nothing_behind()
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        await using var worker = new HostWorker(lab.Targets.Single(t => t.Key == "SOLO1"), "t", TimeProvider.System, NullLogger.Instance);

        await foreach (var item in new HostStream(worker, null, TimeProvider.System).EventsAsync(CancellationToken.None, CancellationToken.None))
        {
            Assert.Equal("reading", item.EventType);
            break;
        }

        Assert.Equal(0, worker.FollowerCount);
    }

    [Fact]
    public async Task A_slow_lane_that_hangs_does_not_delay_the_state_of_VMs()
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        lab.Lab!.Server.Faults.Set(LabFault.Parse("SOLO1/Win32_ServerFeature=hang"));
        var target = lab.Targets.Single(t => t.Key == "SOLO1");
        target = target with { Intervals = target.Intervals with { StateInterval = TimeSpan.FromSeconds(1) } };
        await using var worker = new HostWorker(target, "t", TimeProvider.System, NullLogger.Instance);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = worker.RunAsync(end.Token);
        var times = new HashSet<DateTimeOffset>();
        await foreach (var reading in worker.FollowAsync(Stop))
        {
            Assert.Equal(SectionState.Pending, reading.Roles.Attempt.State);
            if (reading.VirtualMachines.ReadAt is { } at)
            {
                times.Add(at);
            }

            if (times.Count == 4)
            {
                break;
            }
        }

        await end.CancelAsync();
        await running;
    }
}
