using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Serve;

/// <summary>
/// The reads of one host's lanes that people ask for. A call joins a read that began in the last 5 s, whether it is over or not, if that read holds what it
/// wants; else it joins the next one, which starts when the one before is over, and 5 s after that one did.
/// </summary>
internal sealed class VerifyQueue(Func<IReadOnlyCollection<string>, Task<HostReading>> read, TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Round? _newest;
    private Round? _next;

    /// <summary>Ends when the wanted sections were read, after the call or at most 5 s before it.</summary>
    public Task<HostReading> AskAsync(IReadOnlyCollection<string> sections)
    {
        lock (_gate)
        {
            if (_newest is { } newest && sections.All(newest.Sections.Contains) && time.GetUtcNow() - newest.StartedAt < Pause)
            {
                return newest.Reading;
            }

            if (_next is null)
            {
                var (next, before) = (new Round(), _newest);
                _next = next;
                next.Sections.UnionWith(sections);
                next.Reading = Task.Run(() => RunAsync(next, before));
            }

            _next.Sections.UnionWith(sections);
            return _next.Reading;
        }
    }

    private async Task<HostReading> RunAsync(Round round, Round? before)
    {
        if (before is not null)
        {
            await ((Task)before.Reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (before.StartedAt + Pause - time.GetUtcNow() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, time).ConfigureAwait(false);
            }
        }

        string[] sections;
        lock (_gate)
        {
            round.StartedAt = time.GetUtcNow();
            sections = [.. round.Sections];
            (_newest, _next) = (round, null);
        }

        return await read(sections).ConfigureAwait(false);
    }

    private sealed class Round
    {
        public HashSet<string> Sections { get; } = new(StringComparer.OrdinalIgnoreCase);

        public DateTimeOffset StartedAt { get; set; }

        public Task<HostReading> Reading { get; set; } = null!;
    }
}
