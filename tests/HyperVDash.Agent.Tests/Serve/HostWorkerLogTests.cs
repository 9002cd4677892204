using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Serve;
using HyperVDash.Lab.Faults;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Serve;

/// <summary>What an operator reads of a host that goes away and comes back.</summary>
public sealed class HostWorkerLogTests
{
    private static readonly string[] Everything = [.. SectionLens.All.Select(s => s.Name)];

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly Lines _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SOLO1=refuse", "Could not read SOLO1: .* closed the connection before it answered")]
    [InlineData("SOLO1=401", "Could not read SOLO1: .* refused the user 'lab'")]
    public async Task A_host_that_cannot_be_read_is_told_once_with_the_reason_and_once_when_it_is_back(string fault, string sentence)
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        await using var worker = new HostWorker(lab.Targets.Single(t => t.Key == "SOLO1"), "t", _time, _log);
        lab.Lab!.Server.Faults.Set(LabFault.Parse(fault));
        await ReadAsync(worker);
        await ReadAsync(worker);

        Assert.Matches($"^Warning {sentence}", Assert.Single(_log.Said));

        lab.Lab.Server.Faults.Clear();
        await ReadAsync(worker);
        await ReadAsync(worker);

        Assert.Equal(["Information Read SOLO1 again after it could not be read"], _log.Said[1..]);
    }

    [Fact]
    public async Task A_part_that_cannot_be_read_is_told_by_its_name()
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, ["SOLO1/Win32_QuickFixEngineering=denied"], 0, TimeProvider.System, Stop);
        await using var worker = new HostWorker(lab.Targets.Single(t => t.Key == "SOLO1"), "t", _time, _log);

        await ReadAsync(worker);

        Assert.StartsWith("Warning Could not read updates of SOLO1: ", Assert.Single(_log.Said), StringComparison.Ordinal);
    }

    private async Task ReadAsync(HostWorker worker)
    {
        await worker.VerifyAsync(Everything, Stop);
        // A host is read at most so often.
        _time.Advance(TimeSpan.FromSeconds(6));
    }

    private sealed class Lines : ILogger
    {
        private readonly Lock _gate = new();

        public List<string> Said { get; } = [];

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? fault, Func<TState, Exception?, string> format)
        {
            lock (_gate)
            {
                if (level > LogLevel.Debug)
                {
                    Said.Add($"{level} {format(state, fault)}");
                }
            }
        }

        public bool IsEnabled(LogLevel level) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    }
}
