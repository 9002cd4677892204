using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Demo;

/// <summary>The lab that shows every rule, and plenty that is healthy; <c>docs/demo-lab.md</c> says what is wrong where.</summary>
internal static class DemoLab
{
    public static LabDescription Describe(DateTimeOffset start) => new(
        [.. ((HostDescription[])[.. DemoPreRelease.Hosts(start), .. DemoProduction.Hosts(start), .. DemoStandalone.Hosts(start)]).Select(Numbered)], [DemoPreRelease.Cluster, DemoProduction.Cluster])
    {
        Tags = Tags,
    };

    /// <summary>Each VM has an address of its own.</summary>
    private static HostDescription Numbered(HostDescription host, int place) => host with { Vms = [.. host.Vms.Select((vm, i) => vm with { Guest = vm.Guest.At((byte)(16 + (place * 16) + i)) })] };

    private static ImmutableDictionary<string, ImmutableArray<string>> Tags { get; } = new (string Host, string Vm, string Tag)[]
    {
        ("HV01", "pre-suse", "os:linux"),
        ("HV03", "clone-template", "vm:template"),
        ("HV03", "dc-02", "ha:none"),
        ("HV03", "scratch-01", "ha:none"),
        ("HV04", "build-01", "ha:none"),
        ("HV04", "build-02", "ha:none"),
        ("HV04", "training-01", "ha:none"),
        ("HV04", "training-02", "ha:none"),
        ("HV04", "training-03", "ha:none"),
        ("HV05", "Prüfstand 7", "ha:none"),
        ("HV05", "cad-client", "ha:none"),
        ("HV05", "pxe-imaging", "ha:none"),
        ("HV05", "Vorlage \"2022\"", "ha:none"),
        ("HV03", "exchange-edge", "os:linux"),
        ("HV06", "nt4-lathe", "os:nt4"),
        ("HV07", "dc-lab", "role:dc"),
        ("HV08", "経理サーバー", "prod"),
        ("HV07", "debian-6", "os:linux"),
        ("HV07", "ubuntu-no-daemons", "os:linux"),
        ("HV07", "ubuntu-full", "os:linux"),
    }.ToImmutableDictionary(t => Ids.Of($"vm/{t.Host}/{t.Vm}").ToString(), t => ImmutableArray.Create(t.Tag), StringComparer.OrdinalIgnoreCase);
}
