using System.Globalization;
using HyperVDash.Fuzz.Coverage;

namespace HyperVDash.Fuzz.Run;

/// <summary>What one target's run came to.</summary>
internal sealed record FuzzReport(string Target)
{
    public long Inputs { get; set; }

    /// <summary>How often each outcome was reached.</summary>
    public SortedDictionary<string, long> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes allocated for one byte of input, at most, over inputs of a KiB and more.</summary>
    public double MaxBytesPerByte { get; set; }

    /// <summary>Bytes allocated for one input, at most.</summary>
    public long MaxBytes { get; set; }

    public TimeSpan Slowest { get; set; }

    public int SlowestLength { get; set; }

    public int Corpus { get; set; }

    public TimeSpan Took { get; set; }

    /// <summary>Null: the code is not instrumented, nothing was measured.</summary>
    public CoverageCount? Coverage { get; set; }

    public List<Find> Finds { get; } = [];

    public long Accepted => Outcomes.Where(o => o.Key.StartsWith("accepted", StringComparison.Ordinal)).Sum(o => o.Value);

    public static IEnumerable<string> Table(IEnumerable<FuzzReport> reports)
    {
        yield return "| target | inputs | accepted | refused | max bytes per input byte | max bytes | slowest input | coverage (blocks) | kept inputs | finds | took |";
        yield return "|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|";
        foreach (var r in reports)
        {
            string refused = string.Join("; ", r.Outcomes.Where(o => !o.Key.StartsWith("accepted", StringComparison.Ordinal)).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key} {o.Value:N0}")));
            yield return string.Create(CultureInfo.InvariantCulture,
                $"| {r.Target} | {r.Inputs:N0} | {r.Accepted:N0} | {refused} | {r.MaxBytesPerByte:0} | {r.MaxBytes:N0} | {r.Slowest.TotalMilliseconds:0.0} ms ({r.SlowestLength:N0} B) | {r.Coverage?.ToString() ?? "not measured"} | {r.Corpus:N0} | {r.Finds.Count} | {r.Took:hh\\:mm\\:ss} |");
        }
    }
}
