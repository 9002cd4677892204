using System.Collections.Immutable;
using System.Text.Json;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Tests;

/// <summary>
/// Some hosts, what they say and the clock, changed step by step by numbers that come from outside. What sections can say comes from the examples of
/// all rules, so every rule is brought to fire, to pass and to doubt.
/// </summary>
internal sealed class ChangingLab
{
    /// <summary>How many kinds of steps there are.</summary>
    public const int Steps = 14;

    private static readonly ImmutableArray<HostReading> Known = KnownReadings();

    private static readonly ImmutableArray<RuleSettings> KnownSettings =
    [
        new(), new() { CheckpointWarnDays = 1, CheckpointErrorDays = 2, ProcessorRatioInfo = 1, ProcessorRatioWarn = 1 }, new() { RequiredLocale = "de-DE", RequiredLanguage = 1031, GuestBootTime = TimeSpan.Zero }, new()
        {
            Tuning =
            [
                .. RuleCatalogue.All.Where((_, i) => i % 3 == 0).Select(r => new RuleTuning { Rule = r.Card.Id, Off = true }),
                .. RuleCatalogue.All.Where((_, i) => i % 3 == 1).Select(r => new RuleTuning { Rule = r.Card.Id, Severity = Severity.Critical, Cluster = "LAB" }),
                .. RuleCatalogue.All.Where((_, i) => i % 3 == 2).Select(r => new RuleTuning { Rule = r.Card.Id, Off = true, Name = "*1*" }),
            ],
        },
        new()
        {
            Tuning = [.. RuleCatalogue.All.Select((r, i) => new RuleTuning { Rule = r.Card.Id, Off = true, Tag = i % 2 == 0 ? "lab" : null, Host = i % 2 == 0 ? null : "NAME1" }), .. RuleCatalogue.All.Select(r => new RuleTuning { Rule = r.Card.Id, Off = false, VirtualMachine = Sample.VmId })],
            AcceptedRisks =
            [
                .. RuleCatalogue.All.Where((_, i) => i % 2 == 0).Select(r => new AcceptedRisk { Rule = r.Card.Id, Owner = "Ann", ReviewBy = new(2026, 3, 3), Reason = "known" }),
                .. RuleCatalogue.All.Where((_, i) => i % 2 == 1).Select(r => new AcceptedRisk { Rule = r.Card.Id, Owner = "Bob", ReviewBy = new(2026, 3, 4), Cluster = "LAB" }),
            ],
        },
    ];

    private int _fresh;

    public ChangingLab(int hosts)
    {
        for (int i = 0; i < hosts; i++)
        {
            Hosts[$"h{i}"] = Sample.Host with { Key = $"h{i}", Id = $"id-{i}" };
        }
    }

    public SortedDictionary<string, HostReading> Hosts { get; } = new(StringComparer.Ordinal);

    public RuleSettings Settings { get; private set; } = new();

    public DateTimeOffset Now { get; private set; } = Sample.Now;

    /// <summary>All hosts tell of one cluster, whose nodes they are.</summary>
    public void JoinCluster(int what)
    {
        var clusters = Known.Where(h => h.Cluster.Content?.Nodes.Length > 1).ToList();
        foreach (string key in Hosts.Keys.ToList())
        {
            Put(key, Hosts[key] with { Cluster = (Section<ClusterView>)Dated(clusters[what % clusters.Count].Cluster) }, "");
        }
    }

