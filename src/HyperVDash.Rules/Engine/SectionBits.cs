using System.Collections.Frozen;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>A set of sections as bits, one for each of <see cref="SectionLens.All"/> in its order.</summary>
internal static class SectionBits
{
    private static readonly FrozenDictionary<string, int> Positions = PositionsByName();

    /// <exception cref="ArgumentException">There is no section of that JSON name.</exception>
    public static int IndexOf(string name) => Positions.TryGetValue(name, out int index) ? index : throw new ArgumentException($"There is no section {name}.", nameof(name));

    /// <inheritdoc cref="IndexOf"/>
    public static ulong Of(string name) => 1UL << IndexOf(name);

    public static IEnumerable<string> Names(ulong bits) => SectionLens.All.Where((_, i) => (bits & (1UL << i)) != 0).Select(l => l.Name);

    private static FrozenDictionary<string, int> PositionsByName() => SectionLens.All.Length <= 64
        ? SectionLens.All.Select((lens, i) => (lens.Name, i)).ToFrozenDictionary(p => p.Name, p => p.i, StringComparer.Ordinal)
        : throw new InvalidOperationException("More sections than a set of bits has places: widen it.");
}
