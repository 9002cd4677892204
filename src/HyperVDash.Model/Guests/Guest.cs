using System.Collections.Immutable;

namespace HyperVDash.Model.Guests;

/// <summary>The guest of one VM: its integration services and what it told about itself. Texts come from strangers.</summary>
public sealed record Guest(Guid VirtualMachineId)
{
    /// <summary>The collector's verdict on the heartbeat; see the words.</summary>
    public IntegrationState Heartbeat { get; init; }

    /// <summary>Ok only with at least one intrinsic item.</summary>
    public IntegrationState KeyValueExchange { get; init; }

    /// <summary>The raw numbers the two words rest on, for evidence, e.g. <c>OperationalStatus 12</c>.</summary>
    public string? HeartbeatCode { get; init; }

    public ImmutableArray<IntegrationService> Services { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>OSName; in the guest's own words, shown and never compared.</summary>
    public string? OsName { get; init; }

    /// <summary>OSVersion, e.g. <c>6.1.7601</c>.</summary>
    public string? OsVersion { get; init; }

    public int? OsMajor { get; init; }

    public int? OsMinor { get; init; }

    /// <summary>OSBuildNumber where it is a number (Windows).</summary>
    public int? OsBuild { get; init; }

    /// <summary>ServicePackMajor.</summary>
    public int? ServicePack { get; init; }

    /// <summary>ProductType: 1 workstation, 2 domain controller, 3 server; null: the guest did not say.</summary>
    public int? ProductType { get; init; }

    /// <summary>ProcessorArchitecture: 0 x86, 9 x64 on Windows; null if it is no number.</summary>
    public int? ProcessorArchitecture { get; init; }

    /// <summary>FullyQualifiedDomainName.</summary>
    public string? DnsName { get; init; }

    public string? IntegrationServicesVersion { get; init; }

    /// <summary>Recognised by numbers alone: no OSPlatformId, or an architecture that is no number.</summary>
    public GuestFamily Family { get; init; }

    /// <summary>Addresses of all adapters, as the guest gave them.</summary>
    public ImmutableArray<string> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Every intrinsic item, cut at 2 KB each.</summary>
    public ImmutableArray<KeyValueItem> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

public enum GuestFamily { Unknown, Windows, Linux }

/// <summary>A name and value the guest's integration services pushed (Msvm_KvpExchangeDataItem).</summary>
public sealed record KeyValueItem(string Name, string? Value);
