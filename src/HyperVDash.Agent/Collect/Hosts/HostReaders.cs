using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>Machine, Windows, languages, roles and services of a host.</summary>
internal static class HostReaders
{
    public static SectionResult<ComputerSystem> Computer(TableSet tables, HostFacts host)
    {
        var computer = tables[Plan.Computer];
        var product = tables[Plan.Product];
        if (computer.Error is { } error)
        {
            return SectionResult<ComputerSystem>.Failed(error);
        }

        var row = computer.Rows.FirstOrDefault();
        // Some makers leave the id at all zeros or all F; two of their machines would be one.
        var machine = product.Rows.FirstOrDefault()?.Guid("UUID");
        return SectionResult<ComputerSystem>.Read(new()
        {
            NetBiosName = Text.Cut(row?.String("Name")) ?? tables[Plan.Systems(host)].Rows.Select(r => r.String("Name")).FirstOrDefault(n => n is not null && !Guid.TryParse(n, out _)),
            MachineId = machine is { } id && id != Guid.Empty && !id.Equals(new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")) ? id : null,
            Domain = Text.Cut(row?.String("Domain")),
            IsDomainMember = row?.Boolean("PartOfDomain"),
            DomainRole = row?.Int32("DomainRole") switch
            {
                null => null,
                >= 0 and <= 5 and var role => (DomainRole)(role + 1),
                _ => DomainRole.Unknown,
            },
            Manufacturer = Text.Cut(row?.String("Manufacturer")),
            ProductModel = Text.Cut(row?.String("Model")),
            Memory = row?.Int64("TotalPhysicalMemory") is > 0 and var bytes ? new ByteSize(bytes) : null,
            LogicalProcessors = row?.Int32("NumberOfLogicalProcessors"),
            IsHypervisorPresent = row?.Boolean("HypervisorPresent"),
        }, [product.IsRead ? null : $"machine id: {product.Error!.Message}"]);
    }

    public static SectionResult<HostOperatingSystem> Os(TableSet tables, HostFacts host, TableQuery? files)
    {
        var os = tables[Plan.Os];
        if (os.Error is { } error)
        {
            return SectionResult<HostOperatingSystem>.Failed(error);
        }

        var row = os.Rows.FirstOrDefault();
        int? build = Number(row?.String("BuildNumber"));
        var fileTable = files is null ? Table.NotAsked : tables[files];
        Cim.CimRow? File(string name) => fileTable.Rows.FirstOrDefault(f => f.String("Name")?.EndsWith(name, StringComparison.OrdinalIgnoreCase) == true);
        var hotfixes = tables[Plan.Hotfixes];
        return SectionResult<HostOperatingSystem>.Read(new()
        {
            Caption = Text.Cut(row?.String("Caption")),
            Version = Text.Cut(row?.String("Version")),
            Build = build,
            UpdateRevision = RegistryValue.UpdateRevision.NumberOf(tables),
            BuildLab = Text.Cut(RegistryValue.BuildLab.TextOf(tables)),
            ProductType = row?.Int32("ProductType") switch
            {
                1 => ProductType.Workstation, 2 => ProductType.DomainController, 3 => ProductType.Server, null => null, _ => ProductType.Unknown,
            },
            Sku = row?.Int32("OperatingSystemSKU"),
            ServicePack = row?.Int32("ServicePackMajorVersion"),
            Edition = Text.Cut(RegistryValue.Edition.TextOf(tables)),
            InstallationType = Text.Cut(RegistryValue.InstallationType.TextOf(tables)),
            InstalledAt = row?.DateTime("InstallDate"),
            BootedAt = row?.DateTime("LastBootUpTime"),
            HyperVVersion = Text.Cut(File("vmms.exe")?.String("Version")),
            HyperVInstalledAt = File("vmms.exe")?.DateTime("CreationDate"),
            RoleAddedAt = (File("data.vmcx") ?? File("InitialStore.xml"))?.DateTime("CreationDate"),
            Hotfixes = build == 6001 && hotfixes.IsKnown
                ? [.. hotfixes.Rows.Select(h => Text.Cut(h.String("HotFixID"))).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)]
                : null,
            NamespaceVersion = host.Namespace,
            SystemDrive = Text.Cut(row?.String("SystemDrive")),
            RegistryComputerName = Text.Cut(RegistryValue.ComputerName.TextOf(tables)),
        },
        [
            RegistryValue.BuildLab.ErrorOf(tables) is { } lab ? $"build lab: {lab}" : null,
            RegistryValue.UpdateRevision.ErrorOf(tables) is { } revision ? $"update revision: {revision}" : null,
            RegistryValue.Edition.ErrorOf(tables) is { } edition ? $"edition: {edition}" : null,
            RegistryValue.InstallationType.ErrorOf(tables) is { } type ? $"installation type: {type}" : null,
            RegistryValue.ComputerName.ErrorOf(tables) is { } name ? $"computer name: {name}" : null,
            fileTable.IsRead || files is null ? null : $"vmms.exe: {fileTable.Error!.Message}",
            build == 6001 && !hotfixes.IsRead ? $"updates: {hotfixes.Error!.Message}" : null,
        ]);
    }

