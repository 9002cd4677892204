using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A print server: its queues, its policy and the names it answers to. A null number or list is a registry value that is absent.</summary>
public sealed record LabPrintServer
{
    public ImmutableArray<LabQueue> Queues { get; init; } = [];

    /// <summary>Auto, Manual or Disabled.</summary>
    public string SpoolerStartMode { get; init; } = "Auto";

    /// <summary>RegisterSpoolerRemoteRpcEndPoint: 1 enabled, 2 disabled.</summary>
    public int? Policy { get; init; }

    /// <summary>OptionalNames as REG_MULTI_SZ.</summary>
    public ImmutableArray<string>? OptionalNames { get; init; }

    /// <summary>OptionalNames as REG_SZ, instead.</summary>
    public string? OptionalName { get; init; }

    public int? DisableStrictNameChecking { get; init; }

    public int? HardeningLevel { get; init; }

    public ImmutableArray<string>? AllowedNames { get; init; }

    public int? DnsOnWire { get; init; }

    public int? NtlmRestriction { get; init; }

    public ImmutableArray<string>? BackConnectionNames { get; init; }

    public int? RpcPrivacy { get; init; }
}

/// <summary>A shared queue on a TCP/IP port of its own.</summary>
/// <param name="Address">Of the printer.</param>
public sealed record LabQueue(string Name, string Share, string Driver, string Address)
{
    public string DriverFileVersion { get; init; } = "61.310.1.25919";

    public ImmutableArray<string> Environments { get; init; } = ["Windows x64"];

    /// <summary>9100 for raw printing.</summary>
    public int PortNumber { get; init; } = 9100;

    /// <summary>Name of the queue on the printer, for LPR.</summary>
    public string? LprQueue { get; init; }

    public string? Location { get; init; }

    public string? Comment { get; init; }
}
