using System.Diagnostics;
using System.Text.Json.Nodes;
using HyperVDash.Cim.Capture;
using HyperVDash.Cim.Capture.Redaction;

namespace HyperVDash.Cim.Tests.Capture;

/// <summary>Texts that look like something which is kept, and are somebody's.</summary>
public sealed class RedactedTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(@"D:\Windows\Contoso-DC01\payroll.vhdx", @"D:\Windows\part-01\part-02.vhdx")]
    [InlineData(@"C:\Windows\System32\Contoso\payroll.dll", @"C:\Windows\System32\part-01\part-02.dll")]
    [InlineData(@"C:\Windows\System32\vmguest.iso", @"C:\Windows\System32\vmguest.iso")]
    public async Task Below_Windows_only_what_Windows_has_everywhere_is_kept(string path, string expected) =>
        Assert.Equal(expected, await OneAsync("CIM_DataFile", "Name", path));

    [Theory]
    [InlineData("RootCA")]
    [InlineData("ROOTDC01")]
    [InlineData("CIMSRV1")]
    [InlineData("Win32Contoso")]
    public async Task A_name_that_begins_like_a_class_is_a_name(string name) =>
        Assert.Equal("text-1", Short(await OneAsync("X", "Unknown", name)));

    [Theory]
    [InlineData("Msvm_ComputerSystem")]
    [InlineData(@"root\virtualization\v2")]
    public async Task A_class_or_namespace_is_kept(string name) => Assert.Equal(name, await OneAsync("X", "Unknown", name));

    [Fact]
    public async Task A_star_stays_anybody_and_the_domain_behind_one_is_replaced()
    {
        const string Class = "Msvm_ReplicationAuthorizationSettingData", Column = "AllowedPrimaryServer";
        var rows = await RowsAsync((Class, new() { [Column] = "*" }), (Class, new() { [Column] = "*.contoso.com" }));

        Assert.Equal("*", rows[0][Column]);
        Assert.StartsWith("*.", rows[1][Column], StringComparison.Ordinal);
        Assert.DoesNotContain("contoso", rows[1][Column], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Why_a_job_failed_keeps_its_number_and_loses_the_path()
    {
        string said = await OneAsync("Msvm_ConcreteJob", "ErrorDescription", @"'D:\VM\contoso.vhdx' (0xC03A000F).");

        Assert.EndsWith(" (0xC03A000F)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("contoso", said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_computer_that_is_called_like_a_class_is_a_computer()
    {
        var rows = await RowsAsync(("MSCluster_Node", new() { ["Name"] = "CIM_HR" }), ("X", new() { ["Unknown"] = "CIM_HR" }));

        Assert.Equal(rows[0]["Name"], rows[1]["Unknown"]);
        Assert.DoesNotContain("HR", rows[1]["Unknown"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_printer_port_that_people_named_keeps_its_queue_and_nothing_else()
    {
        var rows = await RowsAsync(
            ("Win32_Printer", new() { ["Name"] = "Q", ["PortName"] = "Floor3-HR" }),
            ("Win32_TCPIPPrinterPort", new() { ["Name"] = "Floor3-HR", ["HostAddress"] = "prn-hr01.contoso.com", ["Queue"] = "hr-queue" }),
            ("Win32_Printer", new() { ["Name"] = "R", ["PortName"] = "prn-hr01.contoso.com_1" }),
            ("Win32_Printer", new() { ["Name"] = "S", ["PortName"] = "IP_prn-hr02,LPT1:,PORTPROMPT:" }));

        Assert.Equal(rows[0]["PortName"], rows[1]["Name"]);
        Assert.Equal($"{rows[1]["HostAddress"]}_1", rows[2]["PortName"]);
        Assert.StartsWith("IP_port-", rows[3]["PortName"], StringComparison.Ordinal);
        Assert.EndsWith(",LPT1:,PORTPROMPT:", rows[3]["PortName"], StringComparison.Ordinal);
        Assert.DoesNotContain(rows.SelectMany(r => r.Values), v => v.Contains("hr", StringComparison.OrdinalIgnoreCase) || v.Contains("contoso", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_printer_port_of_an_address_has_the_address_that_its_printer_has()
    {
        var rows = await RowsAsync(("Win32_TCPIPPrinterPort", new() { ["Name"] = "IP_10.20.9.41_2", ["HostAddress"] = "10.20.9.41" }));

        Assert.Equal($"IP_{rows[0]["HostAddress"]}_2", rows[0]["Name"]);
        Assert.NotEqual("10.20.9.41", rows[0]["HostAddress"]);
    }

    [Fact]
    public async Task The_address_among_the_settings_of_an_adapter_is_an_address()
    {
        const string setting = "MSFT_NetAdapterAdvancedPropertySettingData";
        var rows = await RowsAsync(
            ("MSFT_NetAdapter", new() { ["PermanentAddress"] = "A4BF01123456" }),
            (setting, new() { ["RegistryKeyword"] = "NetworkAddress", ["RegistryValue"] = "A4BF01123456", ["DisplayValue"] = "A4BF01123456" }),
            (setting, new() { ["RegistryKeyword"] = "*JumboPacket", ["RegistryValue"] = "9014" }));

        Assert.NotEqual("A4BF01123456", rows[1]["RegistryValue"]);
        Assert.Equal(rows[0]["PermanentAddress"], rows[1]["RegistryValue"]);
        Assert.Equal(rows[1]["RegistryValue"], rows[1]["DisplayValue"]);
        Assert.Equal("9014", rows[2]["RegistryValue"]);
    }

    [Theory]
    [InlineData("+4917155512345")]
    [InlineData("123456")]
    [InlineData("49.17155512345")]
    public async Task A_long_number_that_somebody_noted_is_replaced(string note) =>
        Assert.Equal("text-1", Short(await OneAsync("Msvm_VirtualSystemSettingData", "Notes", note)));

    [Fact]
    public async Task A_long_number_in_an_item_that_somebody_gave_a_guest_is_replaced() =>
        Assert.Equal("text-1", Short((await RowsAsync(("Msvm_KvpExchangeDataItem", new() { ["Name"] = "OSName", ["Data"] = "6.1" }), ("Msvm_KvpExchangeDataItem", new() { ["Data"] = "104711" })))[1]["Data"]));

    [Fact]
    public async Task An_account_that_is_a_number_is_replaced() => Assert.DoesNotContain("104711", await OneAsync("Win32_Service", "StartName", "104711"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Msvm_VirtualSystemSettingData", "Notes", "2022")]
    [InlineData("Msvm_VirtualSystemSettingData", "Notes", "2026-03-02")]
    [InlineData("X", "MaxSpeed", "10000000000")]
    public async Task A_year_a_day_and_a_measured_number_are_kept(string className, string property, string value) => Assert.Equal(value, await OneAsync(className, property, value));

    [Fact]
    public async Task The_name_that_an_administrator_gave_a_disk_is_replaced_and_its_model_is_kept()
    {
        const string disk = "MSFT_Disk";
        var rows = await RowsAsync(
            (disk, new() { ["FriendlyName"] = "CONTOSO-Payroll", ["Model"] = "Storage Space", ["Manufacturer"] = "Msft    " }),
            (disk, new() { ["FriendlyName"] = "Msft Virtual Disk", ["Model"] = "Virtual Disk    ", ["Manufacturer"] = "Msft    " }),
            (disk, new() { ["FriendlyName"] = "INTEL SSDPE2KX040T8", ["Model"] = "INTEL SSDPE2KX040T8" }),
            (disk, new() { ["FriendlyName"] = "CONTOSO-Archive" }));

        Assert.Equal(["Msft Virtual Disk", "INTEL SSDPE2KX040T8"], rows[1..3].Select(r => r["FriendlyName"]));
        Assert.DoesNotContain(rows, r => r["FriendlyName"].Contains("CONTOSO", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_tag_of_Windows_is_kept_and_that_of_an_administrator_is_replaced()
    {
        const string Class = "Msvm_VirtualSystemMigrationNetworkSettingData";
        var rows = await RowsAsync((Class, new() { ["Tags"] = "Microsoft:UserManagedAllNetworks" }), (Class, new() { ["Tags"] = "Contoso storage" }));

        Assert.Equal(["Microsoft:UserManagedAllNetworks", "text-1"], rows.Select(r => Short(r["Tags"])));
    }

    [Theory]
    [InlineData("<ContosoPayroll><OwnerSmith>x</OwnerSmith></ContosoPayroll>")]
    [InlineData("<INSTANCE CLASSNAME=\"ContosoPayroll\"><PROPERTY NAME=\"OwnerSmith\"><VALUE>x</VALUE></PROPERTY></INSTANCE>")]
    public async Task A_note_in_angle_brackets_is_a_note(string note) =>
        Assert.Equal("text-1", Short(await OneAsync("Msvm_VirtualSystemSettingData", "Notes", note)));

    [Theory]
    [InlineData("""<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Name" TYPE="string"><VALUE>OSName</VALUE></PROPERTY><PROPERTY NAME="Data" TYPE="string"><VALUE>Windows Server 2022</VALUE></PROPERTY></INSTANCE>""")]
    [InlineData("""<p:Msvm_KvpExchangeDataItem xmlns:p="http://x"><p:Name>OSName</p:Name><p:Data>Windows Server 2022</p:Data></p:Msvm_KvpExchangeDataItem>""")]
    public async Task An_instance_in_a_text_stays_one(string instance)
    {
        string text = await OneAsync("X", "Items", instance);

        Assert.True(EmbeddedInstance.TryParse(text, out var row));
        Assert.Equal(("Msvm_KvpExchangeDataItem", "Windows Server 2022"), (row.ClassName, row.String("Data")));
    }

    [Fact]
    public void Pseudonyms_of_many_names_take_time_by_their_number()
    {
        // A quarter of a million names compared with each other take minutes.
        var names = new NameBook();
        for (int i = 0; i < 250_000; i++)
        {
            names.Note(TextKind.Text, $"name {i}");
        }

        long started = Stopwatch.GetTimestamp();
        names.Close();

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.NotEqual(names.Find("name 1"), names.Find("name 2"));
    }

    private static string Short(string pseudonym) => pseudonym.Replace("-0", "-", StringComparison.Ordinal);

    private async Task<string> OneAsync(string className, string property, string value) => (await RowsAsync((className, new() { [property] = value })))[0][property];

    /// <summary>The rows as a redacted capture has them.</summary>
    private async Task<List<Dictionary<string, string>>> RowsAsync(params (string Class, Dictionary<string, string> Row)[] rows)
    {
        string taken = Path.Combine(_folder, "taken.json"), redacted = Path.Combine(_folder, "redacted.json");
        var answers = new JsonArray([.. rows.Select(r => new JsonObject
        {
            ["namespace"] = "root/x", ["class"] = r.Class, ["instances"] = new JsonArray(new JsonObject(r.Row.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)))),
        })]);
        await File.WriteAllTextAsync(taken, new JsonObject { ["format"] = "hyperv-capture/1", ["host"] = "A1", ["answers"] = answers }.ToJsonString(), Stop);
        using (var file = CaptureFile.Open(taken))
        {
            var redaction = new CaptureRedaction();
            redaction.Learn(file);
            redaction.Close();
            await redaction.WriteAsync(file, redacted, null, Stop);
        }

        using var read = CaptureFile.Open(redacted);
        return [.. read.Entries.Select(e => read.Rows(e).Single()).Select(r => r.Names.ToDictionary(n => n, n => r.String(n)!))];
    }
}
