using System.Collections.Frozen;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>A set of sections as bits, one for each of <see cref="SectionLens.All"/> in its order.</summary>
internal static class SectionBits
{
    private const int ShortestName = 3;

    private static readonly FrozenDictionary<string, int> Positions = PositionsByName();

    // Rules name their sections by the same constants again and again, and the very same string needs no comparing.
    private static readonly (string? Name, int Position)[] Known = KnownByShape();

    /// <exception cref="ArgumentException">There is no section of that JSON name.</exception>
    public static int IndexOf(string name)
    {
        if (name.Length >= ShortestName)
        {
            ref var known = ref Known[Shape(name)];
            if (ReferenceEquals(known.Name, name))
            {
                return known.Position;
            }
        }

        return Positions.TryGetValue(name, out int index) ? index : throw new ArgumentException($"There is no section {name}.", nameof(name));
    }

    /// <inheritdoc cref="IndexOf"/>
    public static ulong Of(string name) => 1UL << IndexOf(name);

    public static IEnumerable<string> Names(ulong bits) => SectionLens.All.Where((_, i) => (bits & (1UL << i)) != 0).Select(l => l.Name);

    /// <summary>No two sections of today share one; where two ever do, the second is found more slowly.</summary>
    private static int Shape(string name) => (name[0] + (name[2] * 2) + (name.Length * 5)) & 127;

    private static (string? Name, int Position)[] KnownByShape()
    {
        var known = new (string? Name, int Position)[128];
        foreach (var (i, lens) in SectionLens.All.Index())
        {
            known[Shape(lens.Name)] = (lens.Name, i);
        }

        return known;
    }

    private static FrozenDictionary<string, int> PositionsByName() => SectionLens.All.Length <= 64
        ? SectionLens.All.Select((lens, i) => (lens.Name, i)).ToFrozenDictionary(p => p.Name, p => p.i, StringComparer.Ordinal)
        : throw new InvalidOperationException("More sections than a set of bits has places: widen it.");
}
