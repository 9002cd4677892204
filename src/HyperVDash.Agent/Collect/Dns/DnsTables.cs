using HyperVDash.Agent.Collect.Tables;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>The classes of a Windows DNS server. The namespace is there if the role is.</summary>
internal static class DnsTables
{
    private const string Server = "root/MicrosoftDNS";

    public static readonly TableQuery Zones = new(Server, "MicrosoftDNS_Zone", "Name", "ZoneType");

    /// <summary>A few names of one zone; the class without a zone would list every record of the server.</summary>
    public static TableQuery Addresses(string zone, IEnumerable<string> names) =>
        new(Server, "MicrosoftDNS_AType", "OwnerName", "IPAddress", "TTL", "TimeStamp") { Where = Where(zone, names) };

    /// <inheritdoc cref="Addresses"/>
    public static TableQuery Aliases(string zone, IEnumerable<string> names) =>
        new(Server, "MicrosoftDNS_CNAMEType", "OwnerName", "PrimaryName", "TTL", "TimeStamp") { Where = Where(zone, names) };

    // The names are letters, digits, dots and hyphens.
    private static string Where(string zone, IEnumerable<string> names) =>
        $"ContainerName='{zone}' AND ({string.Join(" OR ", names.Order(StringComparer.Ordinal).Select(n => $"OwnerName='{n}'"))})";
}
