using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>How far the host's clock is from the agent's: three questions in a row, each corrected by half of its round trip.</summary>
internal sealed class ClockReader() : SectionReader<HostClock>("clock", r => r.Clock, (r, s) => r with { Clock = s })
{
    private const int SampleCount = 3;
    private const string Found = "clock";

    private static readonly RegistryValue SourceType = RegistryValue.Text(@"SYSTEM\CurrentControlSet\Services\W32Time\Parameters", "Type");
    private static readonly RegistryValue TimeServers = RegistryValue.Text(@"SYSTEM\CurrentControlSet\Services\W32Time\Parameters", "NtpServer");

    // A condition that always holds makes it another table than that of the whole class.
    private static readonly TableQuery Now = new("root/cimv2", "Win32_OperatingSystem", "LocalDateTime") { Where = "BuildNumber IS NOT NULL", Identity = "LocalDateTime", IsNeverEmpty = true };

    public override IEnumerable<RegistryValue> Values(HostFacts host) => [SourceType, TimeServers];

    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        var samples = new List<ClockSample>();
        for (int i = 0; i < SampleCount; i++)
        {
            var table = await follow.AskAsync(Now, cancellationToken).ConfigureAwait(false);
            if (!table.IsRead)
            {
                break;
            }

            if (table.ReadAt is { } answered && table.Rows[0].DateTime("LocalDateTime") is { } local)
            {
                samples.Add(Sample(local, answered, table.Took));
            }
        }

        follow.Tables.Find(Found, samples);
    }

    protected override SectionResult<HostClock> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var samples = tables.Found<List<ClockSample>>(Found) ?? [];
        if (samples.Count == 0)
        {
            return SectionResult<HostClock>.Failed(tables[Now].Error ?? new CimException(CimErrorKind.Protocol, "The host tells no time that can be read (Win32_OperatingSystem.LocalDateTime)."));
        }

        var clock = new HostClock
        {
            Samples = [.. samples],
            Skew = Median(samples.Select(s => s.Skew)),
            SourceType = Text.Cut(SourceType.TextOf(tables)),
            TimeServers = Text.Cut(TimeServers.TextOf(tables)),
        };
        return SectionResult<HostClock>.Read(sources.Before.Clock.Content is { } before && SaysTheSame(before, clock) ? before : clock,
        [
            samples.Count < SampleCount ? $"samples: {tables[Now].Error?.Message ?? "the host told no time"}" : null,
            SourceType.ErrorOf(tables) is { } type ? $"time source: {type}" : null,
            TimeServers.ErrorOf(tables) is { } servers ? $"time servers: {servers}" : null,
        ]);
    }

    /// <summary>The host read its clock about in the middle between question and answer.</summary>
    internal static ClockSample Sample(DateTimeOffset local, DateTimeOffset answered, TimeSpan roundTrip) =>
        new(answered, Whole(local - (answered - (roundTrip / 2))), (long)Math.Round(roundTrip.TotalMilliseconds));

    // No two measurements are equal; a change is one that a person would see.
    private static bool SaysTheSame(HostClock before, HostClock now) =>
        before.SourceType == now.SourceType && before.TimeServers == now.TimeServers && before.Samples.Length == now.Samples.Length
        && before.Skew is { } old && now.Skew is { } skew && (old - skew).Duration() <= TimeSpan.FromSeconds(1)
        && Whole(RoundTrip(before)) == Whole(RoundTrip(now));

    private static TimeSpan RoundTrip(HostClock clock) => Median(clock.Samples.Select(s => TimeSpan.FromMilliseconds(s.TookMs)));

    private static TimeSpan Median(IEnumerable<TimeSpan> values) => values.Order().ToImmutableArray() is var sorted ? sorted[sorted.Length / 2] : default;

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Round(span.TotalSeconds));
}
