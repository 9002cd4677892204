using System.IO.Compression;
using System.Text;
using HyperVDash.Cim.Capture;

namespace HyperVDash.Cim.Tests.Capture;

/// <summary>Files that somebody damaged, or made to do harm: each is one sentence with file, place and what to do.</summary>
public sealed class HostileCaptureTests : IDisposable
{
    private const string Head = "{ \"format\": \"hyperv-capture/1\", \"host\": \"a\", ";

    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Rows(string rows) => $"{Head}\"answers\": [ {{ \"namespace\": \"n\", \"class\": \"X\", \"instances\": [ {rows} ] }} ] }}";

    [Theory]
    [InlineData("""{ "Name": "a", "Name": "b" }""", "an instance of X has a property twice")]
    [InlineData("""{ "Name": "a", "NAME": "b" }""", "an instance of X has a property twice")]
    [InlineData("""{ "Item": { "a": 1, "A": 2 } }""", "has a property twice")]
    [InlineData("""{ "Name": [ [ 1 ] ] }""", "an array in an array")]
    [InlineData("\"text\"", "an instance must be an object")]
    [InlineData("null", "an instance must be an object")]
    [InlineData("""{ "Name": "\ud800" }""", "a text is not Unicode")]
    [InlineData("""{ "\udc00": 1 }""", "a text is not Unicode")]
    public void An_instance_that_no_host_sends_is_refused_with_the_place(string row, string sentence) => Refused(Rows(row), sentence, "cannot be read at byte ");