    /// <summary>One step.</summary>
    /// <returns>What was done, for the message of a failing test.</returns>
    public string Step(int kind, int which, int what)
    {
        string key = Hosts.Keys.ElementAt(which % Hosts.Count);
        var host = Hosts[key];
        var lens = SectionLens.All[what % SectionLens.All.Length];
        var section = lens.Get(host);
        switch (kind % Steps)
        {
            case 0 or 1 or 2:
                // Several at once: some rules rest on more than one.
                foreach (var other in SectionLens.All.Where((_, i) => i == what % SectionLens.All.Length || (kind > 0 && (what >> (i % 20)) % 3 == 0)))
                {
                    host = other.Set(host, Dated(other.Get(Known[what % Known.Length])));
                }

                return Put(key, host, $"{key} says of {lens.Name} what example {what % Known.Length} says");
            case 3:
                return Put(key, lens.Set(host, section with { Attempt = new Attempt((SectionState)(what % 9), Now, 5, what % 2 == 0 ? null : $"reason {what % 3}") }), $"{key} answers {lens.Name} with {(SectionState)(what % 9)}");
            case 4:
                return Put(key, SectionLens.All.Aggregate(host, (h, l) => l.Set(h, Dated(l.Get(h)))), $"{key} is read again, unchanged");
            case 5:
                return Put(key, lens.Set(host, Dated(section)), $"{lens.Name} of {key} is read again, unchanged");
            case 6:
                return Put(key, JsonSerializer.Deserialize<HostReading>(JsonSerializer.Serialize(host, AgentJson.Options), AgentJson.Options)!, $"{key} comes anew, word for word");
            case 7:
                Now = Now.AddSeconds(what % 100);
                return $"{what % 100} s pass";
            case 8:
                Now = Now.AddMinutes(what % 5000);
                return $"{what % 5000} min pass";
            case 9:
                Now = Now.AddSeconds(-(what % 500));
                return $"the clock is set back by {what % 500} s";
            case 10:
                Settings = KnownSettings[what % KnownSettings.Length];
                return $"settings {what % KnownSettings.Length}";
            case 11:
                string[] tags = ["lab", "os:linux", "ide:full-ok", "ic:none", "host:production", "role:dc", "host:maintenance"];
                Settings = Settings with { Tags = Settings.Tags.SetItem(what % 2 == 0 ? Sample.VmId.ToString() : host.Id!, [tags[what % tags.Length]]) };
                return $"tag {tags[what % tags.Length]}";
            case 12:
                return Put(key, WithVms(host, what), $"VMs of {key} change");
            default:
                return Put(key, host with { Name = what % 3 == 0 ? $"NAME{what % 5}" : host.Name }, $"{key} is named anew");
        }
    }

    private string Put(string key, HostReading reading, string what)
    {
        Hosts[key] = Named(key, reading);
        return what;
    }

    // Nodes are known by their NetBIOS names: without the right one a cluster would have no node that is read.
    private HostReading Named(string key, HostReading reading)
    {
        int at = Hosts.Keys.ToList().IndexOf(key);
        string name = reading.Cluster.Content?.Nodes is { Length: > 0 } nodes && nodes.Length > at ? nodes[at].Name : $"N{at}";
        return reading.ComputerSystem.Content is { } system && system.NetBiosName != name
            ? reading with { ComputerSystem = reading.ComputerSystem with { Content = system with { NetBiosName = name } } }
            : reading;
    }

    private HostReading WithVms(HostReading host, int what)
    {
        if (host.VirtualMachines.Content is not { } list)
        {
            return host;
        }

        var items = list.Items;
        items = (what % 4) switch
        {
            0 => items.Add(Sample.Vm with { Id = new Guid($"22222222-2222-2222-2222-{++_fresh:d12}"), Name = $"VM{_fresh}", Generation = (what % 2) + 1, State = what % 3 == 0 ? VirtualMachineState.Off : VirtualMachineState.Running }),
            1 when items.Length > 0 => items.RemoveAt(what % items.Length),
            2 when items.Length > 1 => [.. items.Reverse()],
            _ when items.Length > 0 => items.SetItem(what % items.Length, items[what % items.Length] with { Name = $"VM{what % 7}", StateChangedAt = Now, State = (VirtualMachineState)(what % 6), StartedAt = Now.AddMinutes(-(what % 20)) }),
            _ => items,
        };
        return host with { VirtualMachines = (Section<VirtualMachineList>)Dated(host.VirtualMachines with { Content = list with { Items = items } }) };
    }

    private Section Dated(Section section) => section.Attempt.State is SectionState.Complete or SectionState.Partial
        ? section with { ReadAt = Now, Attempt = section.Attempt with { At = Now } }
        : section with { Attempt = section.Attempt with { At = Now } };

    private static ImmutableArray<HostReading> KnownReadings()
    {
        List<HostReading> readings = [];
        foreach (var rule in RuleCatalogue.All)
        {
            readings.AddRange(Subjects(rule).SelectMany(s => s.Hosts).Select(h => h.Whole));
        }

        return [.. readings];
    }

    private static IEnumerable<ISubject> Subjects(IRule rule) => rule switch
    {
        Rule<HostSubject> r => r.Examples.Select(e => e.Subject),
        Rule<VirtualMachineSubject> r => r.Examples.Select(e => e.Subject),
        Rule<DriveSubject> r => r.Examples.Select(e => e.Subject),
        Rule<NetworkAdapterSubject> r => r.Examples.Select(e => e.Subject),
        Rule<SwitchSubject> r => r.Examples.Select(e => e.Subject),
        Rule<ClusterSubject> r => r.Examples.Select(e => (ISubject)e.Subject),
        Rule<FarmSubject> r => r.Examples.Select(e => (ISubject)e.Subject),
        _ => [],
    };
}
