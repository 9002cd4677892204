using HyperVDash.Cim.Capture;

namespace HyperVDash.Cim.Tests.Capture;

/// <summary>Captures that were made to cost.</summary>
public sealed class CaptureCostTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hypervdash-{Guid.NewGuid():N}.json");

    [Fact]
    public void Memory_of_rows_that_share_no_column_grows_with_their_number_and_no_faster()
    {
        Cost(10);
        long one = Cost(60), sixteen = Cost(960);

        Assert.True(sixteen < 20 * one, $"{sixteen:N0} bytes for sixteen times what took {one:N0}");
    }

    [Fact]
    public void A_row_that_lacks_most_columns_of_its_class_has_those_it_has()
    {
        Write(string.Join(',', Enumerable.Range(0, 200).Select(i => $"{{\"c{i}\":{i}}}").Append("{\"c7\":\"x\",\"c150\":\"y\"}")));
        using var file = CaptureFile.Open(_file);
        var row = file.Rows(file.Entries[0]).Last();

        Assert.Equal(["c7", "c150"], row.Names);
        Assert.Equal(("x", "y", null), (row.String("C7"), row.String("c150"), row.String("c8")));
    }

    [Fact]
    public void A_property_that_stands_twice_is_still_seen_in_a_row_that_shares_nothing()
    {
        Write(string.Join(',', Enumerable.Range(0, 200).Select(i => $"{{\"c{i}\":{i}}}").Append("{\"c7\":\"x\",\"C7\":\"y\"}")));

        Assert.Contains("has a property twice", Assert.Throws<CaptureException>(() => CaptureFile.Open(_file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentence_about_a_file_is_as_long_as_a_person_reads()
    {
        Write($"{{\"__CLASS\":\"{new string('x', 5000)}\",\"a\":1,\"a\":1}}");

        Assert.InRange(Assert.Throws<CaptureException>(() => CaptureFile.Open(_file)).Message.Length, 20, 500);
    }

    [Theory]
    [InlineData("\"99\"", CimErrorKind.Protocol), InlineData("\"-1\"", CimErrorKind.Protocol), InlineData("\"timeout\"", CimErrorKind.Timeout)]
    public void The_kind_of_a_recorded_error_is_one_that_is_known(string kind, CimErrorKind expected)
    {
        File.WriteAllText(_file, $$$"""{"format":"hyperv-capture/1","host":"A","answers":[{"namespace":"root/cimv2","class":"X","error":{"kind":{{{kind}}},"message":"It did not work."}}]}""");
        using var file = CaptureFile.Open(_file);

        Assert.Equal(expected, file.Entries[0].Error!.Kind);
    }

    private long Cost(int rows)
    {
        Write(string.Join(',', Enumerable.Range(0, rows).Select(i => $"{{\"c{i}\":1}}")));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var file = CaptureFile.Open(_file);
        Assert.Equal(rows, file.Rows(file.Entries[0]).Count());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Write(string rows) => File.WriteAllText(_file, $$"""{"format":"hyperv-capture/1","host":"A","answers":[{"namespace":"root/cimv2","class":"X","instances":[{{rows}}]}]}""");

    public void Dispose() => File.Delete(_file);
}
