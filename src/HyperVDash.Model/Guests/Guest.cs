using System.Collections.Immutable;
using System.Text.Json.Serialization;

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

    /// <summary>IntegrationServicesVersionState of the summary; null where the host does not say (v1, 2012).</summary>
    public IntegrationVersionState? IntegrationVersion { get; init; }

    /// <summary>OperationalStatus[1] of the heartbeat: 2 applications well, 32775 protocol mismatch, 32782 application critical; null: not said.</summary>
    public int? ApplicationCode { get; init; }

    /// <summary>The guest calls an application critical; <see cref="ApplicationCode"/> says it.</summary>
    [JsonIgnore]
    public bool IsApplicationCritical => ApplicationCode == 32782;

    /// <summary>
    /// When the agent saw the heartbeat well last, in the present run of the VM; null if never, and while it is well now. Remembered by the agent, because a host tells only
    /// how it is now.
    /// </summary>
    [AgentMoment]
    public DateTimeOffset? HeartbeatLastOkAt { get; init; }

    /// <summary>Addresses per adapter (Msvm_GuestNetworkAdapterConfiguration; v2 only, running VMs only); null: not read.</summary>
    public ImmutableArray<GuestAdapter>? Adapters { get; init; }

    /// <summary>Items that the guest's administrators pushed (GuestExchangeItems), cut at 2 KB each; null: not read.</summary>
    public ImmutableArray<KeyValueItem>? CustomItems { get; init; }

    /// <summary>Every intrinsic item, cut at 2 KB each.</summary>
    public ImmutableArray<KeyValueItem> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

public enum GuestFamily { Unknown, Windows, Linux }

/// <summary>A name and value the guest's integration services pushed (Msvm_KvpExchangeDataItem).</summary>
public sealed record KeyValueItem(string Name, string? Value);

/// <summary>Msvm_SummaryInformation.IntegrationServicesVersionState: 0 unknown, 1 up to date, 2 mismatch.</summary>
public enum IntegrationVersionState { Unknown, UpToDate, Mismatch }

/// <summary>Addresses the guest gave one of its adapters.</summary>
/// <param name="AdapterId">InstanceID of the adapter's settings; compare without case.</param>
public sealed record GuestAdapter(string AdapterId)
{
    public ImmutableArray<string> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Gateways { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> DnsServers { get; init => field = value.IsDefault ? [] : value; } = [];

    public bool? IsDhcp { get; init; }
}
