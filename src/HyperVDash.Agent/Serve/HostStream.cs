using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Serve;

/// <summary>One client's stream of a host: the whole reading first if it needs it, then the sections that change, and a pulse every 5 s.</summary>
internal sealed class HostStream(HostWorker worker, string? known, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<SseItem<object>> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Null stands for a beat. Readings are state: a slow client gets the newest one, never a queue of old ones.
        var channel = Channel.CreateBounded<HostReading?>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest });
        using var beat = time.CreateTimer(_ => channel.Writer.TryWrite(null), null, Beat, Beat);
        var pump = PumpAsync(channel.Writer, cancellationToken);
        HostReading? sent = worker.Current.Revision == known ? worker.Current : null;
        while (await WaitAsync(channel.Reader, cancellationToken).ConfigureAwait(false))
        {
            while (channel.Reader.TryRead(out var reading))
            {
                foreach (var item in Items(ref sent, reading))
                {
                    yield return item;
                }
            }
        }

        await pump.ConfigureAwait(false);
    }

    public static SectionPulse Pulse(NamedSection section) => new(section.Name, section.Section.Attempt.State, section.Section.Attempt.At, section.Section.ReadAt);

    private List<SseItem<object>> Items(ref HostReading? sent, HostReading? reading)
    {
        if (reading is null)
        {
            var now = worker.Current;
            // Before the whole reading was sent a pulse means nothing to the client.
            return sent is null ? [] : [new(new AliveEvent(now.Revision, time.GetUtcNow()) { Sections = [.. now.Sections().Select(Pulse)] }, "alive") { EventId = now.Revision }];
        }

        if (sent is null)
        {
            sent = reading;
            return [new(reading, "reading") { EventId = reading.Revision }];
        }

        var before = sent.Sections().ToDictionary(s => s.Name, s => s.Section.Revision);
        var changed = reading.Sections().Where(s => s.Section.Revision != before[s.Name]).Select(s => s.Name).ToList();
        bool isRenamed = reading.Id != sent.Id || reading.Name != sent.Name;
        sent = reading;
        return
        [
            .. changed.OrderBy(n => SectionLens.Find(n)!.IsFast).Select(n => Event(reading, n, SectionLens.Find(n)!.IsFast ? "performance" : "section")),
            .. isRenamed && changed.Count == 0 ? new[] { new SseItem<object>(reading, "reading") { EventId = reading.Revision } } : [],
        ];
    }

    private static SseItem<object> Event(HostReading reading, string name, string type) =>
        new(new SectionEvent(reading.Revision) { Sections = [name], Reading = Only(reading, name) }, type) { EventId = reading.Revision };

    private static HostReading Only(HostReading reading, string name)
    {
        var one = new HostReading(reading.Key, reading.Name) { Id = reading.Id, Revision = reading.Revision, Origin = reading.Origin, Door = reading.Door, Target = reading.Target };
        return SectionLens.Find(name) is { } lens ? lens.Set(one, lens.Get(reading)) : one;
    }

    private async Task PumpAsync(ChannelWriter<HostReading?> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var reading in worker.FollowAsync(cancellationToken).ConfigureAwait(false))
            {
                writer.TryWrite(reading);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            writer.TryComplete();
        }
    }

    private static async Task<bool> WaitAsync(ChannelReader<HostReading?> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