    public static SectionResult<LocaleSettings> Locale(TableSet tables)
    {
        var os = tables[Plan.Os];
        var row = os.Rows.FirstOrDefault();
        string? systemLocale = RegistryValue.SystemLocale.TextOf(tables);
        if (!os.IsRead && (systemLocale is null || RegistryValue.SystemLocale.ErrorOf(tables) is not null))
        {
            return SectionResult<LocaleSettings>.Failed(os.Error!);
        }

        return SectionResult<LocaleSettings>.Read(new()
        {
            OsLanguage = row?.Int32("OSLanguage"),
            SystemLocale = Hex(systemLocale),
            InstallLanguage = Hex(RegistryValue.InstallLanguage.TextOf(tables)),
            FormatLocale = Hex(row?.String("Locale")),
            DisplayLanguages = row?.Strings("MUILanguages") is { } languages ? [.. languages.Where(l => l.Length is > 0 and < 40)] : null,
        },
        [
            os.IsRead ? null : $"system language: {os.Error!.Message}",
            RegistryValue.SystemLocale.ErrorOf(tables) is { } why ? $"system locale: {why}" : null,
            RegistryValue.InstallLanguage.ErrorOf(tables) is { } which ? $"install language: {which}" : null,
        ]);
    }

    public static SectionResult<RoleList> Roles(TableSet tables)
    {
        var roles = tables[Plan.Roles];
        return roles switch
        {
            // Client Windows has no such class: no server roles, and that is an answer.
            { IsAbsent: true } => SectionResult<RoleList>.Without(Model.Fleet.SectionState.Absent, "This edition of Windows has no server roles."),
            { Error: { } error } => SectionResult<RoleList>.Failed(error),
            _ => SectionResult<RoleList>.Read(new()
            {
                Items = [.. roles.Rows.Where(r => r.Int32("ID") is not null).Select(r => new Role(r.Int32("ID")!.Value, r.Int32("ParentID"), Text.Cut(r.String("Name")))).OrderBy(r => r.Id)],
            }, []),
        };
    }

    public static SectionResult<ServiceList> Services(TableSet tables)
    {
        var services = tables[Plan.Services];
        var workers = tables[Plan.Workers];
        return services.Error is { } error
            ? SectionResult<ServiceList>.Failed(error)
            : SectionResult<ServiceList>.Read(new()
            {
                Items =
                [
                    .. services.Rows.Where(r => r.String("Name") is not null)
                        .Select(r => new HostService(r.String("Name")!, Word<ServiceState>(r.String("State")), Word<ServiceStartMode>(r.String("StartMode")))
                        {
                            ExitCode = r.Int64("ExitCode"),
                            ProcessId = r.Int64("ProcessId") is > 0 and var process ? process : null,
                        })
                        .OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase),
                ],
                Workers = workers.IsKnown
                    ? [.. workers.Rows.Where(r => r.Int64("ProcessId") is not null).Select(r => new WorkerProcess(r.Int64("ProcessId")!.Value, VmOf(r.String("CommandLine")))).OrderBy(w => w.ProcessId)]
                    : null,
            }, [workers.IsRead ? null : $"worker processes: {workers.Error!.Message}"]);
    }

    // "Start Pending" and "Running" are not translated; the enum has the same words.
    private static T Word<T>(string? text) where T : struct, Enum =>
        Enum.TryParse(text?.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true, out T word) && Enum.IsDefined(word) ? word : default;

    private static Guid? VmOf(string? commandLine) => commandLine?.Split([' ', '"'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => Guid.TryParse(word, out var id) ? id : (Guid?)null).FirstOrDefault(id => id is not null);

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static int? Hex(string? text) => int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number) ? number : null;
}
