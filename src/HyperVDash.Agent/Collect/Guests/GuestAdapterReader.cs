using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Collect.Guests;

/// <summary>Addresses per adapter. Hosts keep them for a while after a VM stopped, so only those of running VMs count.</summary>
internal static class GuestAdapterReader
{
    private const string Prefix = @"Microsoft:GuestNetwork\";
    private const int Running = 2;

    /// <summary>By VM; null if the class is not known.</summary>
    public static ILookup<Guid, GuestAdapter>? Read(TableSet tables, HostFacts host, Dictionary<Guid, CimRow> systems)
    {
        var table = tables[Plan.GuestAdapters];
        if (host.IsV1 || !table.IsKnown)
        {
            return null;
        }

        return table.Rows
            .Select(r => (Vm: InstanceId.Owner(r.String("InstanceID")), Row: r))
            .Where(r => r.Vm is { } vm && r.Row.String("InstanceID")!.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && IsRunning(systems.GetValueOrDefault(vm)))
            .OrderBy(r => r.Row.String("InstanceID"), StringComparer.OrdinalIgnoreCase)
            .ToLookup(r => r.Vm!.Value, r => Adapter(r.Row));
    }

    public static bool IsRunning(CimRow? system) => system?.Int32("EnabledState") == Running;

    // VM and adapter in this id are those of the adapter's settings.
    private static GuestAdapter Adapter(CimRow row) => new("Microsoft:" + row.String("InstanceID")![Prefix.Length..])
    {
        Addresses = List(row, "IPAddresses"),
        Gateways = List(row, "DefaultGateways"),
        DnsServers = List(row, "DNSServers"),
        IsDhcp = row.Boolean("DHCPEnabled"),
    };

    private static ImmutableArray<string> List(CimRow row, string name) => [.. (row.Strings(name) ?? []).Where(s => s.Length > 0).Select(s => Text.Cut(s)!)];
}
