using System.Globalization;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Windows itself: system, services, processes, roles, files.</summary>
internal static class WindowsRows
{
    public static void Write(HostTables t)
    {
        WriteSystem(t);
        WriteServices(t);
        WriteWorkers(t);
        WriteRoles(t);
        WriteFiles(t);
        HardwareRows.Write(t);
        VolumeRows.Write(t);
        EventRows.Write(t);
        LicenceRows.Write(t);
    }

    private static void WriteSystem(HostTables t)
    {
        var d = t.Description;
        string edition = d.Release is "pre2008" or "2008R2" ? "Enterprise" : "Datacenter";
        var os = t.Add(HostTables.Cimv2, new("Win32_OperatingSystem")
        {
            ["Name"] = $@"{(d.IsClient ? "Microsoft Windows 11 Pro" : $"Microsoft Windows Server {edition}")}|C:\Windows|\Device\Harddisk0\Partition2", ["Caption"] = Caption(d, edition), ["Version"] = d.WindowsVersion,
            ["BuildNumber"] = d.Build, ["BuildType"] = "Multiprocessor Free", ["CSName"] = d.Name, ["CSCreationClassName"] = "Win32_ComputerSystem",
            ["CreationClassName"] = "Win32_OperatingSystem", ["ProductType"] = d.ProductType, ["OperatingSystemSKU"] = d.Licence.Sku ?? (d.IsClient ? 48 : edition == "Enterprise" ? 10 : 8), ["DataExecutionPrevention_Available"] = true, ["SuiteMask"] = 400,
            ["Locale"] = d.Locale.FormatLocale, ["OSLanguage"] = d.Locale.OsLanguage, ["MUILanguages"] = d.Locale.DisplayLanguages.ToArray(),
            ["CountryCode"] = d.Locale.OsLanguage switch { 1031 => "49", 1041 => "81", _ => "1" }, ["CodeSet"] = d.Locale.OsLanguage == 1041 ? "932" : "1252",
            ["CurrentTimeZone"] = 0, ["ServicePackMajorVersion"] = d.Build == "7601" ? 1 : 0, ["ServicePackMinorVersion"] = 0, ["InstallDate"] = d.RoleAddedAt.AddHours(-3),
            ["LastBootUpTime"] = d.BootedAt, ["TotalVisibleMemorySize"] = (ulong)d.MemoryMb * 1024, ["FreePhysicalMemory"] = d.FreeMemoryMb is { } free ? (ulong)free * 1024 : (ulong)d.MemoryMb * 400,
            ["SystemDirectory"] = $@"{d.SystemDrive}\Windows\system32", ["SystemDrive"] = d.SystemDrive, ["WindowsDirectory"] = $@"{d.SystemDrive}\Windows", ["OSArchitecture"] = "64-bit",
            ["Manufacturer"] = "Microsoft Corporation", ["Primary"] = true, ["Status"] = "OK",
        });
        t.Moves(now => os["LocalDateTime"] = now + d.ClockSkew);
        var computer = t.Add(HostTables.Cimv2, new("Win32_ComputerSystem")
        {
            ["Name"] = d.Name, ["Caption"] = d.Name, ["CreationClassName"] = "Win32_ComputerSystem", ["DNSHostName"] = d.Name, ["Domain"] = d.Domain, ["PartOfDomain"] = true,
            ["DomainRole"] = d.DomainRole, ["Manufacturer"] = d.Manufacturer, ["Model"] = d.Model, ["NumberOfLogicalProcessors"] = d.LogicalProcessors,
            ["NumberOfProcessors"] = 2, ["TotalPhysicalMemory"] = (ulong)d.MemoryMb << 20, ["SystemType"] = "x64-based PC", ["Status"] = "OK", ["CurrentTimeZone"] = 0,
        });
        if (t.Since("2012"))
        {
            computer["HypervisorPresent"] = d.HasHyperV || d.Model == Parts.GuestModel;
        }

        t.Add(HostTables.Cimv2, new("Win32_ComputerSystemProduct")
        {
            ["UUID"] = d.MachineId.Upper(), ["Name"] = d.Model, ["Vendor"] = d.Manufacturer, ["IdentifyingNumber"] = $"SN-{d.Name}", ["Version"] = "1.0",
        });
    }

    private static string Caption(HostDescription d, string edition) => d.Release switch
    {
        _ when d.IsClient => "Microsoft Windows 11 Pro",
        "pre2008" => $"Microsoft® Windows Server® 2008 Enterprise{d.Locale.Words.PreRelease}",
        "2008R2" => "Microsoft Windows Server 2008 R2 Enterprise",
        "2012R2" => $"Microsoft Windows Server 2012 R2 {edition}",
        "2016" when d.Build == "17763" => $"Microsoft Windows Server 2019 {edition}",
        _ => $"Microsoft Windows Server {d.Release} {edition}",
    };

