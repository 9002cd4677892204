using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>An entry of a classic event log.</summary>
/// <param name="Type">1 error, 2 warning, 3 information.</param>
public sealed record LabEvent(string Provider, ushort Id, byte Type, DateTimeOffset At)
{
    public string Log { get; init; } = "System";

    public ImmutableArray<string> Data { get; init; } = [];

    /// <summary>Channels of Hyper-V that an administrator made classic logs, so that the older classes reach them.</summary>
    public static ImmutableArray<string> HyperVLogs { get; } =
    [
        "Microsoft-Windows-Hyper-V-High-Availability-Admin", "Microsoft-Windows-Hyper-V-VMMS-Admin", "Microsoft-Windows-Hyper-V-Worker-Admin",
    ];

    /// <summary>What the log of a host without trouble holds: a warning nobody heeds, news, and an error of long ago.</summary>
    public static ImmutableArray<LabEvent> Everyday(DateTimeOffset start) =>
    [
        new("Microsoft-Windows-DistributedCOM", 10016, 2, start.AddHours(-7)) { Data = ["application-specific", "Local", "Activation", @"NT AUTHORITY", "SYSTEM", "S-1-5-18"] },
        new("Service Control Manager", 7036, 3, start.AddHours(-2)) { Data = ["Windows Update", "stopped"] },
        new("EventLog", 6008, 1, start.AddDays(-40)) { Data = ["02:11:40", "30.01."] },
    ];
}
