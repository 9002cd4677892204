using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios;

/// <summary>Something that happens by itself on one host, over and over: its steps follow each other in a circle.</summary>
/// <remarks>What a host looks like follows from the time alone, so nothing runs in the background.</remarks>
internal sealed record Happening(string Host, ImmutableArray<HappeningStep> Steps)
{
    private TimeSpan Circle => Steps.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Lasts);

    /// <summary>Which step it is, counted from the start, and when it began; step 0 is the description itself.</summary>
    public (long Number, TimeSpan Began) At(TimeSpan elapsed)
    {
        long rounds = elapsed.Ticks / Circle.Ticks;
        var began = Circle * rounds;
        int step = 0;
        while (began + Steps[step].Lasts <= elapsed)
        {
            began += Steps[step++].Lasts;
        }

        return ((rounds * Steps.Length) + step, began);
    }

    public HostDescription Apply(HostDescription host, long number, DateTimeOffset since) =>
        number == 0 ? host : Steps[(int)(number % Steps.Length)].Change(host, since);
}

/// <param name="Change">From the description of the start to that of the step; gets the time at which the step began.</param>
internal sealed record HappeningStep(TimeSpan Lasts, Func<HostDescription, DateTimeOffset, HostDescription> Change);
