using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>Windows, hardware and storage of a generated host.</summary>
internal static class GeneratedWindows
{
    private static readonly LabProcessor[] Processors = [LabProcessor.Xeon6230, LabProcessor.XeonE5450, LabProcessor.Epyc7302];
    private static readonly string[] TimeSources = ["NT5DS", "NTP", "NoSync", "AllSync"];

    public static HostDescription Vary(HostDescription host, SequenceOf random, DateTimeOffset start) => host with
    {
        Processor = Processors[random.Below(3)], Sockets = 1 << random.Below(2), NumaNodes = 1 << random.Below(3), IsNumaSpanning = random.Below(2) == 0,
        ClockSkew = TimeSpan.FromSeconds(random.Below(900) - 450), TimeSource = TimeSources[random.Below(4)],
        RestartMarks = [.. Enum.GetValues<LabRestartMark>().Where(_ => random.Below(3) == 0)],
        Licence = Licence(random, start),
        Volumes = [LabVolume.System, LabVolume.Data, .. Enumerable.Range(2, random.Below(4)).Select(i => new LabVolume(i % 2 == 0 ? $@"C:\Mounts\{i}\" : null, 1000, (ulong)random.Below(1000), i))],
        SmbConnections = [.. Enumerable.Range(0, random.Below(3)).Select(i => new LabSmbConnection($"files{i}", "vm$", random.Below(2) == 0 ? "3.1.1" : "2.1", random.Below(2) == 0))],
        Events = Events(host, random, start),
        Migration = new() { IsEnabled = random.Below(2) == 0, Authentication = (ushort)random.Below(2), Maximum = (uint)random.Below(8), Networks = random.Below(2) == 0 ? [] : ["10.0.8.0/24", "fd00:8::/64"] },
        Replica = new() { IsEnabled = random.Below(2) == 0, Authentication = (ushort)(1 + random.Below(3)), AllowedPrimaries = random.Below(2) == 0 ? ["*"] : ["hv1.lab.example", "hv2.lab.example"] },
    };

    private static LabLicence Licence(SequenceOf random, DateTimeOffset start) => random.Below(3) switch
    {
        0 => new() { Status = (uint)random.Below(7), GraceMinutes = (uint)random.Below(260_000) },
        1 => new() { Sku = 79, GraceMinutes = 4000, EvaluationEndsAt = start.AddMinutes(4000) },
        _ => new(),
    };

    private static ImmutableArray<LabEvent> Events(HostDescription host, SequenceOf random, DateTimeOffset start) =>
    [
        .. LabEvent.Everyday(start),
        .. Enumerable.Range(0, random.Below(60)).Select(i => new LabEvent(i % 2 == 0 ? "disk" : "Microsoft-Windows-FailoverClustering", (ushort)(random.Below(5) + 150), (byte)(random.Below(3) + 1), start.AddMinutes(-random.Below(2800)))
        {
            Data = host.Vms.IsEmpty || i % 3 == 0 ? [] : [host.Vms[0].Id.Upper(), $"Device {i}"],
        }),
    ];
}
