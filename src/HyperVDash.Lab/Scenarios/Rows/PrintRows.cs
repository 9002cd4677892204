namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Queues, drivers and ports of a print server.</summary>
internal static class PrintRows
{
    private const string DriverFolder = @"C:\Windows\system32\spool\DRIVERS";

    public static void Write(HostTables t)
    {
        string host = t.Description.Name;
        var queues = t.Description.PrintServer?.Queues ?? [];
        foreach (var queue in queues)
        {
            string port = $"IP_{queue.Address}";
            t.Add(HostTables.Cimv2, new("Win32_Printer")
            {
                ["Name"] = queue.Name, ["DeviceID"] = queue.Name, ["Caption"] = queue.Name, ["ShareName"] = queue.Share, ["Shared"] = true, ["DriverName"] = queue.Driver, ["PortName"] = port,
                ["PrintProcessor"] = "winprint", ["PrintJobDataType"] = "RAW", ["Attributes"] = 0x2848, ["Location"] = queue.Location, ["Comment"] = queue.Comment, ["Local"] = true,
                ["Network"] = false, ["Hidden"] = false, ["Published"] = true, ["Default"] = false, ["EnableBIDI"] = true, ["PrinterStatus"] = 3, ["DetectedErrorState"] = 0, ["Status"] = "OK",
                ["SystemName"] = host, ["CreationClassName"] = "Win32_Printer", ["SystemCreationClassName"] = "Win32_ComputerSystem",
            });
            t.Add(HostTables.Cimv2, new("Win32_TCPIPPrinterPort")
            {
                ["Name"] = port, ["HostAddress"] = queue.Address, ["PortNumber"] = queue.LprQueue is null ? queue.PortNumber : 515, ["Protocol"] = queue.LprQueue is null ? 1 : 2,
                ["Queue"] = queue.LprQueue, ["SNMPEnabled"] = true, ["SNMPCommunity"] = "public", ["SystemName"] = host, ["CreationClassName"] = "Win32_TCPIPPrinterPort",
            });
        }

        foreach (var driver in queues.DistinctBy(q => q.Driver, StringComparer.OrdinalIgnoreCase))
        {
            string file = $"{string.Concat(driver.Driver.Where(char.IsAsciiLetterOrDigit))}.dll";
            foreach (string environment in driver.Environments)
            {
                string folder = environment == "Windows x64" ? "x64" : "W32X86";
                t.Add(HostTables.Cimv2, new("Win32_PrinterDriver")
                {
                    ["Name"] = $"{driver.Driver},3,{environment}", ["SupportedPlatform"] = environment, ["Version"] = 3, ["DriverPath"] = $@"{DriverFolder}\{folder}\3\{file}",
                    ["SystemName"] = host, ["CreationClassName"] = "Win32_PrinterDriver",
                });
            }

            WindowsRows.AddFile(t, $@"c:\windows\system32\spool\drivers\x64\3\{file.ToLowerInvariant()}", driver.DriverFileVersion, t.Description.RoleAddedAt);
        }

        // What Windows brings on every server, not shared.
        t.Add(HostTables.Cimv2, new("Win32_Printer")
        {
            ["Name"] = "Microsoft XPS Document Writer", ["DeviceID"] = "Microsoft XPS Document Writer", ["Shared"] = false, ["DriverName"] = "Microsoft XPS Document Writer v4",
            ["PortName"] = "PORTPROMPT:", ["PrintProcessor"] = "winprint", ["PrintJobDataType"] = "RAW", ["Attributes"] = 0x240, ["Local"] = true, ["PrinterStatus"] = 3, ["SystemName"] = host,
        });
    }
}
