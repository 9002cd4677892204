using System.Globalization;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Events;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>Windows and the machine it runs on.</summary>
internal static class ExpectedWindows
{
    public static ComputerSystem Computer(DescribedHost h) => new()
    {
        NetBiosName = h.Host.Name, MachineId = h.Host.MachineId, Domain = h.Host.Domain, IsDomainMember = true, DomainRole = (DomainRole)(h.Host.DomainRole + 1), Manufacturer = h.Host.Manufacturer,
        ProductModel = h.Host.Model, Memory = new ByteSize(h.Host.MemoryMb << 20), LogicalProcessors = h.Host.LogicalProcessors, IsHypervisorPresent = h.IsOld ? null : true,
    };

    public static HostOperatingSystem OperatingSystem(DescribedHost h) => new()
    {
        Version = h.Host.WindowsVersion, Build = int.Parse(h.Host.Build, CultureInfo.InvariantCulture), UpdateRevision = h.Host.UpdateRevision, BuildLab = h.Host.BuildLab,
        ProductType = h.Host.DomainRole >= 4 ? ProductType.DomainController : ProductType.Server, Sku = h.Host.Licence.Sku ?? (h.IsOld ? 10 : 8), ServicePack = h.Host.Build == "7601" ? 1 : 0,
        BootedAt = h.Host.BootedAt, HyperVVersion = h.Host.HyperVVersion, HyperVInstalledAt = h.Host.HyperVInstalledAt, RoleAddedAt = h.Host.RoleAddedAt,
        Hotfixes = h.Host.Build == "6001" ? [.. h.Host.Hotfixes.Order(StringComparer.OrdinalIgnoreCase)] : null, NamespaceVersion = h.IsOld ? 1 : 2, SystemDrive = "C:",
        RegistryComputerName = h.Host.RegistryName ?? h.Host.Name,
    };

    public static LocaleSettings Locale(DescribedHost h) => new()
    {
        OsLanguage = (int)h.Host.Locale.OsLanguage, SystemLocale = Convert.ToInt32(h.Host.Locale.SystemLocale, 16), InstallLanguage = Convert.ToInt32(h.Host.Locale.InstallLanguage, 16),
        FormatLocale = Convert.ToInt32(h.Host.Locale.FormatLocale, 16), DisplayLanguages = h.Host.Locale.DisplayLanguages,
    };

    /// <summary>Names and parents belong to Windows, not to the host.</summary>
    public static RoleList Roles(DescribedHost h) => new() { Items = [.. h.Host.Roles.Order().Select(r => new Role((int)r, null, null))] };

    public static ServiceList Services(DescribedHost h)
    {
        List<(string Name, string Mode)> services =
        [
            ("vmms", h.Host.VmmsStartMode), ("LanmanServer", "Auto"), ("WinRM", "Auto"), ("Spooler", h.Host.PrintServer?.SpoolerStartMode ?? "Auto"), ("W32Time", "Auto"),
            .. h.IsOld ? [("nvspwmi", "Auto"), ("vhdsvc", "Auto")] : Array.Empty<(string, string)>(), .. h.Since("2016") ? [("vmcompute", "Manual")] : Array.Empty<(string, string)>(),
            .. h.Host.Cluster is not null ? [("ClusSvc", "Auto")] : Array.Empty<(string, string)>(),
        ];
        return new()
        {
            Items =
            [
                .. services.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(s => new HostService(s.Name, h.Host.StoppedServices.Contains(s.Name) ? ServiceState.Stopped : ServiceState.Running, Enum.Parse<ServiceStartMode>(s.Mode)) { ExitCode = 0 }),
            ],
            Workers = [.. h.Host.Vms.Where(v => v.HasWorker).Select(v => v.Id).Concat(h.Host.HiddenWorkers).Order().Select(id => new WorkerProcess(0, id))],
        };
    }

