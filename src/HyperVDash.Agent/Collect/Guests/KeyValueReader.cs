using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Cim;
using HyperVDash.Model.Guests;

namespace HyperVDash.Agent.Collect.Guests;

/// <summary>What guests pushed, item by item, and the facts in it. One per reading: most guests say mostly the same, and a text that came before is not parsed again.</summary>
internal sealed class KeyValueReader
{
    private readonly Dictionary<string, KeyValueItem?> _known = new(StringComparer.Ordinal);

    public ImmutableArray<KeyValueItem> Items(CimRow? exchange, string column)
    {
        var items = ImmutableArray.CreateBuilder<KeyValueItem>();
        foreach (string text in exchange?.Strings(column) ?? [])
        {
            if (!_known.TryGetValue(text, out var item))
            {
                _known.Add(text, item = ItemOf(text));
            }

            if (item is not null)
            {
                items.Add(item);
            }
        }

        items.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return items.ToImmutable();
    }

    private static KeyValueItem? ItemOf(string text) =>
        EmbeddedInstance.TryParse(text, out var item) && item.String("Name") is { Length: > 0 } name ? new(Text.Cut(name)!, Text.Cut(item.String("Data"))) : null;

    public static Guest WithFacts(Guest guest, ImmutableArray<KeyValueItem> items)
    {
        var fact = items.DistinctBy(i => i.Name, StringComparer.Ordinal).ToDictionary(i => i.Name, i => i.Value, StringComparer.Ordinal);
        return guest with
        {
            OsName = Fact(fact, "OSName"),
            OsVersion = Fact(fact, "OSVersion"),
            OsMajor = Number(fact, "OSMajorVersion"),
            OsMinor = Number(fact, "OSMinorVersion"),
            OsBuild = Number(fact, "OSBuildNumber"),
            ServicePack = Number(fact, "ServicePackMajor"),
            ProductType = Number(fact, "ProductType"),
            ProcessorArchitecture = Number(fact, "ProcessorArchitecture"),
            DnsName = Fact(fact, "FullyQualifiedDomainName"),
            IntegrationServicesVersion = Fact(fact, "IntegrationServicesVersion"),
            Family = FamilyOf(fact),
            Addresses =
            [
                .. new[] { "NetworkAddressIPv4", "NetworkAddressIPv6" }
                    .SelectMany(n => (Fact(fact, n) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ],
        };
    }

    // By the shape of the facts, never by a name: a Windows guest tells a platform id, a Linux one a word for its architecture.
    private static GuestFamily FamilyOf(Dictionary<string, string?> fact) =>
        fact.Count == 0 ? GuestFamily.Unknown
        : Number(fact, "OSPlatformId") is not null ? GuestFamily.Windows
        : Fact(fact, "ProcessorArchitecture") is { Length: > 0 } architecture && !int.TryParse(architecture, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? GuestFamily.Linux
        : Fact(fact, "OSBuildNumber") is { } build && build.Contains('.', StringComparison.Ordinal) ? GuestFamily.Linux
        : GuestFamily.Unknown;

    private static string? Fact(Dictionary<string, string?> fact, string name) => fact.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static int? Number(Dictionary<string, string?> fact, string name) =>
        int.TryParse(fact.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