    private static void WriteServices(HostTables t)
    {
        var services = new List<(string Name, string Display, string Mode)>
        {
            ("LanmanServer", t.Words.Server, "Auto"), ("WinRM", t.Words.RemoteManagement, "Auto"),
            ("Spooler", t.Words.PrintSpooler, t.Description.PrintServer?.SpoolerStartMode ?? "Auto"), ("W32Time", t.Words.WindowsTime, "Auto"),
        };
        if (t.Description.HasHyperV)
        {
            services.Insert(0, ("vmms", t.Words.VirtualMachineManagement, t.Description.VmmsStartMode));
        }

        if (!t.Since("2012") && t.Description.HasHyperV)
        {
            services.Add(("nvspwmi", t.Words.NetworkingManagement, "Auto"));
            services.Add(("vhdsvc", t.Words.ImageManagement, "Auto"));
        }

        if (t.Since("2016") && t.Description.HasHyperV)
        {
            services.Add(("vmcompute", t.Words.HostCompute, "Manual"));
        }

        if (t.Description.Cluster is not null)
        {
            services.Add(("ClusSvc", t.Words.ClusterService, "Auto"));
        }

        var d = t.Description;
        uint process = 1200;
        foreach (var (name, display, mode) in services)
        {
            bool isStopped = d.StoppedServices.Contains(name);
            process += 36;
            if (!isStopped && name is ("Spooler" or "LanmanServer"))
            {
                string program = name == "Spooler" ? "spoolsv.exe" : "svchost.exe";
                t.Add(HostTables.Cimv2, new("Win32_Process")
                {
                    ["Name"] = program, ["Caption"] = program, ["Handle"] = process.ToString(CultureInfo.InvariantCulture), ["ProcessId"] = process,
                    ["CommandLine"] = $@"C:\Windows\System32\{program}", ["ExecutablePath"] = $@"C:\Windows\System32\{program}", ["CreationClassName"] = "Win32_Process",
                    ["CreationDate"] = t.Description.BootedAt.AddMinutes(2),
                });
            }

            t.Add(HostTables.Cimv2, new("Win32_Service")
            {
                ["Name"] = name, ["DisplayName"] = display, ["Caption"] = display, ["State"] = isStopped ? "Stopped" : "Running", ["StartMode"] = mode,
                ["Started"] = !isStopped, ["Status"] = "OK", ["ExitCode"] = 0, ["ProcessId"] = isStopped ? 0 : process, ["StartName"] = "LocalSystem", ["SystemName"] = t.Description.Name, ["CreationClassName"] = "Win32_Service",
            });
        }
    }

    private static void WriteWorkers(HostTables t)
    {
        var running = t.Description.Vms.Where(v => v.HasWorker).Select(v => v.Id);
        foreach (var id in running.Concat(t.Description.HiddenWorkers))
        {
            uint process = ProcessOf(id);
            t.Add(HostTables.Cimv2, new("Win32_Process")
            {
                ["Name"] = "vmwp.exe", ["Caption"] = "vmwp.exe", ["Handle"] = process.ToString(CultureInfo.InvariantCulture), ["ProcessId"] = process,
                ["CommandLine"] = $@"C:\Windows\System32\vmwp.exe {id.Upper()}", ["ExecutablePath"] = @"C:\Windows\System32\vmwp.exe",
                ["CreationClassName"] = "Win32_Process", ["SessionId"] = 0,
            });
        }

        if (t.Description.HasHyperV)
        {
            t.Add(HostTables.Cimv2, new("Win32_Process") { ["Name"] = "vmms.exe", ["Handle"] = "1236", ["ProcessId"] = 1236, ["CommandLine"] = @"C:\Windows\system32\vmms.exe" });
        }
    }

    /// <summary>Process id of a VM's worker: from its id, so that every table says the same.</summary>
    public static uint ProcessOf(Guid vm) => 4000 + ((uint)vm.GetHashCode() % 50_000 / 4 * 4);

    private static void WriteRoles(HostTables t)
    {
        foreach (uint id in t.Description.IsClient ? [] : t.Description.Roles)
        {
            var (name, parent) = id switch
            {
                20 => ("Hyper-V", 0u),
                10 => (t.Words.DirectoryServices, 0u),
                13 => (t.Words.DnsServer, 0u),
                7 => (t.Words.PrintServices, 0u),
                135 => (t.Words.PrintServer, 7u),
                34 => (t.Words.LoadBalancing, 0u),
                33 => (t.Words.Clustering, 0u),
                6 or 481 => (t.Words.FileServices, 0u),
                255 => (t.Words.FileServer, 481u),
                _ => ("Feature " + id.ToString(CultureInfo.InvariantCulture), 0u),
            };
            t.Add(HostTables.Cimv2, new("Win32_ServerFeature") { ["ID"] = id, ["Name"] = name, ["ParentID"] = parent });
        }
    }

    private static void WriteFiles(HostTables t)
    {
        var d = t.Description;
        if (!d.HasHyperV)
        {
            return;
        }

        AddFile(t, @"c:\windows\system32\vmms.exe", d.HyperVVersion, d.HyperVInstalledAt);
        AddFile(t, t.Since("2016") ? @"c:\programdata\microsoft\windows\hyper-v\data.vmcx" : @"c:\programdata\microsoft\windows\hyper-v\initialstore.xml", null, d.RoleAddedAt);
    }

    public static void AddFile(HostTables t, string path, string? version, DateTimeOffset created)
    {
        int slash = path.LastIndexOf('\\');
        int dot = path.LastIndexOf('.');
        t.Add(HostTables.Cimv2, new("CIM_DataFile")
        {
            ["Name"] = path, ["Caption"] = path, ["Drive"] = "c:", ["Path"] = path[2..(slash + 1)], ["FileName"] = path[(slash + 1)..dot], ["Extension"] = path[(dot + 1)..],
            ["Version"] = version, ["CreationDate"] = created, ["LastModified"] = created, ["FileSize"] = 13_421_772UL,
            ["Writeable"] = true, ["Compressed"] = false, ["Encrypted"] = false,
        });
    }
}
