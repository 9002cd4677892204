using HyperVDash.Agent.Collect.Devices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>The settings of the Hyper-V role, and whether its hypervisor runs.</summary>
internal sealed class HyperVSettingsReader() : SectionReader<HyperVSettings>("hyperVSettings", r => r.HyperVSettings, (r, s) => r with { HyperVSettings = s })
{
    private const int FirstReleaseWithServicesByUpdate = 14393;
    private const int ServicePackOfNumaSpanning = 7601;
    private const int CredentialGuard = 1;
    private const string Registry = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization";

    private static readonly TableQuery Hypervisor = new("root/cimv2", "Win32_PerfRawData_HvStats_HyperVHypervisor", "Name", "Partitions");
    private static readonly TableQuery DeviceGuard = new("root/Microsoft/Windows/DeviceGuard", "Win32_DeviceGuard", "SecurityServicesRunning");
    private static readonly RegistryValue Offered = RegistryValue.Text($@"{Registry}\GuestInstaller\Version", "Microsoft-Hyper-V-Guest-Installer-Win6x-Package");

    // Whether the first release keeps the range as bytes or as text is not sure, so both are asked.
    private static readonly RegistryValue[] Range =
    [
        RegistryValue.Bytes(Registry, "MinimumMacAddress"), RegistryValue.Text(Registry, "MinimumMacAddress"),
        RegistryValue.Bytes(Registry, "MaximumMacAddress"), RegistryValue.Text(Registry, "MaximumMacAddress"),
    ];

    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host)
    {
        yield return Settings(host);
        yield return Hypervisor;
        if (!host.IsV1)
        {
            yield return DeviceGuard;
        }
    }

    public override IEnumerable<RegistryValue> Values(HostFacts host) => [.. OffersServices(host) ? [Offered] : Array.Empty<RegistryValue>(), .. host.IsV1 ? Range : []];

    protected override SectionResult<HyperVSettings> Read(SectionSources sources)
    {
        var (tables, host) = (sources.Tables, sources.Host);
        var settings = tables[Settings(host)];
        if (settings.Error is { } error)
        {
            return SectionResult<HyperVSettings>.Failed(error);
        }

        var row = settings.Rows[0];
        var (offered, source) = OffersServices(host) ? OfferedServices(tables) : default;
        var (partitions, partitionsGap) = PartitionsOf(tables, host);
        var guard = tables[DeviceGuard];
        return SectionResult<HyperVSettings>.Read(new()
        {
            DefaultVirtualMachinePath = Text.Cut(row.String("DefaultExternalDataRoot")),
            DefaultVirtualDiskPath = Text.Cut(row.String("DefaultVirtualHardDiskPath")),
            MinimumMacAddress = MacAddress.Normalise(row.String("MinimumMacAddress")) ?? FromRegistry(tables, host, 0),
            MaximumMacAddress = MacAddress.Normalise(row.String("MaximumMacAddress")) ?? FromRegistry(tables, host, 2),
            IsNumaSpanning = host.IsV1 && host.Build is null or < ServicePackOfNumaSpanning ? null : row.Boolean("NumaSpanningEnabled"),
            IsEnhancedSession = row.Boolean("EnhancedSessionModeEnabled"),
            Partitions = partitions,
            OfferedIntegrationServices = Text.Cut(offered),
            OfferedIntegrationServicesSource = source,
            IsCredentialGuardRunning = guard.Rows.FirstOrDefault()?.Numbers("SecurityServicesRunning")?.Contains(CredentialGuard),
        },
        [
            partitionsGap,
            host.IsV1 ? null : Outcome.Gap("Credential Guard", guard),
            OffersServices(host) && Offered.ErrorOf(tables) is { } why ? $"integration services: {why}" : null,
            .. host.IsV1 && row.String("MinimumMacAddress") is null ? Range.Select(v => v.ErrorOf(tables) is { } range ? $"MAC range: {range}" : null).Take(1) : [],
        ]);
    }

    private static TableQuery Settings(HostFacts host) => new(host.HyperV, "Msvm_VirtualSystemManagementServiceSettingData",
        [
            "InstanceID", "DefaultExternalDataRoot", "DefaultVirtualHardDiskPath", "MinimumMacAddress", "MaximumMacAddress", "NumaSpanningEnabled",
            .. host.IsV1 ? [] : new[] { "EnhancedSessionModeEnabled" },
        ])
    {
        Identity = "InstanceID",
        IsNeverEmpty = true,
    };

    // From 2016 on guests get them by Windows Update.
    private static bool OffersServices(HostFacts host) => host.Build is < FirstReleaseWithServicesByUpdate;

    private static (string? Version, string? Source) OfferedServices(TableSet tables)
    {
        if (Offered.TextOf(tables) is { Length: > 0 } version)
        {
            return (version, @"registry GuestInstaller\Version");
        }

        string? file = tables[Plan.Os].Rows.FirstOrDefault() is { } os && os.String("SystemDirectory") is { } system && os.String("SystemDrive") is { } drive
            ? tables[Plan.Files(system, drive)].Rows.FirstOrDefault(f => f.String("Name")?.EndsWith("vmms.exe", StringComparison.OrdinalIgnoreCase) == true)?.String("Version")
            : null;
        return (file, file is null ? null : "file version of vmms.exe");
    }

    private static (int? Partitions, string? Gap) PartitionsOf(TableSet tables, HostFacts host)
    {
        var hypervisor = tables[Hypervisor];
        if (!hypervisor.IsKnown)
        {
            return (null, Outcome.Gap("hypervisor", hypervisor));
        }

        int? partitions = hypervisor.Rows.Count == 0 ? 0 : hypervisor.Rows[0].Int32("Partitions");
        bool runsVms = tables[Plan.Systems(host)].Rows.Any(r => r.Guid("Name") is not null && r.Int32("EnabledState") == 2);
        return partitions == 0 && runsVms
            ? (null, "hypervisor: its counters have no instance although VMs run; the account may lack the right to see them.")
            : (partitions, Outcome.Gap("hypervisor", hypervisor));
    }

    private static string? FromRegistry(TableSet tables, HostFacts host, int at) => host.IsV1
        ? MacAddress.Normalise(Range[at].BytesOf(tables) is { } bytes ? Convert.ToHexString(bytes) : Range[at + 1].TextOf(tables))
        : null;
}
