using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>What the host hears from inside a VM.</summary>
public sealed record LabGuest
{
    public LabContact Heartbeat { get; init; } = LabContact.NoContact;

    public LabContact KeyValuePairs { get; init; } = LabContact.NoContact;

    /// <summary>The guest's own words, in order; empty: none.</summary>
    public ImmutableArray<(string Name, string? Value)> Items { get; init; } = [];

    /// <summary>The host calls its integration services a mismatch; 2016 and later.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>What its administrator pushed.</summary>
    public ImmutableArray<(string Name, string? Value)> CustomItems { get; init; } = [];

    /// <summary>The same guest, which tells how far it is with its Secure Boot certificates.</summary>
    /// <param name="failedWith">Event with which renewing them ended; null: none.</param>
    public LabGuest WithCertificates(string status, string? failedWith = null) =>
        this with { CustomItems = [("UEFICA2023Status", status), .. failedWith is null ? Array.Empty<(string, string?)>() : [("UEFICA2023ErrorEvent", failedWith)]] };

    /// <summary>The same guest with addresses of its own; one that tells none stays silent.</summary>
    /// <param name="number">Last part of both addresses.</param>
    public LabGuest At(byte number) => this with
    {
        Items = [.. Items.Select(i => i switch
        {
            ("NetworkAddressIPv4", not null) => (i.Name, $"192.168.10.{number}"),
            ("NetworkAddressIPv6", not null) => (i.Name, $"fe80::215:5dff:fe0a:14{number:x2}"),
            _ => i,
        })],
    };

    /// <summary>Second number of the heartbeat: 2 applications well, 32782 critical; null: the guest does not say.</summary>
    public ushort? ApplicationCode { get; init; } = 2;

    public string? OsName => Items.FirstOrDefault(i => i.Name == "OSName").Value;

    /// <summary>No integration services.</summary>
    public static LabGuest Silent { get; } = new();

    /// <summary>Drivers of the kernel without the daemons: a heartbeat and no facts.</summary>
    public static LabGuest WithoutDaemons { get; } = new() { Heartbeat = LabContact.Ok, KeyValuePairs = LabContact.Ok };

    /// <param name="productType">1 workstation, 2 domain controller, 3 server.</param>
    /// <param name="servicePack">Major number.</param>
    /// <param name="architecture">0 x86, 9 x64.</param>
    public static LabGuest Windows(string fqdn, string osName, string version, int productType = 3, int architecture = 9, string services = "10.0.20348.1", int servicePack = 0)
    {
        string[] parts = version.Split('.');
        return new LabGuest
        {
            Heartbeat = LabContact.Ok,
            KeyValuePairs = LabContact.Ok,
            Items =
            [
                ("FullyQualifiedDomainName", fqdn), ("OSName", osName), ("OSVersion", version), ("OSMajorVersion", parts[0]), ("OSMinorVersion", parts[1]),
                ("OSBuildNumber", parts[2]), ("OSPlatformId", "2"), ("CSDVersion", null), ("ServicePackMajor", $"{servicePack}"), ("ServicePackMinor", "0"),
                ("SuiteMask", productType == 1 ? "256" : "272"), ("ProductType", $"{productType}"), ("ProcessorArchitecture", $"{architecture}"),
                ("IntegrationServicesVersion", services), ("NetworkAddressIPv4", "192.168.10.20"), ("NetworkAddressIPv6", "fe80::215:5dff:fe0a:1401"),
            ],
        };
    }

    public static LabGuest Linux(string fqdn, string osName, string kernel) => new()
    {
        Heartbeat = LabContact.Ok,
        KeyValuePairs = LabContact.Ok,
        Items =
        [
            ("FullyQualifiedDomainName", fqdn), ("IntegrationServicesVersion", "4.3.5"), ("NetworkAddressIPv4", "192.168.10.30"), ("NetworkAddressIPv6", null),
            ("OSBuildNumber", kernel), ("OSName", osName), ("OSMajorVersion", null), ("OSMinorVersion", null), ("OSVersion", "22.04"), ("ProcessorArchitecture", "x86_64"),
        ],
    };
}

/// <summary>What an integration component reports.</summary>
public enum LabContact { Ok = 2, Degraded = 3, Incompatible = 7, NoContact = 12, Lost = 13, Paused = 15 }
