using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Serve;

/// <summary>One client's stream of a host: the whole reading first if it needs it, then the sections that change, and a pulse every 5 s.</summary>
internal sealed class HostStream(HostWorker worker, string? known, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <param name="stopping">Ends the stream with the program; without it every stop would wait for its streams.</param>
    public async IAsyncEnumerable<SseItem<object>> EventsAsync(CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        // Null stands for a beat. Readings are state: a slow client gets the newest one, never a queue of old ones.
        var channel = Channel.CreateBounded<HostReading?>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest });
        using var beat = time.CreateTimer(_ => channel.Writer.TryWrite(null), null, Beat, Beat);
        var pump = PumpAsync(channel.Writer, ended.Token);
        HostReading? sent = worker.Current.Revision == known ? worker.Current : null;
        try
        {
            while (await WaitAsync(channel.Reader, ended.Token).ConfigureAwait(false))
            {
                while (channel.Reader.TryRead(out var reading))
                {
                    foreach (var item in Items(ref sent, reading))
                    {
                        yield return item;
                    }
                }
            }
        }
        finally
        {
            // A client that goes in the middle of an answer ends nothing but this loop.
            await ended.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }

    public static SectionPulse Pulse(NamedSection section) => new(section.Name, section.Section.Attempt.State, section.Section.Attempt.At, section.Section.ReadAt);

    private List<SseItem<object>> Items(ref HostReading? sent, HostReading? reading)
    {
        if (reading is not null)
        {
            return Changes(ref sent, reading);
        }

        // A beat speaks of the newest reading, so what is new in it goes first: a client that reconnects behind a beat has lost nothing.
        var now = worker.Current;
        // Before the whole reading was sent a pulse means nothing to the client.
        return sent is null ? [] : [.. Changes(ref sent, now), new(new AliveEvent(now.Revision, time.GetUtcNow()) { Sections = [.. now.Sections().Select(Pulse)] }, "alive") { EventId = now.Revision }];
    }

    private static List<SseItem<object>> Changes(ref HostReading? sent, HostReading reading)
    {
        // Read anew from the beginning, its numbers come again and say nothing of what the client has.
        if (sent is not { } known || Epoch(known) != Epoch(reading))
        {
            sent = reading;
            return [new(reading, "reading") { EventId = reading.Revision }];
        }

        sent = reading;
        var before = known.Sections().ToDictionary(s => s.Name, s => s.Section.Revision);
        List<string> changed = [.. reading.Sections().Where(s => s.Section.Revision != before[s.Name]).Select(s => s.Name).OrderBy(n => SectionLens.Find(n)!.IsFast)];
        if (changed.Count == 0)
        {
            bool isRenamed = reading.Id != known.Id || reading.Name != known.Name;
            return isRenamed ? [new(reading, "reading") { EventId = reading.Revision }] : [];
        }

        // Only the last of them carries the new revision: whoever loses contact between two must not believe to have both.
        return [.. changed.Select((name, i) => Event(reading, name, i == changed.Count - 1 ? reading.Revision : known.Revision))];
    }

    private static string Epoch(HostReading reading) => reading.Revision[..(reading.Revision.LastIndexOf('-') is var at and > 0 ? at : 0)];

    private static SseItem<object> Event(HostReading reading, string name, string revision) =>
        new(new SectionEvent(revision) { Sections = [name], Reading = Only(reading, name) }, SectionLens.Find(name)!.IsFast ? "performance" : "section") { EventId = revision };

    private static HostReading Only(HostReading reading, string name)
    {
        var one = new HostReading(reading.Key, reading.Name) { Id = reading.Id, Revision = reading.Revision, Origin = reading.Origin, CapturedAt = reading.CapturedAt, Door = reading.Door, Target = reading.Target };
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
