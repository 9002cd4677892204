using System.Globalization;

namespace HyperVDash.Fuzz.Coverage;

/// <summary>Blocks of code that ran, of those there are.</summary>
/// <param name="Missed">Methods with blocks that never ran: name, blocks that did, blocks there are.</param>
internal sealed record CoverageCount(int Run, int Blocks, IReadOnlyList<(string Method, int Run, int Blocks)> Missed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run:N0} of {Blocks:N0} ({100.0 * Run / Math.Max(1, Blocks):0} %)");
}
