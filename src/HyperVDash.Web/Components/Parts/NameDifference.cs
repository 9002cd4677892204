using System.Collections.Immutable;
using HyperVDash.Rules.Switches;

namespace HyperVDash.Web.Components.Parts;

/// <summary>Where two names that people take for the same one differ.</summary>
public static class NameDifference
{
    /// <summary>The name in pieces; the whole in one piece if the two are no near miss.</summary>
    public static ImmutableArray<(string Text, bool IsDifferent)> Split(string name, string? wanted)
    {
        if (wanted is null || name == wanted || SwitchNames.NearMatch(wanted, [name]) is null)
        {
            return [(name, false)];
        }

        if (name.Length == wanted.Length)
        {
            return SameLength(name, wanted);
        }

        int first = 0, last = 0;
        while (first < name.Length && first < wanted.Length && name[first] == wanted[first])
        {
            first++;
        }

        while (last < Math.Min(name.Length, wanted.Length) - first && name[^(last + 1)] == wanted[^(last + 1)])
        {
            last++;
        }

        return [.. new[] { (name[..first], false), (name[first..^last], true), (name[^last..], false) }.Where(p => p.Item1.Length > 0)];
    }

    private static ImmutableArray<(string, bool)> SameLength(string name, string wanted)
    {
        var pieces = ImmutableArray.CreateBuilder<(string, bool)>();
        for (int from = 0, at = 1; at <= name.Length; at++)
        {
            if (at == name.Length || (name[at] == wanted[at]) != (name[from] == wanted[from]))
            {
                pieces.Add((name[from..at], name[from] != wanted[from]));
                from = at;
            }
        }

        return pieces.ToImmutable();
    }
}
