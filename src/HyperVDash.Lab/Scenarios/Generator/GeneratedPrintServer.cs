using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>Every third host shares printers, some of them behind NLB; with everything that may or may not be set.</summary>
internal static class GeneratedPrintServer
{
    private static readonly string[] Drivers = ["HP Universal Printing PCL 6", "Ricoh, the \"old\" one", "プリンター ドライバー", "Brother's HL-L6400DW"];

    public static HostDescription On(HostDescription host, Parts parts, SequenceOf random)
    {
        if (random.Below(3) != 0)
        {
            return host;
        }

        host = host with { Roles = [.. host.Roles, 7, 135], PrintServer = Server(random) };
        return random.Below(2) == 0 ? host : host with
        {
            Roles = [.. host.Roles, 34],
            LoadBalancing = new LabLoadBalancing("10.20.0.50", host.Nics[0].Id, 2)
            {
                IsMulticast = random.Below(2) == 0, IsIgmp = random.Below(2) == 0, DedicatedAddress = "10.20.0.52", ModeOnStart = (uint)random.Below(3),
                Members = [new("OTHER", 1, "10.20.0.51", 1008), new(host.Name, 2, "10.20.0.52", (uint)(1005 + random.Below(5)))],
                Rules = [.. Enumerable.Range(0, random.Below(5)).Select(i => new LabPortRule((uint)(i * 100), (uint)(i * 100) + 50, (uint)random.Below(3) + 1) { Filtering = (uint)random.Below(3) + 1, Affinity = (uint)random.Below(3) })],
            },
        };
    }

    private static LabPrintServer Server(SequenceOf random) => new()
    {
        Queues =
        [
            .. Enumerable.Range(0, random.Below(12)).Select(i => new LabQueue($"Queue {i} \"ß\"", $"Q{i}", Drivers[random.Below(Drivers.Length)], $"10.20.1.{i + 1}")
            {
                LprQueue = random.Below(4) == 0 ? $"lp{i}" : null, Location = random.Below(2) == 0 ? null : $"Room {i}",
            }),
        ],
        Policy = random.Below(3) is > 0 and var policy ? policy : null,
        OptionalNames = random.Below(2) == 0 ? [.. Enumerable.Range(0, random.Below(4)).Select(i => $"ALIAS{i}")] : null,
        DisableStrictNameChecking = random.Below(3) is > 0 and var strict ? strict - 1 : null,
        HardeningLevel = random.Below(4) is > 0 and var level ? level - 1 : null,
        DnsOnWire = random.Below(2) == 0 ? 1 : null,
        NtlmRestriction = random.Below(3) is > 0 and var restriction ? restriction : null,
        RpcPrivacy = random.Below(2) == 0 ? 1 : null,
    };
}
