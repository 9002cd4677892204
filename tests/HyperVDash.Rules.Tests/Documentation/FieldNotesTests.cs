using HyperVDash.Rules.Documentation;

namespace HyperVDash.Rules.Tests.Documentation;

/// <summary>Nothing that the field notes say is lost: each statement has a rule, or a reason why there is none.</summary>
public sealed class FieldNotesTests
{
    public static TheoryData<int> Numbers => [.. FieldNotes.All.Select(n => n.Number)];

    [Fact]
    public void Every_statement_and_every_limit_has_its_row()
    {
        Assert.Equal(Enumerable.Range(1, 56), FieldNotes.All.Select(n => n.Number));
        Assert.Equal(Enumerable.Range(1, 16), FieldNotes.Limits.Select(l => l.Number));
    }

    [Theory, MemberData(nameof(Numbers))]
    public void A_statement_has_a_rule_with_an_example_that_fires_and_one_that_passes_or_a_reason_why_it_has_none(int number)
    {
        var note = FieldNotes.All.Single(n => n.Number == number);
        var rules = note.Rules.Select(RuleCatalogue.Find).Where(r => r is not null).ToList();

        Assert.All(note.Limits, l => Assert.Contains(FieldNotes.Limits, x => x.Number == l));
        Assert.True(rules.Count > 0 || (note.Rules.IsEmpty && !note.Limits.IsEmpty), $"{number} '{note.Statement}' names {string.Join(", ", note.Rules)}, none of which is in the catalogue.");
        Assert.All(rules, r =>
        {
            Assert.Contains(r!.Cases, c => c.Expected.StartsWith("fires", StringComparison.Ordinal));
            Assert.Contains(r.Cases, c => c.Expected == "passes");
        });
    }

    [Fact]
    public void Map_of_the_field_notes_in_docs_is_up_to_date() => Repository.AssertPage("docs/rules/field-notes.md", FieldNotesPage.Render());

    [Fact]
    public void Table_of_the_release_profiles_in_docs_is_up_to_date() => Repository.AssertPage("docs/rules/releases.md", ReleasesPage.Render());
}
