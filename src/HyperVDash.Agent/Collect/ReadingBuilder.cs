using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Agent.Collect;

/// <summary>Puts new section results into the reading before, with times, revisions and the content that stays.</summary>
internal sealed class ReadingBuilder(HostReading before, IReadOnlySet<string> wanted, DateTimeOffset now, long tookMs)
{
    // What was the next content of one read is the old one of the following: each is hashed once.
    private static readonly ConditionalWeakTable<object, byte[]> Hashes = [];

    private HostReading _reading = before;
    private readonly List<(Action Read, Action Take)> _parts = [];
    private bool _hasChanged;

    public HostReading Before { get; } = before;

    /// <summary>Adds a section to those that <see cref="Build"/> makes, beside each other: each from the same tables, none from another.</summary>
    public void Put<T>(string name, Func<HostReading, Section<T>> get, Func<SectionResult<T>> read, Func<HostReading, Section<T>, HostReading> set) where T : class
    {
        if (!wanted.Contains(name))
        {
            return;
        }

        Section<T>? section = null;
        _parts.Add((
            () => section = Next(get(Before), Result(name, read)),
            () =>
            {
                // Fast numbers have a revision of their own and do not move the host's.
                _hasChanged |= section!.Revision != get(_reading).Revision && SectionLens.Find(name) is { IsFast: false };
                _reading = set(_reading, section);
            }));
    }

    private static SectionResult<T> Result<T>(string name, Func<SectionResult<T>> read) where T : class
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A row no reader expected must not take the other sections down; the sentence says which one to report.
            return SectionResult<T>.Without(SectionState.Failed, $"Section {name} could not be made of what the host answered: {fault.Message}");
        }
    }

    /// <summary>Says why none of the wanted sections could be asked for; their content stays.</summary>
    public void PutFailed(string reason)
    {
        foreach (var lens in SectionLens.All.Where(l => wanted.Contains(l.Name)))
        {
            var old = lens.Get(_reading);
            bool isSame = old.Attempt is { State: SectionState.Failed, Missing: [] } && old.Attempt.Reason == reason;
            _reading = lens.Set(_reading, old with { Attempt = new(SectionState.Failed, now, tookMs, reason), Revision = old.Revision + (isSame ? 0 : 1) });
            _hasChanged |= !isSame && !lens.IsFast;
        }
    }

    public HostReading Build(string epoch, ref long revision)
    {
        Parallel.ForEach(_parts, part => part.Read());
        foreach (var (_, take) in _parts)
        {
            take();
        }

        return _hasChanged ? _reading with { Revision = $"{epoch}-{++revision}" } : _reading;
    }

    private Section<T> Next<T>(Section<T> old, SectionResult<T> result) where T : class
    {
        var attempt = new Attempt(result.State, now, tookMs, result.Reason) { Missing = result.Missing.IsDefault ? [] : result.Missing };
        var next = old with { Attempt = attempt };
        if (result.Content is { } content)
        {
            next = next with { Content = content, ReadAt = now, TookMs = tookMs };
        }
        else if (result.State is SectionState.Absent)
        {
            // "There is no such thing" is an answer; what was there before is gone.
            next = next with { Content = null, ReadAt = now, TookMs = tookMs };
        }

        bool isSame = old.Attempt.State == attempt.State && old.Attempt.Reason == attempt.Reason && old.Attempt.Missing.SequenceEqual(attempt.Missing)
            && IsSame(old.Content, next.Content);
        return isSame ? next with { Content = old.Content } : next with { Revision = old.Revision + 1 };
    }

    private static bool IsSame<T>(T? old, T? next) where T : class =>
        ReferenceEquals(old, next) || (old is not null && next is not null && Hashes.GetValue(old, HashOf).AsSpan().SequenceEqual(Hashes.GetValue(next, HashOf)));

    private static byte[] HashOf(object content) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, content.GetType(), AgentJson.Options));
}
