using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class OverlappingMacRanges : Rule<FarmSubject>
{
    public override RuleCard Card { get; } = new("HVD209", "mac-pool-overlap", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Dynamic MAC ranges of two hosts overlap",
        Why = "Two VMs with one address are only a matter of time. Typical for hosts that were cloned with the role installed.",
        Fix = "Give every host a range of its own; dynamic addresses that exist change only after a cold start.",
        Quiet = "Hosts whose tags name different sites (site:…), where no layer 2 connects them.",
        Sections = ["hyperVSettings"],
        Mentions = ["devices", "operatingSystem"],
        Severities = [Severity.Warning],
        Origin = "Published default of 256 dynamic addresses a host; field practice",
    };

    public override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        if (subject.Hosts.Length < 2)
        {
            yield return NotFor("One host alone overlaps with none.");
            yield break;
        }

        var told = new List<(HostSubject Host, MacRange Range, string? Site)>();
        var silent = new List<(HostSubject Host, string? Site)>();
        foreach (var host in subject.Hosts)
        {
            if ((Unreadable(host, context, "hyperVSettings") ?? (MacRange.Of(host) is null ? NotSaid("hyperVSettings", "its range of MAC addresses") : null)) is { } unknown)
            {
                yield return unknown with { Object = host.Identity };
                if (unknown is Verdict.Unknown)
                {
                    silent.Add((host, SiteOf(host)));
                }
            }
            else
            {
                told.Add((host, MacRange.Of(host)!.Value, SiteOf(host)));
            }
        }

        told.Sort((a, b) => a.Range.First.CompareTo(b.Range.First));
        var meeting = Overlapping(told.ConvertAll(t => t.Range));
        for (int i = 0; i < told.Count; i++)
        {
            var (host, range, site) = told[i];
            var others = (meeting[i] ?? []).Where(o => told[o].Host != host && MayMeet(site, told[o].Site)).Select(o => (told[o].Host, told[o].Range)).ToList();
            var unseen = silent.Count == 0 ? [] : silent.Where(o => MayMeet(site, o.Site)).Select(o => o.Host.Name).ToList();
            if (others.Count == 0 && unseen.Count == 0)
            {
                yield return host.Passes;
                continue;
            }

            yield return (others.Count > 0 ? Fire(host, range, others)
                : new Verdict.Unknown("hyperVSettings", $"The range of {string.Join(", ", unseen.Take(3))}{(unseen.Count > 3 ? $" and {unseen.Count - 3} more" : "")} is not known.")) with { Object = host.Identity };
        }

        string? SiteOf(HostSubject host) => context.Settings.TagsOf(host.Id, "site:").FirstOrDefault();

        static bool MayMeet(string? site, string? other) => site is null || other is null || site.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>With which others each range shares addresses, by their places; null: with none.</summary>
    /// <param name="ranges">By their first address: then only those that have not ended yet can reach into the next.</param>
    private static List<int>?[] Overlapping(List<MacRange> ranges)
    {
        var meeting = new List<int>?[ranges.Count];
        var open = new List<int>();
        for (int i = 0; i < ranges.Count; i++)
        {
            open.RemoveAll(o => ranges[o].Last < ranges[i].First);
            foreach (int other in open)
            {
                (meeting[i] ??= []).Add(other);
                (meeting[other] ??= []).Add(i);
            }

            open.Add(i);
        }

        return meeting;
    }

    private static Verdict Fire(HostSubject host, MacRange range, List<(HostSubject Host, MacRange Range)> others)
    {
        long shared = others.Max(o => o.Range.Shared(range)!.Value.Size);
        return new Verdict.Fire("overlap", Severity.Warning, $"{host.Name} gives the same dynamic MAC addresses as {Names(others)} ({shared.ToString("N0", CultureInfo.InvariantCulture)} shared)")
        {
            Impact = "Two VMs will get one address; then one of them loses its connection now and then.",
            Remedy = Mend(host, RemedyRisk.Online, $"Give {host.Name} a range that no other host has; dynamic addresses that exist change at the next cold start.",
                $"In Hyper-V Manager give {host.Name} a range of its own in Virtual Network Manager, MAC Address Range.",
                PowerShell.Line($"Set-VMHost -ComputerName {host} -MacAddressMinimum <12 digits> -MacAddressMaximum <12 digits>")),
            Evidence =
            [
                Fact(host, "hyperVSettings", $"{host.Name}: range", range.ToString(), "shared with no host", "Msvm_VirtualSystemManagementServiceSettingData.MinimumMacAddress, MaximumMacAddress"),
                .. others.Take(10).SelectMany(o => new[]
                {
                    Fact(o.Host, "hyperVSettings", $"{o.Host.Name}: range", o.Range.ToString(), null, "Msvm_VirtualSystemManagementServiceSettingData.MinimumMacAddress, MaximumMacAddress"),
                    Fact(o.Host, "devices", $"{o.Host.Name}: addresses already given from the shared part", Issued(o.Host, o.Range.Shared(range)!.Value), null, "Msvm_SyntheticEthernetPortSettingData.Address"),
                }),
            ],
            Affected = [.. others.Select(o => new AffectedObject(AffectedRole.Cause, o.Host.Identity))],
        };
    }

    private static string Names(List<(HostSubject Host, MacRange Range)> others) =>
        string.Join(", ", others.Take(3).Select(o => o.Host.Name)) + (others.Count > 3 ? $" and {others.Count - 3} more" : "");

    private static string? Issued(HostSubject host, MacRange range) => host.Reading.Devices.Content?.NetworkAdapters is { } adapters
        ? adapters.Where(a => a.IsStaticMac != true && MacRange.AddressOf(a) is { } address && range.Contains(address)).Select(MacRange.AddressOf).Distinct().Count().ToString(CultureInfo.InvariantCulture) : null;

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "two hosts with one range", Farm(("00155D010000", "00155D0100FF"), ("00155D010000", "00155D0100FF"))),
        Passes("two hosts with neighbouring ranges", Farm(("00155D010000", "00155D0100FF"), ("00155D010100", "00155D0101FF"))),
        Fires(Severity.Warning, "two ranges that share one address", Farm(("00155D010000", "00155D0100FF"), ("00155D0100FF", "00155D0101FF"))),
        Passes("one range at two sites", Farm(("00155D010000", "00155D0100FF"), ("00155D010000", "00155D0100FF")), new() { Tags = new RuleSettings().Tags.Add("n0", ["site:north"]).Add("n1", ["site:south"]) }),
        Skips("one host alone", Farm(("00155D010000", "00155D0100FF"))),
        CannotTell("a host that did not say its range", Farm(("00155D010000", "00155D0100FF"), (null, null))),
    ];

    private static FarmSubject Farm(params (string? First, string? Last)[] ranges) => new([.. ranges.Select((r, i) => new HostSubject(Sample.Host with
    {
        Id = $"n{i}", Name = $"HV{i}", HyperVSettings = Sample.Read(Sample.Host.HyperVSettings.Content! with { MinimumMacAddress = r.First, MaximumMacAddress = r.Last }),
    }))]);
}
