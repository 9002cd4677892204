using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>Runs the rules of the catalogue over snapshots. It keeps nothing; a <see cref="FindingBook"/> remembers.</summary>
public static class RuleEngine
{
    /// <summary>Host, VM, drive, network adapter and switch rules.</summary>
    public static Examination ExamineHost(HostReading reading, RuleSettings settings, DateTimeOffset now) =>
        ExamineHost(new HostSubject(reading), settings, now);

    public static Examination ExamineHost(HostSubject host, RuleSettings settings, DateTimeOffset now)
    {
        var run = new Run(settings, now);
        run.All([host]);
        var vms = (host.Reading.VirtualMachines.Content?.Items ?? []).ToDictionary(v => v.Id);
        run.All([.. vms.Values.Select(v => new VirtualMachineSubject(v, host))]);
        run.All([.. (host.Reading.Devices.Content?.Drives ?? []).Where(d => vms.ContainsKey(d.VirtualMachineId)).Select(d => new DriveSubject(d, vms[d.VirtualMachineId], host))]);
        run.All([.. (host.Reading.Devices.Content?.NetworkAdapters ?? []).Where(n => vms.ContainsKey(n.VirtualMachineId)).Select(n => new NetworkAdapterSubject(n, vms[n.VirtualMachineId], host))]);
        run.All([.. (host.Reading.Switches.Content?.Items ?? []).Select(s => new SwitchSubject(s, host))]);
        return run.Result();
    }

    /// <summary>Cluster rules.</summary>
    public static Examination ExamineCluster(ClusterSubject cluster, RuleSettings settings, DateTimeOffset now)
    {
        var run = new Run(settings, now);
        run.All([cluster]);
        return run.Result();
    }

    /// <summary>Rules over all hosts.</summary>
    public static Examination ExamineFarm(FarmSubject farm, RuleSettings settings, DateTimeOffset now)
    {
        var run = new Run(settings, now);
        run.All([farm]);
        return run.Result();
    }

    /// <summary>The clusters that some readings name, each with its nodes; a node that no reading belongs to is not read.</summary>
    public static ImmutableArray<ClusterSubject> ClustersOf(IReadOnlyCollection<HostSubject> hosts)
    {
        var byName = hosts.Where(h => h.Reading.ComputerSystem.Content?.NetBiosName is not null)
            .GroupBy(h => h.Reading.ComputerSystem.Content!.NetBiosName!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. hosts.Where(h => h.Reading.Cluster.Content is { Id.Length: > 0 })
                .GroupBy(h => h.Reading.Cluster.Content!.Id, StringComparer.OrdinalIgnoreCase)
                // The view read last speaks for the cluster; which node gave it does not matter.
                .Select(g => g.OrderByDescending(h => h.Reading.Cluster.ReadAt).First().Reading.Cluster.Content!)
                .Select(c => new ClusterSubject(c, [.. c.Nodes.Select(n => new ClusterMember(n, byName.GetValueOrDefault(n.Name)))]))
                .OrderBy(c => c.Cluster.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private sealed class Run(RuleSettings settings, DateTimeOffset now)
    {
        private readonly RuleContext _context = new(now, settings);
        private readonly ImmutableArray<Examined>.Builder _verdicts = ImmutableArray.CreateBuilder<Examined>();
        private readonly Dictionary<string, string> _faults = [];

        public void All<TSubject>(ImmutableArray<TSubject> subjects) where TSubject : ISubject
        {
            foreach (var rule in RuleCatalogue.All.OfType<Rule<TSubject>>())
            {
                foreach (var subject in subjects)
                {
                    One(rule, subject);
                }
            }
        }

        private void One<TSubject>(Rule<TSubject> rule, TSubject subject) where TSubject : ISubject
        {
            var identity = subject.Identity;
            var sampleAt = SampleAt(rule.Card, subject);
            try
            {
                foreach (var verdict in rule.Examine(subject, _context))
                {
                    _verdicts.Add(new Examined(rule.Card, verdict.Object ?? identity, verdict, sampleAt));
                }
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // One rule's mistake must not silence the others; it is shown as that rule's fault.
                _faults[rule.Card.Id] = $"{rule.Card.Id} failed on {identity.Name}: {fault.Message}";
                _verdicts.Add(new Examined(rule.Card, identity, new Verdict.Unknown("rule", _faults[rule.Card.Id]), sampleAt));
            }
        }

        private static DateTimeOffset? SampleAt<TSubject>(RuleCard card, TSubject subject) where TSubject : ISubject
        {
            DateTimeOffset? newest = null;
            foreach (var reading in subject.Readings)
            {
                foreach (var section in reading.Sections())
                {
                    if (card.Sections.Contains(section.Name) && section.Section.Attempt.At is { } at && (newest is null || at > newest))
                    {
                        newest = at;
                    }
                }
            }

            return newest;
        }

        public Examination Result() => new(now)
        {
            Verdicts = _verdicts.ToImmutable(),
            Faults = _faults.ToImmutableDictionary(),
            NextInstant = _context.NextInstant,
        };
    }
}
