using System.Collections.Immutable;

namespace HyperVDash.Rules.Documentation;

/// <summary>One statement of the field notes that the product goes back to, and the rules that check it.</summary>
/// <param name="Number">Its place in the list.</param>
/// <param name="Place">Post and section, e.g. <c>2.2</c>.</param>
/// <param name="Statement">In our words.</param>
public sealed record FieldNote(int Number, string Place, string Statement)
{
    /// <summary>Ids of the rules that check it; empty: it cannot be checked, see <see cref="Limits"/>.</summary>
    public ImmutableArray<string> Rules { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How a rule bears on it, where that is not plain.</summary>
    public string? Remark { get; init; }

    /// <summary>Names of the limits (<see cref="FieldNotes.Limits"/>) that apply to it or to a part of it.</summary>
    public ImmutableArray<int> Limits { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>Something the notes say that no rule can check.</summary>
/// <param name="Number">Printed as U1, U2 …</param>
/// <param name="Why">Why not.</param>
/// <param name="Instead">What the product does instead.</param>
public sealed record FieldNoteLimit(int Number, string Statement, string Why, string Instead);
