using System.IO.Compression;
using HyperVDash.Cim.Capture;

namespace HyperVDash.Cim.Tests.Capture;

/// <summary>Capture files, written by hand as another program would.</summary>
public sealed class CaptureTests : IDisposable
{
    private const string V2 = "root/virtualization/v2";

    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Example = """
        {
          "format": "hyperv-capture/1", "host": "HV01", "capturedAt": "2026-11-23T08:00:00Z", "capturedBy": "by hand", "redacted": false, "colour": ["ignored", {}],
          "answers": [
            { "namespace": "root/virtualization/v2", "class": "Msvm_ComputerSystem",
              "types": { "Name": "string", "EnabledState": "uint16", "OnTimeInMilliseconds": "uint64", "OperationalStatus": "uint16[]", "TimeOfLastStateChange": "datetime", "Load": "real64", "Host": "reference" },
              "instances": [
                { "Name": "HV01", "EnabledState": 2, "OnTimeInMilliseconds": "86400000", "OperationalStatus": [2], "TimeOfLastStateChange": "20261101070000.000000-000", "Load": "INF" },
                { "__CLASS": "Msvm_Other", "Name": "4EA7033C-356C-4EBA-9F77-1A3399CFCD72", "EnabledState": "3", "OperationalStatus": null, "TimeOfLastStateChange": "2026-11-01T07:00:00Z",
                  "Host": "\\\\HV01\\root\\virtualization\\v2:Msvm_ComputerSystem.Name=\"HV01\"", "Item": { "__CLASS": "Msvm_Item", "Name": "a" } } ] },
            { "namespace": "ROOT\\cimv2", "class": "Win32_Service", "properties": ["Name", "State"], "where": "Name='vmms' OR  Name='ClusSvc'",
              "instances": [ { "Name": "vmms", "State": "Running" } ] },
            { "namespace": "root/MSCluster", "class": "MSCluster_Node", "error": { "code": "0x8004100E", "message": "Invalid namespace" } }
          ],
          "calls": [
            { "namespace": "root/virtualization/v2", "class": "Msvm_ImageManagementService", "method": "GetVirtualHardDiskSettingData",
              "in": { "Path": "C:\\ClusterStorage\\Volume1\\web01.vhdx" }, "returnValue": 0, "out": { "SettingData": "<INSTANCE CLASSNAME=\"X\"><PROPERTY NAME=\"Type\"><VALUE>3</VALUE></PROPERTY></INSTANCE>" } }
          ]
        }
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_are_those_of_the_host_compressed_or_not(bool isCompressed)
    {
        await using var session = Open(Example, isCompressed);

        var rows = await ReadAsync(session, new CimQuery("ROOT/Virtualization/V2", "msvm_computersystem"));

        Assert.Equal(["Msvm_ComputerSystem", "Msvm_Other"], rows.Select(r => r.ClassName));
        Assert.Equal(["HV01", "4EA7033C-356C-4EBA-9F77-1A3399CFCD72"], rows.Select(r => r.String("Name")));
        Assert.Equal([2, 3], rows.Select(r => r.Int32("EnabledState")!.Value));
        Assert.Equal(86400000, rows[0].Int64("OnTimeInMilliseconds"));
        Assert.Equal([2L], rows[0].Numbers("OperationalStatus"));
        Assert.Equal(double.PositiveInfinity, rows[0].Real("Load"));
        Assert.All(rows, r => Assert.Equal(new DateTimeOffset(2026, 11, 1, 7, 0, 0, TimeSpan.Zero), r.DateTime("TimeOfLastStateChange")));
        Assert.Equal("HV01", rows[1].Path("Host")!["Name"]);
        Assert.Equal("a", rows[1].Embedded("Item")!.String("Name"));
        Assert.Null(rows[1].Numbers("OperationalStatus"));
    }

    [Fact]
    public async Task A_filter_is_applied_where_the_file_holds_everything()
    {
        await using var session = Open(Example);

        var rows = await ReadAsync(session, new CimQuery(V2, "Msvm_ComputerSystem") { Columns = ["EnabledState"], Where = "Name != __SERVER" });

        Assert.Equal(3, Assert.Single(rows).Int32("EnabledState"));
        Assert.Null(rows[0].DateTime("TimeOfLastStateChange"));
    }

    [Theory]
    [InlineData("Name,State", "Name='vmms' OR Name='ClusSvc'", true)]
    [InlineData("Name", "name='vmms' or name='clussvc'", true)]
    [InlineData("Name,StartMode", "Name='vmms' OR Name='ClusSvc'", false)]
    [InlineData("Name", "Name='vmms'", true)]
    [InlineData("Name", "Name='WinRM'", false)]
    [InlineData("Name", "State='Running'", false)]
    [InlineData("Name", null, false)]
    [InlineData("", "Name='vmms' OR Name='ClusSvc'", false)]
    public async Task What_was_recorded_in_part_answers_only_that_part(string columns, string? where, bool isThere)
    {
        await using var session = Open(Example);
        var query = new CimQuery("root/cimv2", "Win32_Service") { Columns = [.. columns.Split(',', StringSplitOptions.RemoveEmptyEntries)], Where = where };

        if (isThere)
        {
            Assert.Equal("vmms", Assert.Single(await ReadAsync(session, query)).String("Name"));
        }
        else
        {
            Assert.Equal(CimErrorKind.NotRecorded, (await Assert.ThrowsAsync<CimException>(() => ReadAsync(session, query))).Kind);
        }
    }

    [Theory]
    [InlineData("Name='c' OR Name='a'", "a c")]
    [InlineData("Name='B'", "b")]
    [InlineData("Name='a' OR Name='b' OR Name='c' OR Name='d'", "a b c")]
    [InlineData("Name='a' OR Name='e'", null)]
    [InlineData("Name='a' AND Name='b'", null)]
    [InlineData("Size=1", null)]
    public async Task Instances_asked_for_by_name_are_found_whatever_question_named_them(string where, string? names)
    {
        await using var session = Open("""
            { "format": "hyperv-capture/1", "host": "a", "answers": [
              { "namespace": "n", "class": "X", "properties": ["Name", "Size"], "where": "Name='a' OR Name='b'", "instances": [ { "Name": "a" }, { "Name": "b" } ] },
              { "namespace": "n", "class": "X", "properties": ["Name", "Size"], "where": "Name='b' OR Name='c' OR Name='d'", "instances": [ { "Name": "b" }, { "Name": "c" } ] } ] }
            """);
        var query = new CimQuery("n", "X") { Columns = ["Name"], Where = where };

        if (names is null)
        {
            Assert.Equal(CimErrorKind.NotRecorded, (await Assert.ThrowsAsync<CimException>(() => ReadAsync(session, query))).Kind);
        }
        else
        {
            Assert.Equal(names, string.Join(' ', (await ReadAsync(session, query)).Select(r => r.String("Name"))));
        }
    }

    [Fact]
    public async Task A_class_that_is_not_in_the_file_was_not_recorded_and_an_error_of_the_host_is_one()
    {
        await using var session = Open(Example);

        var unknown = await Assert.ThrowsAsync<CimException>(() => ReadAsync(session, new CimQuery(V2, "Msvm_DiskDrive")));
        var absent = await Assert.ThrowsAsync<CimException>(() => ReadAsync(session, new CimQuery("root/MSCluster", "MSCluster_Node")));

        Assert.Equal((CimErrorKind.NotRecorded, "Msvm_DiskDrive is not in this capture."), (unknown.Kind, unknown.Message));
        Assert.Equal((CimErrorKind.NoSuchNamespace, 0x8004100Eu), (absent.Kind, absent.Code));
    }

    [Fact]
    public async Task A_call_is_found_by_its_parameters()
    {
        await using var session = Open(Example);
        var call = new CimCall(V2, "Msvm_ImageManagementService", "GetVirtualHardDiskSettingData") { Arguments = [new("path", CimType.String, @"c:\clusterstorage\volume1\WEB01.vhdx")] };

        Assert.Equal(3, (await session.InvokeAsync(call, Stop)).Out.Embedded("SettingData")!.Int32("Type"));
        var other = await Assert.ThrowsAsync<CimException>(() => session.InvokeAsync(call with { Arguments = [new("Path", CimType.String, "x")] }, Stop));
        Assert.Equal(CimErrorKind.NotRecorded, other.Kind);
    }

    [Theory]
    [InlineData("{ \"format\": \"hyperv-capture/2\", \"host\": \"a\" }", "is of format hyperv-capture/2; this program reads hyperv-capture/1")]
    [InlineData("{ \"format\": \"holiday\", \"host\": \"a\" }", "is no capture")]
    [InlineData("[]", "is no capture")]
    [InlineData("", "ends too early")]
    [InlineData("{ \"host\": \"a\", \"answers\": [] }", "must stand before \"answers\"")]
    [InlineData("{ \"format\": \"hyperv-capture/1\", \"host\": \"a\", \"answers\": [], \"redacted\": true }", "\"redacted\" must stand before \"answers\" and \"calls\"")]
    [InlineData("{ \"format\": \"hyperv-capture/1\", \"host\": \"a\", \"calls\": [], \"capturedAt\": \"2026-11-27T00:00:00Z\" }", "\"capturedAt\" must stand before \"answers\" and \"calls\"")]
    [InlineData("{ \"format\": \"hyperv-capture/1\", \"host\": \"a\", \"answers\": [ { \"instances\": [], \"class\": \"X\" } ] }", "must stand before \"instances\"")]
    [InlineData("{ \"format\": \"hyperv-capture/1\", \"host\": \"a\", \"answers\": [ { \"namespace\": \"n\", \"class\": \"X\" } ] }", "has neither \"instances\" nor \"error\"")]
    [InlineData("{ \"format\": \"hyperv-capture/1\", \"host\": \"a\", \"answers\": [ { \"namespace\": \"n\", \"class\": \"X\", \"instances\": [ 7 ] } ] }", "an instance must be an object")]
    [InlineData("{ \"format\": \"hyperv-capture/1\",\n \"host\": \"a\", \"answers\": [ { \"namespace\": \"n\", \"class\": \"X\", \"instances\": [ { \"a\": nope } ] } ] }", "is damaged at line 2, byte")]
    public void A_file_that_cannot_be_used_is_refused_whole_with_the_place(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<CaptureException>(() => CaptureFile.Open(Write(text, false))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_never_a_whole_one()
    {
        for (int length = 1; length < Example.TrimEnd().Length; length += 13)
        {
            string path = Write(Example[..length], false);
            Assert.Throws<CaptureException>(() => CaptureFile.Open(path));
        }
    }

    [Fact]
    public async Task Values_larger_than_the_buffer_and_many_rows_stream()
    {
        string notes = new('ü', 200_000);
        string rows = string.Join(',', Enumerable.Range(0, 3000).Select(i => $$"""{ "Name": "vm{{i}}", "Notes": "{{(i % 1000 == 7 ? notes : "x")}}" }"""));
        await using var session = Open($$"""{ "format": "hyperv-capture/1", "host": "a", "answers": [ { "namespace": "n", "class": "X", "instances": [ {{rows}} ] } ] }""");

        var read = await ReadAsync(session, new CimQuery("n", "X"));

        Assert.Equal(3000, read.Count);
        Assert.Equal(notes, read[1007].String("Notes"));
        Assert.Equal("vm2999", read[2999].String("Name"));
    }

    [Fact]
    public async Task What_is_recorded_is_read_as_it_was()
    {
        string path = Path.Combine(_folder, "again.json.gz");
        await using (var writer = new CaptureWriter(path, new CaptureHeader("HV01") { CapturedAt = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero) }))
        {
            await using var recording = new RecordingSession(Open(Example), writer, TimeProvider.System);
            await ReadAsync(recording, new CimQuery(V2, "Msvm_ComputerSystem") { Columns = ["Name"], Where = "EnabledState=2" });
            await ReadAsync(recording, new CimQuery(V2, "Msvm_ComputerSystem") { Columns = ["EnabledState"] });
            await Assert.ThrowsAsync<CimException>(() => ReadAsync(recording, new CimQuery("root/MSCluster", "MSCluster_Node")));
            await writer.CompleteAsync(Stop);
        }

        await using var session = new CaptureSession(CaptureFile.Open(path));
        var rows = await ReadAsync(session, new CimQuery(V2, "Msvm_ComputerSystem"));
        Assert.Equal([2, 3], rows.Select(r => r.Int32("EnabledState")!.Value));
        Assert.Equal("HV01", rows[1].Path("Host")!["Name"]);
        Assert.Equal(("Msvm_Item", "a"), (rows[1].Embedded("Item")!.ClassName, rows[1].Embedded("Item")!.String("Name")));
        var absent = await Assert.ThrowsAsync<CimException>(() => ReadAsync(session, new CimQuery("root/MSCluster", "MSCluster_Node")));
        Assert.Equal(CimErrorKind.NoSuchNamespace, absent.Kind);
        Assert.Single(Directory.GetFiles(_folder, "again*"));
    }

    private CaptureSession Open(string text, bool isCompressed = false) => new(CaptureFile.Open(Write(text, isCompressed)));

    private string Write(string text, bool isCompressed)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json{(isCompressed ? ".gz" : "")}");
        using Stream file = isCompressed ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static async Task<List<CimRow>> ReadAsync(ICimSession session, CimQuery query)
    {
        var rows = new List<CimRow>();
        await foreach (var row in session.QueryAsync(query, Stop))
        {
            rows.Add(row);
        }

        return rows;
    }
}
