namespace HyperVDash.Rules.Engine;

/// <summary>What one examination looked at: as long as none of it changes, its verdict stays.</summary>
/// <param name="Gates">Sections of which it asked whether they can be read.</param>
/// <param name="Content">Sections whose content it looked at as a whole.</param>
/// <param name="Times">Sections whose times or attempt it looked at, for one as the age of a piece of evidence.</param>
/// <param name="Rows">Sections of which it looked only at the rows of its own VM.</param>
internal readonly record struct SectionReads(ulong Gates, ulong Content, ulong Times, ulong Rows)
{
    public static SectionReads operator |(SectionReads a, SectionReads b) => new(a.Gates | b.Gates, a.Content | b.Content, a.Times | b.Times, a.Rows | b.Rows);
}
