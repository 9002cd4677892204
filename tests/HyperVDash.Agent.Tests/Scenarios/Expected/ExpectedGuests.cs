using System.Globalization;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>What runs inside the VMs.</summary>
internal static class ExpectedGuests
{
    private static readonly (string Name, IntegrationServiceKind Kind)[] Services =
    [
        ("Heartbeat", IntegrationServiceKind.Heartbeat), ("KvpExchange", IntegrationServiceKind.KeyValueExchange), ("Shutdown", IntegrationServiceKind.Shutdown),
        ("TimeSync", IntegrationServiceKind.TimeSynchronization), ("Vss", IntegrationServiceKind.VolumeShadowCopy), ("GuestServiceInterface", IntegrationServiceKind.GuestServiceInterface),
    ];

    public static GuestList Of(DescribedHost h) => new() { Items = [.. h.Host.Vms.OrderBy(v => v.Id).Select(v => Guest(h, v))] };

    private static Guest Guest(DescribedHost h, LabVm vm)
    {
        var told = vm.HasWorker ? vm.Guest.Items : [];
        string? Text(string name) => told.FirstOrDefault(i => i.Name == name).Value is { Length: > 0 } text ? text : null;
        int? Number(string name) => int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        var (heartbeat, code) = Heartbeat(h, vm, told.Length > 0);
        return new Guest(vm.Id)
        {
            Heartbeat = heartbeat,
            HeartbeatCode = code,
            ApplicationCode = vm.HasWorker && h.Since("2008R2") && vm.Guest.Heartbeat == LabContact.Ok ? vm.Guest.ApplicationCode : null,
            KeyValueExchange = !vm.HasWorker ? IntegrationState.Unknown : told.Length > 0 ? IntegrationState.Ok : !h.Since("2008R2") ? IntegrationState.NoContact
                : vm.Guest.KeyValuePairs == LabContact.Ok ? IntegrationState.Unknown : Word(vm.Guest.KeyValuePairs),
            Services = [.. Services.Where(s => s.Name != "GuestServiceInterface" || h.Since("2012R2")).Select(s => Service(h, vm, s.Name, s.Kind))],
            IntegrationVersion = !h.Since("2016") ? null : told.Length == 0 ? IntegrationVersionState.Unknown : vm.Guest.IsOutdated ? IntegrationVersionState.Mismatch : IntegrationVersionState.UpToDate,
            Items = [.. told.OrderBy(i => i.Name, StringComparer.Ordinal).Select(i => new KeyValueItem(i.Name, i.Value))],
            CustomItems = vm.HasWorker ? [.. vm.Guest.CustomItems.OrderBy(i => i.Name, StringComparer.Ordinal).Select(i => new KeyValueItem(i.Name, i.Value))] : null,
            OsName = Text("OSName"), OsVersion = Text("OSVersion"), OsMajor = Number("OSMajorVersion"), OsMinor = Number("OSMinorVersion"), OsBuild = Number("OSBuildNumber"),
            ServicePack = Number("ServicePackMajor"), ProductType = Number("ProductType"), ProcessorArchitecture = Number("ProcessorArchitecture"), DnsName = Text("FullyQualifiedDomainName"),
            IntegrationServicesVersion = Text("IntegrationServicesVersion"),
            Family = told.Length == 0 ? GuestFamily.Unknown : Number("OSPlatformId") is not null ? GuestFamily.Windows : GuestFamily.Linux,
            Addresses = [.. new[] { Text("NetworkAddressIPv4"), Text("NetworkAddressIPv6") }.OfType<string>().SelectMany(a => a.Split(';', StringSplitOptions.RemoveEmptyEntries))],
            Adapters = h.IsOld || vm.State != LabVmState.Running ? null :
            [
                .. vm.Nics.Where(n => !n.IsLegacy).OrderBy(n => n.Id.ToString(), StringComparer.Ordinal).Select(n => new GuestAdapter($@"Microsoft:{vm.Id.Upper()}\{n.Id.Upper()}")
                {
                    Addresses = n.Address is null ? [] : [n.Address], Gateways = n.Gateway is null ? [] : [n.Gateway], DnsServers = ["192.168.10.2"], IsDhcp = true,
                }),
            ],
        };
    }

    private static IntegrationService Service(DescribedHost h, LabVm vm, string name, IntegrationServiceKind kind)
    {
        bool isOn = !vm.ServicesOff.Contains(name);
        // Before its release every component said 2, whatever the guest did.
        var contact = !h.Since("2008R2") ? LabContact.Ok : name == "KvpExchange" ? vm.Guest.KeyValuePairs : vm.Guest.Heartbeat;
        return vm.HasWorker ? new(kind, isOn, Word(contact)) { StatusCode = (int)contact, IsConfigured = isOn } : new(kind, null, IntegrationState.Unknown) { IsConfigured = isOn };
    }

    private static (IntegrationState, string?) Heartbeat(DescribedHost h, LabVm vm, bool hasTold)
    {
        if (!vm.HasWorker)
        {
            return (IntegrationState.Unknown, null);
        }

        if (h.Since("2008R2"))
        {
            return (Word(vm.Guest.Heartbeat), $"OperationalStatus {(int)vm.Guest.Heartbeat}");
        }

        // Only the summary tells, and a 2 counts only of a guest that told something.
        int number = vm.Guest.Heartbeat switch { LabContact.Ok or LabContact.Degraded or LabContact.Paused => 2, LabContact.Incompatible => 6, LabContact.Lost => 13, _ => 12 };
        return (number switch { 2 => hasTold ? IntegrationState.Ok : IntegrationState.Unknown, 13 => IntegrationState.Lost, _ => IntegrationState.NoContact }, $"Heartbeat {number}");
    }

    private static IntegrationState Word(LabContact contact) => Enum.Parse<IntegrationState>($"{contact}");
}
