using System.Collections.Immutable;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Tests.Collect.Disks;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect.Jobs;

public sealed class JobReaderTests : IAsyncDisposable
{
    private static readonly Guid Vm = new("00000000-0000-4000-8000-000000000003");
    private static readonly Guid Point = new("00000000-0000-4000-8000-000000000083");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly PaperHost _host = new();

    public JobReaderTests()
    {
        _host.Add(PaperHost.V2, "Msvm_ComputerSystem", ("Name", Vm.ToString()), ("ElementName", "a"), ("EnabledState", 2L));
        _host.Add(PaperHost.V2, "Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{Point}"), ("VirtualSystemType", "Microsoft:Hyper-V:Snapshot:Realized"), ("VirtualSystemIdentifier", Vm.ToString()));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_job_works_on_the_VM_that_its_association_names_even_if_it_names_a_checkpoint_first()
    {
        Job("66", 4, 10);
        Affects("66", new("Msvm_VirtualSystemSettingData") { Keys = Keys("InstanceID", $"Microsoft:{Point}") });
        Job("67", 4, 10);
        Affects("67", new("Msvm_VirtualSystemSettingData") { Keys = Keys("InstanceID", $"Microsoft:{Point}") });
        Affects("67", new("Msvm_ComputerSystem") { Keys = Keys("Name", Vm.ToString()) });
        Job("68", 4, 10);
        Affects("68", new("Msvm_ComputerSystem") { Keys = Keys("Name", "HV01") });

        var jobs = (await ReadAsync(Collector())).Content!.Items;

        Assert.Equal([Vm, Vm, null], jobs.Select(j => j.VirtualMachineId));
    }

    [Fact]
    public async Task Only_jobs_that_have_not_ended_are_told()
    {
        foreach (int state in (int[])[2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
        {
            Job($"{state}", state, 50);
        }

        var jobs = (await ReadAsync(Collector())).Content!.Items;

        Assert.Equal([JobState.New, JobState.Starting, JobState.Running, JobState.Suspended, JobState.ShuttingDown, JobState.Service], jobs.Select(j => j.State).Order());
    }

    [Fact]
    public async Task Progress_is_dated_by_the_last_move_of_the_percentage()
    {
        Job("66", 4, 10);
        var collector = Collector();
        var began = _time.GetUtcNow();
        await ReadAsync(collector);
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(began, Assert.Single((await ReadAsync(collector)).Content!.Items).ProgressedAt);

        _host.Clear(PaperHost.V2, "Msvm_ConcreteJob");
        Job("66", 4, 11);
        Assert.Equal(_time.GetUtcNow(), Assert.Single((await ReadAsync(collector)).Content!.Items).ProgressedAt);
    }

    [Fact]
    public async Task No_jobs_is_an_answer()
    {
        var section = await ReadAsync(Collector());

        Assert.Equal(SectionState.Complete, section.Attempt.State);
        Assert.Empty(section.Content!.Items);
    }

    private static ImmutableDictionary<string, string> Keys(string name, string value) => ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add(name, value);

    private void Job(string id, int state, int percent) =>
        _host.Add(PaperHost.V2, "Msvm_ConcreteJob", ("InstanceID", id), ("JobState", (long)state), ("PercentComplete", (long)percent));

    private void Affects(string job, CimPath element) => _host.Add(PaperHost.V2, "Msvm_AffectedJobElement",
        ("AffectingElement", new CimPath("Msvm_ConcreteJob") { Keys = Keys("InstanceID", job) }), ("AffectedElement", element), ("ElementEffects", 5L));

    private HostCollector Collector() => new("h", "wsman", Origin.Host, "paper", () => _host, new CollectorOptions(), "t", _time);

    private static async Task<Section<JobList>> ReadAsync(HostCollector collector) =>
        (await collector.ReadAsync([.. SectionLens.All.Select(l => l.Name)], TestContext.Current.CancellationToken)).Jobs;
}
