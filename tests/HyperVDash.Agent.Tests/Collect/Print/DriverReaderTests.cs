using HyperVDash.Agent.Collect.Print;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Tests.Collect.Print;

/// <summary>Drivers from rows as hosts write them.</summary>
public sealed class DriverReaderTests
{
    [Fact]
    public void A_comma_in_the_name_of_a_driver_is_part_of_it()
    {
        var drivers = DriverReader.Of(Tables(("Lexmark Universal v2, PS3,3,Windows x64", null)));

        Assert.Equal("3", drivers["Lexmark Universal v2, PS3"].Version);
    }

    [Fact]
    public void Environments_of_one_driver_are_together_and_the_64_bit_one_gives_the_version()
    {
        var driver = DriverReader.Of(Tables(("X,3,Windows NT x86", @"C:\d\x86\3\x.dll"), ("X,4,Windows x64", @"C:\d\x64\4\x.dll")))["x"];

        Assert.Equal("4", driver.Version);
        Assert.Equal(["Windows NT x86", "Windows x64"], driver.Environments);
    }

    [Fact]
    public void Only_drivers_of_shared_queues_are_looked_at_by_file()
    {
        var tables = Tables(("Used,3,Windows x64", @"C:\d\o'used.dll"), ("Unused,3,Windows x64", @"C:\d\unused.dll"));
        tables[PrintTables.Queues] = new Table([CimRow.Of("Win32_Printer", ("Name", "q"), ("ShareName", "Q"), ("DriverName", "Used"))], null);

        Assert.Equal(@"Name='C:\\d\\o\'used.dll'", DriverReader.FilesOf(tables)!.Where);
    }

    [Theory]
    [InlineData("no commas")]
    [InlineData("one,comma")]
    [InlineData(",3,Windows x64")]
    [InlineData("")]
    public void A_name_of_another_form_is_no_driver(string name) => Assert.Empty(DriverReader.Of(Tables((name, null))));

    private static TableSet Tables(params (string Name, string? Path)[] drivers)
    {
        var tables = new TableSet();
        tables[PrintTables.Drivers] = new Table([.. drivers.Select(d => CimRow.Of("Win32_PrinterDriver", ("Name", d.Name), ("DriverPath", d.Path)))], null);
        return tables;
    }
}
