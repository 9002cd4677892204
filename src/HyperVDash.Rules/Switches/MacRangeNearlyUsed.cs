using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class MacRangeNearlyUsed : OneVerdictRule<HostSubject>, IExamines<FarmSubject>
{
    public override RuleCard Card { get; } = new("HVD210", "mac-pool-low", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Dynamic MAC range nearly used up",
        Why = "Without a free address a VM with a dynamic one cannot start.",
        Fix = "Widen the range, and move static addresses out of it.",
        Quiet = "Below 80 % of the addresses. Addresses of VMs that went to other hosts count where those are read too.",
        Sections = ["hyperVSettings", "devices"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Best Practices Analyzer for Hyper-V, rule 67; published default of 256 dynamic addresses a host",
    };

    public override Verdict Decide(HostSubject subject, RuleContext context) =>
        Unclear(subject, context) ?? Judge(subject, context);

    /// <summary>With the addresses that VMs took along to other hosts.</summary>
    public IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var read = subject.Hosts.Where(h => Unclear(h, context) is null).ToList();
        var unseen = subject.Hosts.Except(read).Select(h => (Host: h, Unknown: Unclear(h, context) as Verdict.Unknown)).FirstOrDefault(u => u.Unknown is not null);
        var unknown = unseen.Unknown is { } why ? why with { Reason = $"{unseen.Host.Name}: {why.Reason}" } : null;
        var strays = StraysOf(read);
        bool any = false;
        foreach (var host in strays.Count == 0 ? [] : read)
        {
            var range = MacRange.Of(host)!.Value;
            // An address that a host gave itself is not in another's range for it: what strays into this range comes from others.
            var inRange = strays.GetViewBetween(range.First, range.Last);
            int away = inRange.Count;
            var own = away == 0 ? [] : Own(host, range);
            away -= own.Count(inRange.Contains);
            if (away > 0)
            {
                any = true;
                yield return (Grade(own.Count + away, range, context) is { } severity && severity != Grade(own.Count, range, context) ? Fire(host, "migrated", severity, range, own.Count, away) : unknown as Verdict ?? Verdict.Passed) with { Object = host.Identity };
            }
        }

        if (unknown is not null)
        {
            yield return unknown;
        }
        else if (!any)
        {
            yield return NotFor("No VM took an address of one host's range to another.");
        }
    }

    /// <summary>Dynamic addresses that are not in the range of the host they are on, from whichever other host they came.</summary>
    private static SortedSet<long> StraysOf(List<HostSubject> read)
    {
        var strays = new SortedSet<long>();
        foreach (var host in read)
        {
            var range = MacRange.Of(host)!.Value;
            foreach (var adapter in host.Reading.Devices.Content!.NetworkAdapters!.Value)
            {
                if (adapter.IsStaticMac == false && MacRange.AddressOf(adapter) is { } address && !range.Contains(address))
                {
                    strays.Add(address);
                }
            }
        }

        return strays;
    }

    private static Verdict? Unclear(HostSubject host, RuleContext context) => Unreadable(host, context, "hyperVSettings", "devices")
        ?? (host.Reading.Devices.Content!.NetworkAdapters is null ? NotSaid("devices", "the VMs' network adapters")
            : MacRange.Of(host) is null ? NotSaid("hyperVSettings", "its range of MAC addresses") : null);

    private static Verdict Judge(HostSubject host, RuleContext context)
    {
        var range = MacRange.Of(host)!.Value;
        int used = Own(host, range).Count;
        int unsure = host.Reading.Devices.Content!.NetworkAdapters!.Value.Where(a => a.IsStaticMac is null).Select(MacRange.AddressOf).OfType<long>().Distinct().Count(range.Contains);
        return Grade(used, range, context) is { } severity ? Fire(host, "used", severity, range, used, 0)
            : Grade(used + unsure, range, context) is not null ? NotSaid("devices", $"of {unsure} addresses whether they are dynamic")
            : Verdict.Passed;
    }

    private static HashSet<long> Own(HostSubject host, MacRange range)
    {
        var own = new HashSet<long>();
        foreach (var adapter in host.Reading.Devices.Content!.NetworkAdapters!.Value)
        {
            if (adapter.IsStaticMac == false && MacRange.AddressOf(adapter) is { } address && range.Contains(address))
            {
                own.Add(address);
            }
        }

        return own;
    }

    private static Severity? Grade(int used, MacRange range, RuleContext context) =>
        used * 100L >= range.Size * context.Settings.MacRangeErrorPercent ? Severity.Error : used * 100L >= range.Size * context.Settings.MacRangeWarnPercent ? Severity.Warning : null;

    private static Verdict Fire(HostSubject host, string variant, Severity severity, MacRange range, int used, int away) => new Verdict.Fire(variant, severity,
        $"{host.Name} has given {used + away} of {range.Size} dynamic MAC addresses{(away == 0 ? "" : $", {away} of them to VMs that moved away")}")
    {
        Impact = "Without a free address a VM with a dynamic one cannot start.",
        Remedy = Mend(host, RemedyRisk.Online, $"Widen the range of {host.Name}, into addresses that no other host gives.", $"In Hyper-V Manager widen the range of {host.Name} in Virtual Network Manager, MAC Address Range.",
            PowerShell.Line($"Set-VMHost -ComputerName {host} -MacAddressMaximum <12 digits>")),
        Evidence =
        [
            Fact(host, "devices", "Dynamic addresses in use", (used + away).ToString(CultureInfo.InvariantCulture), $"less than 80 % of {range.Size}", "Msvm_SyntheticEthernetPortSettingData.Address"),
            Fact(host, "hyperVSettings", "Range", $"{range}, {range.Size} addresses", null, "Msvm_VirtualSystemManagementServiceSettingData.MinimumMacAddress, MaximumMacAddress"),
            Fact(host, "devices", "Static addresses inside the range", host.Reading.Devices.Content!.NetworkAdapters!.Value.Count(a => a.IsStaticMac == true && MacRange.AddressOf(a) is { } address && range.Contains(address)).ToString(CultureInfo.InvariantCulture), null, "Msvm_SyntheticEthernetPortSettingData.StaticMacAddress"),
        ],
    };

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. FarmExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "214 of 256 addresses", new(Host(256, 214))),
        Passes("214 of 4,096 addresses", new(Host(4096, 214))),
        Fires(Severity.Warning, "205 of 256, just above 80 %", new(Host(256, 205))),
        Passes("204 of 256, just below 80 %", new(Host(256, 204))),
        Fires(Severity.Warning, "80 of 100, exactly 80 %", new(Host(100, 80))),
        Fires(Severity.Error, "98 of 100, exactly 98 %", new(Host(100, 98))),
        Fires(Severity.Error, "251 of 256, just above 98 %", new(Host(256, 251))),
        Passes("static addresses do not count", new(Host(256, 214, isStatic: true))),
        CannotTell("adapters that do not say whether their addresses are dynamic", new(Host(256, 214, isStatic: null))),
        CannotTell("a host that did not say its range", new(Host(256, 1) with { HyperVSettings = Sample.Read(new Model.Hosts.HyperVSettings()) })),
    ];

    private static ImmutableArray<Example<FarmSubject>> FarmExamples { get; } =
    [
        new("200 addresses here, and ten of VMs that moved away", Farm(10), "fires Warning"),
        new("200 addresses here, and one of a VM that moved away", Farm(1), "passes"),
        new("no VM moved away", Farm(0), "does not apply to"),
    ];

    private static HostReading Host(int size, int used, bool? isStatic = false) => (Sample.Host with
    {
        HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { MinimumMacAddress = "00155D010000", MaximumMacAddress = (0x00155D010000 + size - 1).ToString("X12", CultureInfo.InvariantCulture) }),
    }).With([.. Enumerable.Range(0, used).Select(i => Nic(i, isStatic))]);

    private static NetworkAdapter Nic(int number, bool? isStatic) =>
        Sample.Nic with { Id = $@"Microsoft:{Sample.VmId}\{number}", MacAddress = (0x00155D010000 + number).ToString("X12", CultureInfo.InvariantCulture), IsStaticMac = isStatic };

    private static FarmSubject Farm(int away) => new(
    [
        new(Host(256, 200)),
        new((Host(256, 0) with
        {
            Id = "b", Name = "HV2", HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { MinimumMacAddress = "00155D020000", MaximumMacAddress = "00155D0200FF" }),
        }).With([.. Enumerable.Range(200, away).Select(i => Nic(i, false))])),
    ]);
}
