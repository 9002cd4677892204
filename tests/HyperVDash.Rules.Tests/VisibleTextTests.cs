namespace HyperVDash.Rules.Tests;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("Prod ", "Prod␠")]
    [InlineData(" Prod", "␠Prod")]
    [InlineData("Prod Net", "Prod Net")]
    [InlineData("a\u00A0b", "a⍽b")]
    [InlineData("tab\there", "tab␉here")]
    [InlineData("line\r\n", "line␍␊")]
    [InlineData("\u202Egnp.exe", "[U+202E]gnp.exe")]
    [InlineData("zero\u200Bwidth", "zero[U+200B]width")]
    [InlineData("tag\U000E0041", "tag[U+E0041]")]
    [InlineData("emoji 🦊", "emoji 🦊")]
    [InlineData("", "")]
    [InlineData("  ", "␠␠")]
    public void What_cannot_be_seen_is_drawn(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void Strangers_text_is_cut_at_2_KB_and_never_through_a_character()
    {
        string shown = VisibleText.Of(new string('x', 2046) + "🦊🦊🦊");

        Assert.Equal(new string('x', 2046) + "…", shown);
        Assert.Equal(2048, VisibleText.Of(new string('x', 5000)).Length);
    }

    [Fact]
    public void A_stand_in_names_its_code_point_so_that_a_real_one_is_told_apart()
    {
        Assert.Equal([new VisibleRun("Prod", null), new VisibleRun("␠", "U+2420"), new VisibleRun("␠", "U+0020")], VisibleText.Runs("Prod␠ "));
    }

    [Fact]
    public void A_blank_at_the_end_of_a_middle_piece_is_an_ordinary_blank() =>
        Assert.Equal([new VisibleRun(" and ", null)], VisibleText.Runs(" and ", isStart: false, isEnd: false));
}
