using HyperVDash.Cim.Wql;

namespace HyperVDash.Cim.Tests.Wql;

/// <summary>The subset of WQL that client, captures and lab share.</summary>
public sealed class WqlTests
{
    private static readonly Dictionary<string, object?> Vm = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Name"] = "4EA7033C-356C-4EBA-9F77-1A3399CFCD72", ["ElementName"] = "it's web01", ["EnabledState"] = 2L, ["HealthState"] = "5", ["Shielded"] = false,
        ["Notes"] = null, ["__SERVER"] = "HV01", ["Load"] = 12.5,
    };

    [Theory]
    [InlineData("EnabledState = 2", true)]
    [InlineData("enabledstate=3", false)]
    [InlineData("HealthState = 5", true)]
    [InlineData("EnabledState <> 2", false)]
    [InlineData("EnabledState != 3 AND EnabledState != 32769", true)]
    [InlineData("EnabledState < 3 AND EnabledState >= 2", true)]
    [InlineData("Load > 12.4 AND Load <= 12.5", true)]
    [InlineData("Name = '4ea7033c-356c-4eba-9f77-1a3399cfcd72'", true)]
    [InlineData("ElementName = 'it\\'s web01'", true)]
    [InlineData("ElementName = \"it's web01\"", true)]
    [InlineData("ElementName LIKE '%web__'", true)]
    [InlineData("ElementName LIKE 'web%'", false)]
    [InlineData("ElementName LIKE '%[a-w]eb01'", true)]
    [InlineData("Name != __SERVER", true)]
    [InlineData("Shielded = FALSE", true)]
    [InlineData("Shielded = TRUE", false)]
    [InlineData("Notes IS NULL", true)]
    [InlineData("Notes IS NOT NULL", false)]
    [InlineData("Notes = 'x'", false)]
    [InlineData("NOT Notes = 'x'", false)]
    [InlineData("Notes = 'x' OR EnabledState = 2", true)]
    [InlineData("(EnabledState = 3 OR EnabledState = 2) AND NOT HealthState = 25 ", true)]
    [InlineData("EnabledState = 3 AND HealthState = 5 OR EnabledState = 2", true)]
    public void A_condition_selects_as_WMI_does(string where, bool expected) =>
        Assert.Equal(expected, WqlQuery.ParseCondition(where).IsTrue(n => Vm.GetValueOrDefault(n)) == true);

    [Fact]
    public void A_query_gives_class_columns_and_the_names_it_compares()
    {
        var query = WqlQuery.Parse("select Name, ElementName from Msvm_ComputerSystem where Name != __SERVER and EnabledState=2 ");

        Assert.Equal("Msvm_ComputerSystem", query.Class);
        Assert.Equal(["Name", "ElementName"], query.Columns);
        Assert.Equal(["Name", "__SERVER", "EnabledState"], query.ComparedColumns());
        Assert.Empty(WqlQuery.Parse("SELECT * FROM Win32_OperatingSystem ").Columns);
    }

    [Theory]
    [InlineData("DELETE FROM X", "SELECT was expected (at character 1)")]
    [InlineData("SELECT Name X", "FROM was expected (at character 13)")]
    [InlineData("SELECT * FROM X WHERE", "a name was expected")]
    [InlineData("SELECT * FROM X WHERE A ~ 1", "a comparison was expected (at character 25)")]
    [InlineData("SELECT * FROM X WHERE A = 'open", "the text is not closed")]
    [InlineData("SELECT * FROM X WHERE (A = 1", "')' expected")]
    [InlineData("SELECT * FROM X; DROP", "unexpected text after the query (at character 16)")]
    public void What_is_not_of_the_subset_is_refused_at_its_place(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<WqlException>(() => WqlQuery.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_as_a_literal_is_found_again()
    {
        CsCheck.Check.Sample(CsCheck.Gen.String[CsCheck.Gen.Char[" aZ%_[]'\"\\()=ü日"], 1, 12], text =>
        {
            string literal = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal);
            return WqlQuery.ParseCondition($"A = '{literal}'").IsTrue(_ => text) == true;
        });
    }

    [Fact]
    public void Parentheses_without_end_are_refused_and_do_not_end_the_program() =>
        Assert.Throws<WqlException>(() => WqlQuery.ParseCondition(new string('(', 100_000) + "A=1"));
}
