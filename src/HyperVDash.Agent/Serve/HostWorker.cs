using System.Collections.Immutable;
using System.Threading.Channels;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Agent.Serve;

/// <summary>Reads one host in its lanes, keeps the newest reading and tells followers what changed.</summary>
public sealed partial class HostWorker : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    private readonly TargetOptions _target;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly string _epoch;
    private readonly HostMemory _memory;
    // Never disposed: a read that was asked for while the program stops still looks at them, and finds itself cancelled.
    private readonly SemaphoreSlim _fast = new(1);
    private readonly SemaphoreSlim _slow = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<HostReading>> _followers = [];
    private readonly VerifyQueue _verifyFast;
    private readonly VerifyQueue _verifySlow;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _end;
    private HostCollector _collector;
    private LaneSchedule _schedule;
    private string? _lastFault;
    private readonly HostTrouble _trouble;
    private readonly Lock _saving = new();
    private DateTimeOffset _savedAt;
    private bool _isUnsaved;
    private bool _isClosed;

    /// <param name="memory">What is remembered of the host; null: nothing beyond this worker's life.</param>
    public HostWorker(TargetOptions target, string epoch, TimeProvider time, ILogger log, HostMemory? memory = null)
    {
        (_target, _time, _log, _epoch, _memory) = (target, time, log, epoch, memory ?? HostMemory.Volatile());
        _savedAt = time.GetUtcNow();
        _trouble = new HostTrouble(target.Key, log);
        _collector = TargetSessions.Collector(target, epoch, time, _memory);
        _schedule = new LaneSchedule(target.Intervals, time);
        _end = _ended.Token;
        // One a lane, so that a disk that hangs keeps nobody waiting for the state of VMs.
        _verifyFast = new VerifyQueue(s => ReadAsync(s, isSlow: false, _end), time);
        _verifySlow = new VerifyQueue(s => ReadAsync(s, isSlow: true, _end), time);
        Current = _collector.Current;
    }

    public string Key => _target.Key;

    public HostReading Current { get; private set; }

    /// <summary>How many streams are told of changes.</summary>
    internal int FollowerCount
    {
        get
        {
            lock (_gate)
            {
                return _followers.Count;
            }
        }
    }

    /// <summary>Runs until cancelled: the slow lanes beside the fast ones.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RunAsync(isSlow: false, cancellationToken),
        RunAsync(isSlow: true, cancellationToken),
        _target.Door == "capture" ? FollowFileAsync(cancellationToken) : Task.CompletedTask);

    /// <summary>Reads a capture anew when its file is another one, whether it could be used before or not.</summary>
    private async Task FollowFileAsync(CancellationToken cancellationToken)
    {
        var file = new CaptureFileWatch(_target.File!);
        for (int times = 1; !cancellationToken.IsCancellationRequested;)
        {
            await Task.Delay(CaptureFileWatch.Interval, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested || !file.IsAnother())
            {
                continue;
            }

            try
            {
                await ReopenAsync($"{_epoch}.{times++}", cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The next file may do better; what was read before stays until then.
                LogFailed(fault, Key);
            }
        }
    }

    private async Task ReopenAsync(string epoch, CancellationToken cancellationToken)
    {
        var fresh = TargetSessions.Collector(_target, epoch, _time, _memory);
        var reading = await fresh.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        await _fast.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _slow.WaitAsync(cancellationToken).ConfigureAwait(false);
        var old = _collector;
        try
        {
            _collector = fresh;
            _schedule = new LaneSchedule(_target.Intervals, _time);
            Publish(reading);
            LogReopened(Key, _target.File!);
        }
        finally
        {
            _slow.Release();
            _fast.Release();
        }

        await old.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(bool isSlow, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_schedule.Due(Current, isSlow) is { Count: > 0 } due)
                {
                    await ReadAsync(due, isSlow, cancellationToken).ConfigureAwait(false);
                }

                var wait = _schedule.NextDueOf(isSlow) - _time.GetUtcNow();
                await Task.Delay(wait < TimeSpan.FromMilliseconds(50) ? TimeSpan.FromMilliseconds(50) : wait > TimeSpan.FromSeconds(30) ? TimeSpan.FromSeconds(30) : wait, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // One host's trouble must not stop the others; logged once until it changes.
                if (_lastFault != fault.Message)
                {
                    LogFailed(fault, Key);
                    _lastFault = fault.Message;
                }

                await Task.Delay(TimeSpan.FromSeconds(5), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Reads some sections now, even while the schedule leaves a refused account alone; calls for one host join, and it is read at most every 5 s.</summary>
    public async Task<HostReading> VerifyAsync(IReadOnlyCollection<string> sections, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            from isSlow in new[] { false, true }
            let part = SlowLanes.Part(sections, isSlow)
            where part.Count > 0
            select (isSlow ? _verifySlow : _verifyFast).AskAsync(part)).WaitAsync(cancellationToken).ConfigureAwait(false);
        return Current;
    }

    /// <summary>The newest reading, then newer ones; a slow follower skips some. Ends with the token.</summary>
    public async IAsyncEnumerable<HostReading> FollowAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<HostReading>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _followers.Add(channel);
            channel.Writer.TryWrite(Current);
        }

        try
        {
            await foreach (var reading in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return reading;
            }
        }
        finally
        {
            lock (_gate)
            {
                _followers.Remove(channel);
            }
        }
    }

    private async Task<HostReading> ReadAsync(IReadOnlyCollection<string> sections, bool isSlow, CancellationToken cancellationToken)
    {
        var turn = isSlow ? _slow : _fast;
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var startedAt = _time.GetUtcNow();
            var reading = await _collector.ReadAsync(sections, cancellationToken).ConfigureAwait(false);
            _schedule.Read(reading, sections, startedAt, _collector.IsSignInRefused, _collector.IsUnreachable);
            // The other lanes may have finished in between; the collector's is never older.
            reading = Publish(null);
            _lastFault = null;
            LogRead(Key, sections.Count, reading.Revision);
            Save(isLast: false);
            return reading;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <param name="reading">Null takes the newest of the collector.</param>
    private HostReading Publish(HostReading? reading)
    {
        lock (_gate)
        {
            Current = reading ??= _collector.Current;
            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(reading);
            }

            _trouble.Note(reading, _collector.IsUnreachable || _collector.IsSignInRefused);
            return reading;
        }
    }

    /// <summary>Writes down what is to be remembered, once a minute at most.</summary>
    private void Save(bool isLast)
    {
        lock (_saving)
        {
            if (!isLast && _time.GetUtcNow() - _savedAt < SaveInterval)
            {
                return;
            }

            _savedAt = _time.GetUtcNow();
            try
            {
                _memory.Save();
                _isUnsaved = false;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                if (!_isUnsaved)
                {
                    LogNotRemembered(fault, Key);
                }

                _isUnsaved = true;
            }
        }
    }

    /// <summary>Ends what people asked for, and closes the way to the host when no question is on it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);

        // Before the wait, which whoever stops the program may cut short.
        Save(isLast: false);
        try
        {
            await Task.WhenAll(_fast.WaitAsync(CancellationToken.None), _slow.WaitAsync(CancellationToken.None)).WaitAsync(Farewell, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A door that does not let go of its question must not hold up the stop.
        }

        await _collector.DisposeAsync().ConfigureAwait(false);
        Save(isLast: true);
        _ended.Dispose();
    }

    [LoggerMessage(LogLevel.Debug, "Read {SectionCount} sections of {Host}, now at {Revision}")]
    private partial void LogRead(string host, int sectionCount, string revision);

    [LoggerMessage(LogLevel.Warning, "Could not write down what is remembered of {Host}; a restart forgets it")]
    private partial void LogNotRemembered(Exception fault, string host);

    [LoggerMessage(LogLevel.Information, "Opened {File} of {Host} again, because it is another one")]
    private partial void LogReopened(string host, string file);

    [LoggerMessage(LogLevel.Error, "Reading {Host} failed and is tried again")]
    private partial void LogFailed(Exception fault, string host);
}
