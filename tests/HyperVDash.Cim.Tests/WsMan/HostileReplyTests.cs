using System.Globalization;
using System.Text;
using HyperVDash.Cim.WsMan;

namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>Answers that were made to cost.</summary>
public sealed class HostileReplyTests
{
    private static readonly Dictionary<string, Func<int, string>> Shapes = new()
    {
        ["a property of blanks and comments"] = n => Envelopes.Items($"<p><a>{Many(n, _ => " <!-- -->")}</a></p>"),
        ["a property of text and elements"] = n => Envelopes.Items($"<p><a>x{Many(n, _ => "<b/>x")}</a></p>"),
        ["a context in pieces"] = n => Envelopes.Started(Many(n, _ => "x<b/>")),
        ["a header in pieces"] = n => Envelopes.Items("").Replace("uuid:0", Many(n, _ => "x<b/>"), StringComparison.Ordinal),
        ["rows that share no column"] = n => Envelopes.Items(Many(n, i => $"<p><c{i % 1000}>1</c{i % 1000}></p>")),
        ["references within references"] = n => Envelopes.Items(Many(n, _ => """<p><r><a:ReferenceParameters><w:SelectorSet><w:Selector Name="x">1</w:Selector></w:SelectorSet></a:ReferenceParameters></r></p>""")),
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    [Theory, MemberData(nameof(ShapeNames))]
    public void Memory_grows_with_the_length_of_an_answer_and_no_faster(string shape)
    {
        Cost(Shapes[shape](10));
        long one = Cost(Shapes[shape](250)), sixteen = Cost(Shapes[shape](4000));

        Assert.True(sixteen < 24 * one, $"{sixteen:N0} bytes for sixteen times what took {one:N0}");
    }

    [Theory]
    [InlineData("<a:RelatesTo>uuid:0</a:RelatesTo>", "<a:RelatesTo>{0}</a:RelatesTo>")]
    [InlineData("<a:RelatesTo>uuid:0</a:RelatesTo>", "{0}")]
    [InlineData("<n:EnumerationContext></n:EnumerationContext>", "<n:EnumerationContext>{0}</n:EnumerationContext>")]
    [InlineData("<p><b/></p>", "{0}")]
    [InlineData("<p><b/></p>", "<w:Item><p/><a:EndpointReference>{0}</a:EndpointReference></w:Item>")]
    [InlineData("<b/>", "<b>text{0}</b>")]
    [InlineData("<b/>", "<b><Datetime>2026-01-01T00:00:00Z</Datetime>{0}</b>")]
    [InlineData("<b/>", "<b><a:ReferenceParameters><w:Selector Name='x'>{0}</w:Selector></a:ReferenceParameters></b>")]
    [InlineData("<s:Body>", "<s:Body><s:Fault>{0}</s:Fault>")]
    [InlineData("<s:Body>", "<s:Body><IdentifyResponse>{0}</IdentifyResponse>")]
    public void Elements_within_elements_end_where_no_host_has_been(string place, string with)
    {
        string envelope = Envelopes.Items("<p><b/></p>").Replace(place, with.Replace("{0}", Many(100_000, _ => "<x>"), StringComparison.Ordinal), StringComparison.Ordinal);
        Cost(envelope[..1000]);

        Assert.Matches("nested too deeply", Read(envelope).Broken);
        Assert.InRange(Cost(envelope), 0, 400_000);
    }

    [Fact]
    public void A_row_that_lacks_most_columns_of_its_class_has_those_it_has()
    {
        var reply = Read(Envelopes.Items($"<p>{Many(200, i => $"<c{i}>{i}</c{i}>")}</p><p><c7>x</c7><c150>y</c150></p>"));

        Assert.Equal(["c7", "c150"], reply.Rows[1].Names);
        Assert.Equal(("x", "y", null), (reply.Rows[1].String("C7"), reply.Rows[1].String("c150"), reply.Rows[1].String("c8")));
        Assert.Equal("199", reply.Rows[0].String("c199"));
        Assert.Equal(("p", "p"), (reply.Rows[0].ClassName, reply.Rows[1].ClassName));
    }

    [Fact]
    public void An_instance_with_more_properties_than_any_class_has_is_refused_with_a_sentence()
    {
        var reply = Read(Envelopes.Items($"<p><a>1</a></p><p>{Many(2000, i => $"<c{i}>1</c{i}>")}</p>"));

        Assert.Equal("An instance of p has more than 1024 different properties, which no class has.", reply.Broken);
        Assert.Single(reply.Rows);
    }

    [Fact]
    public void An_answer_of_nothing_but_new_names_is_refused_before_they_fill_the_memory()
    {
        string name = new('n', 1000);

        var reply = Read(Envelopes.Items($"<p>{Many(20, i => $"<c{i}>1</c{i}>")}</p>{Many(1100, i => $"<{name}{i}><a>1</a></{name}{i}>")}"));

        Assert.NotNull(reply.Broken);
        Assert.Equal("1", reply.Rows[0].String("c7"));
    }

    [Fact]
    public void An_answer_that_is_cut_anywhere_is_broken_and_throws_nothing()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?>" + Envelopes.Items(
            "<p:A xmlns:p=\"urn:x\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"p:A_Type\"><p:Name>a &amp; b &#x65E5;</p:Name><p:Null xsi:nil=\"true\"/><p:Text><![CDATA[x]]></p:Text></p:A>"));
        for (int length = 0; length < bytes.Length; length++)
        {
            var reply = WsManReply.Read(new WsManBytes(bytes, length, IsCut: true, 200), new RowDecoder("X"));

            Assert.True(reply.Broken is { Length: > 0 }, $"{length} of {bytes.Length} bytes");
        }
    }

    [Fact]
    public void Attributes_that_the_reader_cannot_sort_are_a_damaged_answer_and_no_instance()
    {
        const string Text = "<se xml:lang=\"\" x=\"\" s=\"\" b=\"\" x:lang=\"\" s=\"\" xmlns:x=\"r\" e=\"\" n=\"\" x=\"\" s=\"\" x=\"\">";

        Assert.Equal("an element's attributes are damaged", Read(Text).Broken);
        Assert.False(EmbeddedInstance.TryParse(Text, out _));
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding=\"\"?>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"klingon\"?>")]
    [InlineData("<?xml version=\"1.0\" enc")]
    public void A_damaged_declaration_is_a_damaged_answer(string declaration) => Assert.NotNull(Read(declaration + Envelopes.Items("<p><a>1</a></p>")).Broken);

    [Fact]
    public void Bytes_that_are_no_text_make_the_answer_unusable_even_where_nobody_reads_them()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Envelopes.Items("<p><a>1</a></p>").Replace("</s:Body>", "\u00FF\u00FE</s:Body>", StringComparison.Ordinal));

        var reply = WsManReply.Read(new WsManBytes(bytes, bytes.Length, IsCut: false, 200), new RowDecoder("X"));

        Assert.Equal("Its bytes are no UTF-8.", reply.Broken);
    }

    private static long Cost(string envelope)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(envelope);
        long before = GC.GetAllocatedBytesForCurrentThread();
        WsManReply.Read(new WsManBytes(bytes, bytes.Length, IsCut: false, 200), new RowDecoder("X"));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static WsManReply Read(string envelope)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(envelope);
        return WsManReply.Read(new WsManBytes(bytes, bytes.Length, IsCut: false, 200), new RowDecoder("X"));
    }

    private static string Many(int times, Func<int, string> part)
    {
        var all = new StringBuilder();
        for (int i = 0; i < times; i++)
        {
            all.Append(CultureInfo.InvariantCulture, $"{part(i)}");
        }

        return all.ToString();
    }
}
