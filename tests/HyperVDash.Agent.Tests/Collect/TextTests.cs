using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Guests;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Tests.Collect;

public sealed class TextTests
{
    [Fact]
    public void A_long_text_is_cut_between_two_characters()
    {
        Assert.Equal(new string('a', 2048), Text.Cut(new string('a', 2048)));
        Assert.Equal(new string('a', 2047) + "…", Text.Cut(new string('a', 2049)));
        Assert.Equal(new string('a', 2046) + "…", Text.Cut(new string('a', 2046) + "🧪🧪"));
    }

    [Fact]
    public void Half_a_character_is_shown_as_one_that_is_missing()
    {
        Assert.Equal("a🧪b", Text.Cut("a🧪b"));
        Assert.Equal("a\uFFFDb", Text.Cut("a\uD83Eb"));
        Assert.Equal("\uFFFD", Text.Cut("\uDDEA"));
    }

    [Fact]
    public void What_a_guest_pushes_is_the_same_before_and_after_JSON()
    {
        var row = CimRow.Of("X", ("Items", new List<object?> { """<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Name"><VALUE>Half&#xD83E;</VALUE></PROPERTY><PROPERTY NAME="Data"><VALUE>&#xDDEA;</VALUE></PROPERTY></INSTANCE>""" }));

        Assert.Equal([new("Half\uFFFD", "\uFFFD")], new KeyValueReader().Items(row, "Items"));
    }
}
