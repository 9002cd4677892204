using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Demo;

/// <summary>What happens by itself in the demo: VMs start and stop, a checkpoint comes and goes, a switch is renamed and put right.</summary>
internal static class DemoHappenings
{
    public static ImmutableArray<Happening> Of(LabDescription lab) =>
    [
        StartsAndStops("HV04", Ids.Of("vm/HV04/build-01"), offSeconds: 25, runSeconds: 30),
        StartsAndStops("HV03", Ids.Of("vm/HV03/scratch-01"), offSeconds: 40, runSeconds: 35),
        new("HV04",
        [
            new(TimeSpan.FromSeconds(50), (host, since) => Checkpoints(host, since, [])),
            new(TimeSpan.FromSeconds(70), (host, since) => Checkpoints(host, since, [new(Ids.Of("checkpoint/build-02/nightly"), "nightly build", null, since)])),
        ]),
        new("HV04",
        [
            new(TimeSpan.FromSeconds(90), (host, _) => host),
            new(TimeSpan.FromSeconds(60), (host, _) => host.WithSwitch(Ids.Of("switch/HV04/Mgmt"), s => s with { Name = "Management" })),
        ]),
    ];

    private static Happening StartsAndStops(string host, Guid vm, int offSeconds, int runSeconds) => new(host,
    [
        Step(vm, offSeconds, LabVmState.Off),
        Step(vm, 3, LabVmState.Starting),
        Step(vm, runSeconds, LabVmState.Running, runningFor: 3),
        Step(vm, 3, LabVmState.Stopping, runningFor: runSeconds + 3),
    ]);

    /// <param name="runningFor">Seconds since power on when the step begins.</param>
    private static HappeningStep Step(Guid vm, int seconds, LabVmState state, int runningFor = 0) => new(TimeSpan.FromSeconds(seconds), (host, since) =>
        host.WithVm(vm, v => v with
        {
            State = state,
            StateChangedAt = since,
            StartedAt = state == LabVmState.Off ? null : since.AddSeconds(-runningFor),
        }));

    private static HostDescription Checkpoints(HostDescription host, DateTimeOffset since, ImmutableArray<LabCheckpoint> checkpoints) =>
        host.WithVm(Ids.Of("vm/HV04/build-02"), v => v with { Checkpoints = checkpoints, ConfigurationChangedAt = since });
}
