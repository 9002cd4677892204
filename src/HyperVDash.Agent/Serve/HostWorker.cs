using System.Collections.Immutable;
using System.Threading.Channels;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Targets;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Agent.Serve;

/// <summary>Reads one host in its lanes, keeps the newest reading and tells followers what changed.</summary>
public sealed partial class HostWorker : IAsyncDisposable
{
    private readonly TargetOptions _target;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HostCollector _collector;
    private readonly LaneSchedule _schedule;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<HostReading>> _followers = [];
    private readonly VerifyQueue _verify;
    private string? _lastFault;
    private string _trouble = "";

    public HostWorker(TargetOptions target, string epoch, TimeProvider time, ILogger log)
    {
        (_target, _time, _log) = (target, time, log);
        _collector = TargetSessions.Collector(target, epoch, time);
        _schedule = new LaneSchedule(target.Intervals, time);
        _verify = new VerifyQueue(sections => ReadAsync(sections, CancellationToken.None), time);
        Current = _collector.Current;
    }

    public string Key => _target.Key;

    public HostReading Current { get; private set; }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_schedule.Due(Current) is { Count: > 0 } due)
                {
                    await ReadAsync(due, cancellationToken).ConfigureAwait(false);
                }

                var wait = _schedule.NextDue - _time.GetUtcNow();
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

                await Task.Delay(TimeSpan.FromSeconds(5), _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads some sections now, even while the schedule leaves a refused account alone; calls for one host join, and it is read at most every 5 s.</summary>
    public Task<HostReading> VerifyAsync(IReadOnlyCollection<string> sections, CancellationToken cancellationToken) =>
        _verify.AskAsync(sections).WaitAsync(cancellationToken);

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

    private async Task<HostReading> ReadAsync(IReadOnlyCollection<string> sections, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var startedAt = _time.GetUtcNow();
            var reading = await _collector.ReadAsync(sections, cancellationToken).ConfigureAwait(false);
            _schedule.Read(reading, sections, startedAt, _collector.IsSignInRefused);
            lock (_gate)
            {
                Current = reading;
                foreach (var follower in _followers)
                {
                    follower.Writer.TryWrite(reading);
                }
            }

            _lastFault = null;
            NoteTrouble(reading);
            LogRead(Key, sections.Count, reading.Revision);
            return reading;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Logs what cannot be read when that changes, not at every try.</summary>
    private void NoteTrouble(HostReading reading)
    {
        var troubled = reading.Sections().Where(s => s.Section.Attempt.State is SectionState.Denied or SectionState.Failed).ToList();
        string trouble = string.Join(", ", troubled.Select(s => s.Name));
        if (trouble == _trouble)
        {
            return;
        }

        _trouble = trouble;
        if (troubled.Count == 0)
        {
            LogHealed(Key);
        }
        else
        {
            LogTroubled(Key, trouble, troubled[0].Section.Attempt.Reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync().ConfigureAwait(false);
        _reading.Dispose();
    }

    [LoggerMessage(LogLevel.Debug, "Read {SectionCount} sections of {Host}, now at {Revision}")]
    private partial void LogRead(string host, int sectionCount, string revision);

    [LoggerMessage(LogLevel.Warning, "Could not read {Sections} of {Host}: {Reason}")]
    private partial void LogTroubled(string host, string sections, string? reason);

    [LoggerMessage(LogLevel.Information, "Read {Host} again without trouble")]
    private partial void LogHealed(string host);

    [LoggerMessage(LogLevel.Error, "Reading {Host} failed and is tried again")]
    private partial void LogFailed(Exception fault, string host);
}
