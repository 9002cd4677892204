using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HyperVDash.Model.Print;

/// <summary>Content of the section printServer: shared queues, drivers, the spooler policy and the names the server answers to. Absent without the print role.</summary>
public sealed record PrintServer
{
    /// <summary>Shared queues (Win32_Printer, Shared); null: not read, e.g. because the spooler does not run and lists none.</summary>
    public ImmutableArray<PrintQueue>? Queues { get; init; }

    /// <summary>Policy value RegisterSpoolerRemoteRpcEndPoint.</summary>
    public SpoolerPolicy Policy { get; init; }

    /// <summary>When the agent saw the policy at this value first; null before it was seen to change.</summary>
    [AgentMoment]
    public DateTimeOffset? PolicySeenAt { get; init; }

    /// <summary>When the agent saw another value last: a spooler that started before it works with the old policy. Null before the policy was seen to change.</summary>
    [AgentMoment]
    public DateTimeOffset? PolicyOtherUntil { get; init; }

    /// <summary>Start of spoolsv.exe (Win32_Process.CreationDate); null when it does not run.</summary>
    public DateTimeOffset? SpoolerStartedAt { get; init; }

    public ServerAliases? Aliases { get; init; }
}

/// <summary>A shared print queue.</summary>
/// <param name="ShareName">Win32_Printer.ShareName; queues of two servers belong together by it, without case.</param>
public sealed record PrintQueue(string Name, string ShareName)
{
    public string? Driver { get; init; }

    /// <summary>Version number in Win32_PrinterDriver.Name ("name,3,Windows x64"): 3 or 4, the driver model.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>CIM_DataFile.Version of Win32_PrinterDriver.DriverPath; null: not said.</summary>
    public string? DriverFileVersion { get; init; }

    /// <summary>Environments the driver is installed for, e.g. <c>Windows x64</c>.</summary>
    public ImmutableArray<string> Environments { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>PortName; may differ between servers if address and number agree.</summary>
    public string? Port { get; init; }

    /// <summary>Win32_TCPIPPrinterPort.HostAddress; null for other ports.</summary>
    public string? PortAddress { get; init; }

    public int? PortNumber { get; init; }

    /// <summary>Queue of an LPR port.</summary>
    public string? PortQueue { get; init; }

    public string? PrintProcessor { get; init; }

    public string? DataType { get; init; }

    /// <summary>Win32_Printer.Attributes.</summary>
    public int? Attributes { get; init; }

    /// <summary>Jobs go to the printer without a queue (bit 2 of <see cref="Attributes"/>).</summary>
    [JsonIgnore]
    public bool? PrintsDirectly => Has(0x2);

    /// <summary>Jobs stay after printing (bit 0x100).</summary>
    [JsonIgnore]
    public bool? KeepsPrintedJobs => Has(0x100);

    /// <summary>Only the type RAW is taken from clients (bit 0x1000).</summary>
    [JsonIgnore]
    public bool? TakesRawOnly => Has(0x1000);

    public string? Location { get; init; }

    public string? Comment { get; init; }

    private bool? Has(int bit) => Attributes is { } attributes ? (attributes & bit) != 0 : null;
}

/// <summary>1 enabled, 2 disabled, value absent: not configured.</summary>
public enum SpoolerPolicy { Unknown, NotConfigured, Enabled, Disabled }

/// <summary>The registry values that decide under which names a server is reached.</summary>
public sealed record ServerAliases
{
    /// <summary>OptionalNames; null if the value is absent.</summary>
    public ImmutableArray<string>? OptionalNames { get; init; }

    /// <summary>Its registry type; null if absent.</summary>
    public RegistryType? OptionalNamesType { get; init; }

    /// <summary>When the agent saw these names first; null before they were seen to change.</summary>
    [AgentMoment]
    public DateTimeOffset? OptionalNamesSeenAt { get; init; }

    /// <summary>When the agent saw other names last: a Server service that started before it does not answer to the present ones. Null before they were seen to change.</summary>
    [AgentMoment]
    public DateTimeOffset? OptionalNamesOtherUntil { get; init; }

    /// <summary>Start of the process that hosts the Server service and no other; null where it shares its process, whose start says nothing of the service's last one.</summary>
    public DateTimeOffset? ServerServiceStartedAt { get; init; }

    /// <summary>DisableStrictNameChecking is 1.</summary>
    public bool? IsStrictNameCheckingOff { get; init; }

    /// <summary>SmbServerNameHardeningLevel: 0, 1 or 2; null if absent.</summary>
    public int? HardeningLevel { get; init; }

    /// <summary>SrvAllowedServerNames; null if absent.</summary>
    public ImmutableArray<string>? AllowedNames { get; init; }

    /// <summary>Control\Print DnsOnWire is 1.</summary>
    public bool? IsDnsOnWire { get; init; }

    /// <summary>MSV1_0 RestrictReceivingNTLMTraffic; null if absent.</summary>
    public int? NtlmRestriction { get; init; }

    /// <summary>MSV1_0 BackConnectionHostNames; null if absent.</summary>
    public ImmutableArray<string>? BackConnectionNames { get; init; }

    /// <summary>Control\Print RpcAuthnLevelPrivacyEnabled; null if absent.</summary>
    public int? RpcPrivacy { get; init; }

    /// <summary>Names of the values that could not be read; theirs are null here and that says nothing.</summary>
    public ImmutableArray<string> Unread { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>Type of a registry value.</summary>
public enum RegistryType { Unknown, String, ExpandString, Binary, Number, MultiString, Number64 }