    [Theory]
    [InlineData("""{ "format": "hyperv-capture/1", "format": "hyperv-capture/1", "host": "a" }""", "\"format\" stands twice")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": [], "answers": [] }""", "\"answers\" stands twice")]
    [InlineData("""{ "format": [ "hyperv-capture/1" ], "host": "a" }""", "\"format\" must be a text")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": { "host": "a" } }""", "\"host\" must be a text")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": { } }""", "an array was expected")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": [ 7 ] }""", "an object was expected")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": [ { "namespace": "n", "class": { "class": "X" }, "instances": [] } ] }""", "\"class\" must be a text")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": [ { "namespace": "n", "namespace": "n", "class": "X", "instances": [] } ] }""", "\"namespace\" stands twice in one answer")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": [ { "namespace": "n", "class": "X", "error": {}, "instances": [] } ] }""", "has \"instances\" and \"error\"")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "answers": [ { "namespace": "n", "class": "X", "properties": "Name", "instances": [] } ] }""", "\"properties\" must be a list of names")]
    [InlineData("""{ "format": "hyperv-capture/1", "host": "a", "calls": [ { "method": "M" } ] }""", "a call has no \"class\"")]
    public void A_member_of_the_wrong_kind_is_refused_with_the_place(string text, string sentence) => Refused(text, sentence, "cannot be read at byte ");

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Rows("""{ "Name": "?" }"""));
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        string path = Write(bytes);

        Assert.Contains("a text is not Unicode", Assert.Throws<CaptureException>(() => CaptureFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Instances_in_instances_end_somewhere() =>
        Refused(Rows(string.Concat(Enumerable.Repeat("{ \"a\": ", 20)) + "1" + new string('}', 20)), "nested too deeply", "cannot be read at byte ");

    [Fact]
    public void What_is_ignored_may_not_be_nested_without_end_either() =>
        Refused($"{Head}\"colour\": {new string('[', 100_000)}{new string(']', 100_000)} }}", "is damaged at line 1", "cap");

    [Fact]
    public void One_value_may_not_fill_the_memory() =>
        Refused(Rows($"{{ \"Name\": \"{new string('x', 5 << 20)}\" }}"), "one value is longer than 4 MiB", "cannot be read at byte ");

    [Fact]
    public void An_instance_may_not_have_properties_without_end() =>
        Refused(Rows($"{{ {string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"p{i}\": 1"))} }}"), "more than 4096 properties", "cannot be read at byte ");

    [Theory]
    [InlineData("0", "more than 250000 values")]
    [InlineData("\"\"", "more than 250000 values")]
    [InlineData("{}", "more than 250000 values")]
    public void A_list_may_not_have_elements_without_end(string element, string sentence)
    {
        string list = string.Join(',', Enumerable.Repeat(element, 260_000));

        Refused(Rows($"{{ \"Name\": [{list}] }}"), sentence, "cannot be read at byte ");
        Refused($"{Head}\"calls\": [ {{ \"class\": \"X\", \"method\": \"M\", \"out\": {{ \"Name\": [{list}] }} }} ] }}", sentence, "cannot be read at byte ");
    }

    [Fact]
    public void Lists_of_one_instance_count_together()
    {
        string list = string.Join(',', Enumerable.Repeat("0", 26_000));

        Refused(Rows($"{{ {string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"p{i}\": [{list}]"))} }}"), "more than 250000 values", "cannot be read at byte ");
    }

    [Fact]
    public void A_list_as_long_as_those_of_hosts_is_read()
    {
        using var file = CaptureFile.Open(Write(Encoding.UTF8.GetBytes(Rows($"{{ \"Thumbnail\": [{string.Join(',', Enumerable.Repeat("7", 160 * 120 * 2))}] }}"))));

        Assert.Equal(38_400, Assert.Single(file.Rows(file.Entries[0])).Numbers("Thumbnail")!.Count);
    }

    [Fact]
    public void Texts_of_one_instance_count_together()
    {
        string text = new('x', 3 << 20);

        Refused(Rows($"{{ {string.Join(',', Enumerable.Range(0, 8).Select(i => $"\"p{i}\": \"{text}\""))} }}"), "an instance is longer than 16 MiB", "cannot be read at byte ");
    }

    [Theory]
    [InlineData("\"where\": \"{0}\", \"instances\": []")]
    [InlineData("\"error\": {{ \"message\": \"{0}\" }}")]
    [InlineData("\"properties\": [ \"{0}\" ], \"instances\": []")]
    [InlineData("\"types\": {{ \"a\": \"{0}\" }}, \"instances\": []")]
    public void What_answers_say_of_themselves_may_not_fill_the_memory(string member)
    {
        string answer = $"{{ \"namespace\": \"n\", \"class\": \"X\", {string.Format(System.Globalization.CultureInfo.InvariantCulture, member, new string('x', 3 << 20))} }}";

        Refused($"{Head}\"answers\": [ {answer}, {answer} ] }}", "its names, conditions and errors have more than 4 MiB of text", "cannot be read at byte ");
    }

    [Theory]
    [InlineData("\"properties\": [ {0} ]", "\"a\"")]
    [InlineData("\"types\": {{ {0} }}", "\"a#\": \"s\"")]
    public void Columns_are_counted_while_they_are_read(string member, string column)
    {
        string columns = string.Join(',', Enumerable.Range(0, 200_001).Select(i => column.Replace("#", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));

        // What stands behind the list is damaged too, and not come to.
        Refused($"{Head}\"answers\": [ {{ \"namespace\": \"n\", \"class\": \"X\", {string.Format(System.Globalization.CultureInfo.InvariantCulture, member, columns)}, nonsense", "more than 200000 columns", "cannot be read at byte ");
    }

    [Fact]
    public void Members_that_nobody_knows_end_somewhere()
    {
        string members = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"a{i}\": 0"));

        Refused($"{Head}{members} }}", "it has more than 100 members", "cannot be read at byte ");
        Refused($"{Head}\"answers\": [ {{ {members} }} ] }}", "an answer has more than 100 members", "cannot be read at byte ");
        Refused(Rows($"{{ \"{new string('x', 2000)}\": 1 }}"), "a name is longer than 1024 bytes", "cannot be read at byte ");
    }

    [Fact]
    public void Names_that_rows_share_are_kept_of_a_host_and_not_of_a_million_classes()
    {
        var layouts = new CaptureLayouts();
        for (int i = 0; i < 100_000; i++)
        {
            layouts.Row($"C{i % 1000}", [($"p{i}", i)]);
        }

        Assert.InRange(layouts.Names, 1, 16 * 1024);
    }

    [Fact]
    public void Instances_that_share_no_property_are_read_as_they_are()
    {
        string path = Write(Encoding.UTF8.GetBytes(Rows(string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{ \"p{i}\": {i} }}")))));
        using var file = CaptureFile.Open(path);

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (int?)i), file.Rows(file.Entries[0]).Select((r, i) => r.Int32($"p{i}")));
    }

    [Theory]
    [InlineData(' ', "unpacks to more than 64 MiB")]
    [InlineData('\0', "is damaged at line 1, byte 1")]
    public void A_gzip_that_is_far_larger_than_it_looks_is_refused_before_it_fills_the_disk(char filling, string sentence)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] block = new byte[1 << 20];
            Array.Fill(block, (byte)filling);
            for (int i = 0; i < 70; i++)
            {
                gzip.Write(block);
            }
        }

        Refused(packed.ToArray(), sentence, "cap");
    }

    [Fact]
    public void A_gzip_that_is_damaged_or_cut_anywhere_is_never_a_whole_one()
    {
        byte[] whole = Packed(Rows(string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{ "Name": "{{Guid.NewGuid()}}" }"""))));
        for (int length = 3; length < whole.Length - 8; length += 97)
        {
            Refused(whole[..length], "", "cap");
        }

        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= 0xFF;
        Refused(damaged, "", "cap");
    }

    [Fact]
    public void Nothing_of_an_unpacked_file_is_left_behind()
    {
        string mark = Guid.NewGuid().ToString();
        string whole = Rows($"{{ \"Name\": \"{mark}\" }}");
        using (var file = CaptureFile.Open(Write(Packed(whole), ".json.gz")))
        {
            Assert.Equal(mark, Assert.Single(file.Rows(file.Entries[0])).String("Name"));
        }

        Refused(Packed(whole + "nonsense"), "is damaged", "cap");

        Assert.DoesNotContain(Directory.GetFiles(Path.GetTempPath(), "hypervdash-*.json"), f => Text(f).Contains(mark, StringComparison.Ordinal));

        // The files of other tests come and go.
        static string Text(string path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Fact]
    public void What_a_capture_says_of_itself_is_known_without_the_rest()
    {
        string path = Write(Encoding.UTF8.GetBytes($"{Head}\"origin\": \"lab\", \"answers\": [ nonsense"));

        var header = CaptureFile.ReadHeader(path);

        Assert.Equal(("a", "lab"), (header.Host, header.Origin));
    }

    [Fact]
    public void A_file_stays_readable_when_its_name_is_given_to_another()
    {
        string path = Write(Encoding.UTF8.GetBytes(Rows("{ \"Name\": \"old\" }")));
        using var file = CaptureFile.Open(path);
        File.Move(Write(Encoding.UTF8.GetBytes(Rows("{ \"Name\": \"new\" }"))), path, overwrite: true);

        Assert.Equal("old", Assert.Single(file.Rows(file.Entries[0])).String("Name"));
    }

    [Fact]
    public async Task A_file_that_is_written_into_while_it_is_read_is_an_error_of_the_host()
    {
        string path = Write(Encoding.UTF8.GetBytes(Rows("{ \"Name\": \"old\" }")));
        await using var session = new CaptureSession(CaptureFile.Open(path));
        await File.WriteAllTextAsync(path, new string('?', 400), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (var row in session.QueryAsync(new CimQuery("n", "X"), TestContext.Current.CancellationToken))
            {
            }
        });

        Assert.Equal(CimErrorKind.Protocol, error.Kind);
    }

    private void Refused(string text, string sentence, string place) => Refused(Encoding.UTF8.GetBytes(text), sentence, place);

    private void Refused(byte[] bytes, string sentence, string place)
    {
        string path = Write(bytes);
        string message = Assert.Throws<CaptureException>(() => CaptureFile.Open(path).Dispose()).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.Contains(place, message, StringComparison.Ordinal);
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private string Write(byte[] bytes, string extension = ".json")
    {
        string path = Path.Combine(_folder, $"cap-{Guid.NewGuid():N}{extension}");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
