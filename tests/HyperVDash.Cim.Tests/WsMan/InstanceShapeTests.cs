namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>How WinRM and other servers write values, and what is read from it.</summary>
public sealed class InstanceShapeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_is_read_with_its_class_and_every_kind_of_value()
    {
        var row = await OneAsync(Envelopes.Instance("Msvm_ComputerSystem",
            "<p:Caption>Virtual Machine</p:Caption><p:CreationClassName>Msvm_ComputerSystem</p:CreationClassName><p:ElementName>app01</p:ElementName><p:EnabledState>2</p:EnabledState>"
            + "<p:InstallDate><cim:Datetime>2025-03-02T08:11:09.123456Z</cim:Datetime></p:InstallDate><p:InstanceID xsi:nil=\"true\"/><p:Name>1C2D3E4F-0000-4000-8000-000000000001</p:Name>"
            + "<p:OnTimeInMilliseconds>86399123</p:OnTimeInMilliseconds><p:OperationalStatus>2</p:OperationalStatus><p:OperationalStatus>32768</p:OperationalStatus><p:StatusDescriptions>Operating normally</p:StatusDescriptions>"));

        Assert.Equal("Msvm_ComputerSystem", row.ClassName);
        Assert.Equal("app01", row.String("ElementName"));
        Assert.Equal(2, row.Int32("EnabledState"));
        Assert.Equal(new Guid("1c2d3e4f-0000-4000-8000-000000000001"), row.Guid("Name"));
        Assert.Equal(new DateTimeOffset(2025, 3, 2, 8, 11, 9, TimeSpan.Zero).AddTicks(1234560), row.DateTime("InstallDate"));
        Assert.Equal(86399123, row.Int64("OnTimeInMilliseconds"));
        Assert.Equal([2L, 32768L], row.Numbers("OperationalStatus"));
        Assert.Equal(["Operating normally"], row.Strings("StatusDescriptions"));
    }

    [Fact]
    public async Task Absent_null_and_empty_are_three_different_answers()
    {
        var row = await OneAsync(Envelopes.Instance("X", "<p:Null xsi:nil=\"true\"/><p:Empty></p:Empty><p:EmptyToo/>"));

        Assert.False(row.Has("Absent"));
        Assert.True(row.Has("Null"));
        Assert.Null(row.String("Null"));
        Assert.Null(row.Int64("Null"));
        Assert.Equal("", row.String("Empty"));
        Assert.Equal("", row.String("EmptyToo"));
        Assert.Null(row.Int64("Empty"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("語")]
    [InlineData("😀")]
    [InlineData("a😀")]
    public async Task A_text_of_any_length_is_read_whole_whatever_the_width_of_its_characters(string unit)
    {
        // Around the sizes of the buffers that texts pass through.
        var texts = Enumerable.Range(2030, 40).Concat(Enumerable.Range(4080, 40)).ToDictionary(n => $"P{n}", n => string.Concat("x".PadRight(n % 7, 'y'), string.Concat(Enumerable.Repeat(unit, n / unit.Length))));

        var row = await OneAsync(Envelopes.Instance("X", string.Concat(texts.Select(t => $"<p:{t.Key}>{t.Value}</p:{t.Key}>"))));

        Assert.All(texts, t => Assert.Equal(t.Value, row.String(t.Key)));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("TRUE", true)]
    [InlineData("FALSE", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("perhaps", null)]
    public async Task Booleans_come_in_three_spellings(string text, bool? expected) =>
        Assert.Equal(expected, (await OneAsync(Envelopes.Instance("X", $"<p:B>{text}</p:B>"))).Boolean("b"));

    [Fact]
    public async Task The_largest_number_of_64_bits_keeps_every_digit()
    {
        var row = await OneAsync(Envelopes.Instance("X", "<p:N>18446744073709551615</p:N><p:M>-9223372036854775808</p:M>"));

        Assert.Equal(ulong.MaxValue, row.UInt64("N"));
        Assert.Null(row.Int64("N"));
        Assert.Equal(long.MinValue, row.Int64("M"));
        Assert.Null(row.Int32("M"));
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-2E3", -2000.0)]
    [InlineData("NaN", double.NaN)]
    [InlineData("INF", double.PositiveInfinity)]
    [InlineData("-INF", double.NegativeInfinity)]
    public async Task Real_numbers_are_read_whatever_the_language_of_this_machine(string text, double expected) =>
        Assert.Equal(expected, (await OneAsync(Envelopes.Instance("X", $"<p:R>{text}</p:R>"))).Real("R"));

    [Theory]
    [InlineData("<cim:Datetime>2013-04-15T16:28:43.488171Z</cim:Datetime>", "2013-04-15T16:28:43.488171Z")]
    [InlineData("<cim:Datetime>2013-04-15T16:28:43Z</cim:Datetime>", "2013-04-15T16:28:43Z")]
    [InlineData("<cim:Datetime>2013-04-15T18:28:43.5+02:00</cim:Datetime>", "2013-04-15T16:28:43.5Z")]
    [InlineData("2013-04-15T16:28:43Z", "2013-04-15T16:28:43Z")]
    [InlineData("<cim:CIM_DateTime>20130415182843.500000+120</cim:CIM_DateTime>", "2013-04-15T16:28:43.5Z")]
    [InlineData("20130415162843.000000-000", "2013-04-15T16:28:43Z")]
    [InlineData("20130415162843.******-000", "2013-04-15T16:28:43Z")]
    [InlineData("<cim:Datetime>1601-01-01T00:00:00Z</cim:Datetime>", null)]
    [InlineData("16010101000000.000000-000", null)]
    [InlineData("20130222", null)]
    [InlineData("not a time", null)]
    public async Task Instants_are_read_in_every_form_and_never_is_null(string content, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            (await OneAsync(Envelopes.Instance("X", $"<p:D>{content}</p:D>"))).DateTime("D"));

    [Theory]
    [InlineData("<cim:Interval>P0DT0H0M1.00417S</cim:Interval>", 1.00417)]
    [InlineData("<cim:Interval>P1DT2H3M4S</cim:Interval>", 93784.0)]
    [InlineData("00000001020304.000000:000", 93784.0)]
    [InlineData("<cim:Interval>P99999999DT0H0M0S</cim:Interval>", null)]
    [InlineData("99999999235959.999999:000", null)]
    public async Task Spans_are_read_in_both_forms_and_one_without_end_is_null(string content, double? seconds)
    {
        var span = (await OneAsync(Envelopes.Instance("X", $"<p:D>{content}</p:D>"))).Interval("D");

        Assert.Equal(seconds is null, span is null);
        Assert.Equal(seconds ?? 0, span?.TotalSeconds ?? 0, 4);
    }

    [Fact]
    public async Task An_array_of_one_a_scalar_and_an_array_with_nulls_serve_both_getters()
    {
        var row = await OneAsync(Envelopes.Instance("X", "<p:One>7</p:One><p:Two>a</p:Two><p:Two xsi:nil=\"true\"/><p:Two>b</p:Two><p:Precise xmlns:m=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\" xsi:nil=\"true\" m:IsNullArray=\"true\"/>"));

        Assert.Equal([7L], row.Numbers("One"));
        Assert.Equal(7, row.Int64("One"));
        Assert.Equal(["a", "b"], row.Strings("Two"));
        Assert.Equal("a", row.String("Two"));
        Assert.Null(row.Strings("Precise"));
        Assert.Null(row.Strings("Absent"));
    }

    [Fact]
    public async Task A_reference_is_a_class_and_its_keys_without_host_and_namespace()
    {
        var row = await OneAsync(Envelopes.Instance("Msvm_SystemDevice",
            "<p:GroupComponent xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters>"
            + $"<w:ResourceURI>{Envelopes.ClassUri}Msvm_ComputerSystem</w:ResourceURI><w:SelectorSet><w:Selector Name=\"__cimnamespace\">root/virtualization/v2</w:Selector><w:Selector Name=\"CreationClassName\">Msvm_ComputerSystem</w:Selector><w:Selector Name=\"Name\">HV1</w:Selector></w:SelectorSet></a:ReferenceParameters></p:GroupComponent>"
            + "<p:PartComponent xsi:nil=\"true\"/>"));

        var path = row.Path("GroupComponent")!;
        Assert.True(path.Is("msvm_computersystem"));
        Assert.Equal("HV1", path["name"]);
        Assert.Equal(2, path.Keys.Count);
        Assert.Null(row.Path("PartComponent"));
    }

    [Fact]
    public async Task An_embedded_instance_is_a_row_whether_it_comes_as_elements_or_as_text()
    {
        var row = await OneAsync(Envelopes.Instance("X",
            $"<p:Target xmlns:p1=\"{Envelopes.ClassUri}Msvm_ComputerSystem\" xsi:type=\"p1:Msvm_ComputerSystem_Type\"><p1:Name>vm1</p1:Name><p1:EnabledState>3</p1:EnabledState></p:Target>"
            + "<p:Items>&lt;INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"&gt;&lt;PROPERTY NAME=\"Name\" TYPE=\"string\"&gt;&lt;VALUE&gt;OSName&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;</p:Items>"));

        Assert.Equal(("Msvm_ComputerSystem", "vm1", 3), (row.Embedded("Target")!.ClassName, row.Embedded("Target")!.String("Name"), row.Embedded("Target")!.Int32("EnabledState")));
        Assert.Equal("OSName", Assert.Single(row.EmbeddedList("Items")!).String("Name"));
    }

    [Fact]
    public async Task A_projected_row_has_no_namespaces_and_takes_the_class_that_was_asked()
    {
        var row = await OneAsync("<w:XmlFragment xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><EnabledState>2</EnabledState><InstallDate><Datetime>2025-03-02T08:11:09.1Z</Datetime></InstallDate><Name>vm1</Name><Notes xsi:nil=\"true\"/></w:XmlFragment>");

        Assert.Equal("Msvm_ComputerSystem", row.ClassName);
        Assert.Equal("vm1", row.String("Name"));
        Assert.Equal(2025, row.DateTime("InstallDate")!.Value.Year);
        Assert.True(row.Has("Notes"));
    }

    [Fact]
    public async Task Types_with_a_prefix_that_nobody_declared_are_only_text()
    {
        var row = await OneAsync(Envelopes.Instance("X", "<p:Key xsi:type=\"cimx:cimString\" xml:lang=\"ja-JP\">1</p:Key>"));

        Assert.Equal("1", row.String("Key"));
    }

    [Fact]
    public async Task Blanks_between_elements_are_skipped_and_blanks_in_text_are_kept()
    {
        var row = await OneAsync($"\n  {Envelopes.Instance("X", "\n    <p:Name> vm 1 </p:Name>\n    <p:When>\n      <cim:Datetime>2025-03-02T08:11:09Z</cim:Datetime>\n    </p:When>\n    <p:Notes>a\nb</p:Notes>\n  ")}\n");

        Assert.Equal(" vm 1 ", row.String("Name"));
        Assert.Equal("a\nb", row.String("Notes"));
        Assert.NotNull(row.DateTime("When"));
    }

    [Fact]
    public async Task An_instance_together_with_its_reference_is_the_instance()
    {
        var row = await OneAsync($"<w:Item>{Envelopes.Instance("X", "<p:Name>vm1</p:Name>")}<a:EndpointReference><a:Address>x</a:Address></a:EndpointReference></w:Item>");

        Assert.Equal(("X", "vm1"), (row.ClassName, row.String("Name")));
    }

    [Fact]
    public async Task Names_in_any_script_and_quotes_arrive_as_they_are()
    {
        const string name = "דוד \"x\" <ü & 日本> 🚀";
        var row = await OneAsync(Envelopes.Instance("X", $"<p:ElementName>{System.Security.SecurityElement.Escape(name)}</p:ElementName>"));

        Assert.Equal(name, row.String("ElementName"));
    }

    private static async Task<CimRow> OneAsync(string items)
    {
        await using var host = await PaperHost.OfAsync(Envelopes.Items(items));
        await using var session = host.Open();
        var rows = new List<CimRow>();
        await foreach (var row in session.QueryAsync(new CimQuery("root/virtualization/v2", "Msvm_ComputerSystem"), Stop))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}