    public static HyperVSettings HyperV(DescribedHost h) => new()
    {
        DefaultVirtualMachinePath = h.Host.DefaultVmPath, DefaultVirtualDiskPath = h.Host.DefaultDiskPath, MinimumMacAddress = h.Host.MacRange!.Value.First, MaximumMacAddress = h.Host.MacRange.Value.Last,
        IsNumaSpanning = h.Since("2008R2") ? h.Host.IsNumaSpanning : null, IsEnhancedSession = h.Since("2012R2") ? false : null, Partitions = h.Host.Vms.Count(v => v.HasWorker) + 1,
        OfferedIntegrationServices = h.Since("2016") ? null : h.Host.HyperVVersion, OfferedIntegrationServicesSource = h.Since("2016") ? null : @"registry GuestInstaller\Version",
        IsCredentialGuardRunning = h.Since("2016") ? h.Host.IsCredentialGuardRunning : null,
    };

    public static ProcessorList Processors(DescribedHost h)
    {
        // E.g. Intel64 Family 6 Model 85 Stepping 7.
        string[] words = h.Host.Processor.Caption.Split(' ');
        return new()
        {
            HasDataExecutionPrevention = true,
            Items =
            [
                .. Enumerable.Range(0, h.Host.Sockets).Select(i => new HostProcessor($"CPU{i}")
                {
                    Name = h.Host.Processor.Name, Manufacturer = h.Host.Processor.Manufacturer, Family = int.Parse(words[2], CultureInfo.InvariantCulture), Model = int.Parse(words[4], CultureInfo.InvariantCulture),
                    Stepping = int.Parse(words[6], CultureInfo.InvariantCulture), LogicalProcessors = h.Host.LogicalProcessors / h.Host.Sockets, MegaHertz = (int)h.Host.Processor.MegaHertz,
                    Cores = h.Host.LogicalProcessors / h.Host.Sockets / 2, HasVirtualization = h.IsOld ? null : true, HasSecondLevelTranslation = h.IsOld ? null : true,
                }),
            ],
        };
    }

    public static NumaTopology? Numa(DescribedHost h) => h.IsOld ? null : new()
    {
        Nodes =
        [
            .. Enumerable.Range(0, h.Host.NumaNodes).Select(i => new NumaNode(i)
            {
                LogicalProcessors = h.Host.LogicalProcessors / h.Host.NumaNodes, Memory = new ByteSize((h.Host.MemoryMb / h.Host.NumaNodes) << 20),
            }),
        ],
    };

    public static HostClock Clock(DescribedHost h) => new() { Skew = h.Host.ClockSkew, SourceType = h.Host.TimeSource, TimeServers = "time.windows.com,0x8" };

    public static PendingRestart PendingRestart(DescribedHost h) =>
        new() { Marks = [.. h.Host.RestartMarks.Select(m => Enum.Parse<RestartReason>($"{m}")).Order().Select(r => new RestartMark(r, h.Now))] };

    public static LicenceState Licence(DescribedHost h) => new()
    {
        Status = (LicenceStatus[])
        [
            LicenceStatus.Unlicensed, LicenceStatus.Licensed, LicenceStatus.InitialGrace, LicenceStatus.AdditionalGrace, LicenceStatus.NonGenuineGrace, LicenceStatus.Notification, LicenceStatus.ExtendedGrace,
        ] is var words ? words[h.Host.Licence.Status] : default,
        GraceRemaining = TimeSpan.FromMinutes(h.Host.Licence.GraceMinutes), EvaluationEndsAt = h.Host.Licence.EvaluationEndsAt, IsEvaluation = h.Host.Licence.Sku is 79 or 80, PartialKey = h.Host.Licence.PartialKey,
    };

    /// <summary>Of the last day, errors and warnings; those of one kind are one.</summary>
    public static EventLog EventLog(DescribedHost h)
    {
        var since = h.Now.AddDays(-1);
        Guid? VmOf(LabEvent e) => e.Data.IsEmpty || !Guid.TryParse(e.Data[0], out var id) ? null : id;
        return new()
        {
            Since = since,
            Items =
            [
                .. h.Host.Events.Where(e => e.Type <= 2 && e.At >= since).GroupBy(e => (e.Provider, e.Id, e.Type, e.Log, Vm: VmOf(e)))
                    .Select(g => new EventGroup(g.Key.Provider, g.Key.Id, g.Key.Type == 1 ? EventLevel.Error : EventLevel.Warning)
                    {
                        Channel = g.Key.Log, VirtualMachineId = g.Key.Vm, Count = g.Count(), FirstAt = g.Min(e => e.At), LastAt = g.Max(e => e.At),
                    }),
            ],
        };
    }
}
