using System.Threading.Channels;
using HyperVDash.Agent.Serve;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Serve;

public sealed class VerifyQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<Read> _reads = Channel.CreateUnbounded<Read>();
    private readonly VerifyQueue _queue;

    public VerifyQueueTests() => _queue = new VerifyQueue(sections =>
    {
        var read = new Read([.. sections.Order(StringComparer.Ordinal)]);
        _reads.Writer.TryWrite(read);
        return read.End.Task;
    }, _time);

    [Fact]
    public async Task Calls_for_what_is_being_read_join_that_read()
    {
        var first = _queue.AskAsync(["services", "roles"]);
        var read = await StartedAsync();
        var second = _queue.AskAsync(["ROLES"]);

        read.Finish();

        Assert.Same(await first, await second);
        Assert.False(_reads.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_call_just_after_a_read_is_answered_with_that_read_and_a_later_one_with_a_new_one()
    {
        var first = _queue.AskAsync(["services"]);
        (await StartedAsync()).Finish();
        await first;

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Same(await first, await _queue.AskAsync(["services"]));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        var later = _queue.AskAsync(["services"]);
        (await StartedAsync()).Finish();
        Assert.NotSame(await first, await later);
    }

    [Fact]
    public async Task A_call_long_after_a_read_began_does_not_join_it_though_it_still_runs()
    {
        var first = _queue.AskAsync(["services"]);
        var old = await StartedAsync();
        _time.Advance(VerifyQueue.Pause);

        var second = _queue.AskAsync(["services"]);
        old.Finish();
        var next = await StartedAsync();
        next.Finish();

        Assert.NotSame(await first, await second);
    }

    [Fact]
    public async Task Calls_for_other_sections_wait_together_for_the_next_read()
    {
        var first = _queue.AskAsync(["services"]);
        var read = await StartedAsync();
        var second = _queue.AskAsync(["roles"]);
        var third = _queue.AskAsync(["switches"]);
        _time.Advance(TimeSpan.FromSeconds(5));
        read.Finish();

        var next = await StartedAsync();
        next.Finish();

        Assert.Equal(["roles", "switches"], next.Sections);
        Assert.Same(await second, await third);
        Assert.NotSame(await first, await second);
    }

    [Fact]
    public async Task A_host_is_read_at_most_once_in_5_s()
    {
        var startedAt = _time.GetUtcNow();
        var first = _queue.AskAsync(["services"]);
        (await StartedAsync()).Finish();
        await first;

        var second = _queue.AskAsync(["roles"]);
        Read? next;
        while (!_reads.Reader.TryRead(out next))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.True(_time.GetUtcNow() - startedAt >= TimeSpan.FromSeconds(5));
        next.Finish();
        await second;
    }

    private async Task<Read> StartedAsync() => await _reads.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private sealed record Read(string[] Sections)
    {
        public TaskCompletionSource<HostReading> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Finish() => End.SetResult(new HostReading("hv01", "hv01"));
    }
}
