using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Rules.Engine;

/// <summary>Runs the rules of the catalogue over snapshots. It keeps nothing; a <see cref="FindingBook"/> remembers.</summary>
public static class RuleEngine
{
    // What lists the objects of a scope: where it could not be read, nobody knows which objects were not examined.
    private static readonly string[] VmLists = ["virtualMachines"];
    private static readonly string[] DeviceLists = ["virtualMachines", "devices"];
    private static readonly string[] SwitchLists = ["switches"];

    /// <summary>Host, VM, drive, network adapter and switch rules.</summary>
    public static Examination ExamineHost(HostReading reading, RuleSettings settings, DateTimeOffset now) =>
        ExamineHost(new HostSubject(reading), settings, now);

    /// <summary>A captured host is judged as of the time it was captured.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination ExamineHost(HostSubject host, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null)
    {
        var reading = host.Whole;
        bool isCaptured = reading.CapturedAt is not null;
        var run = new Run(settings, isCaptured ? reading.Sections().Max(s => s.Section.Attempt.At) ?? reading.CapturedAt!.Value : now, rules);
        run.All([host], host);
        var vms = (reading.VirtualMachines.Content?.Items ?? []).ToDictionary(v => v.Id);
        run.AllOf(host, VmLists, [.. vms.Values.Select(v => new VirtualMachineSubject(v, host))]);
        run.AllOf(host, DeviceLists, [.. (reading.Devices.Content?.Drives ?? []).Where(d => vms.ContainsKey(d.VirtualMachineId)).Select(d => new DriveSubject(d, vms[d.VirtualMachineId], host))]);
        run.AllOf(host, DeviceLists, [.. (reading.Devices.Content?.NetworkAdapters ?? []).Where(n => vms.ContainsKey(n.VirtualMachineId)).Select(n => new NetworkAdapterSubject(n, vms[n.VirtualMachineId], host))]);
        run.AllOf(host, SwitchLists, [.. (reading.Switches.Content?.Items ?? []).Select(s => new SwitchSubject(s, host))]);
        return isCaptured ? run.Result() with { NextInstant = null, IsOnlySample = true } : run.Result();
    }

    /// <summary>Cluster rules.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination ExamineCluster(ClusterSubject cluster, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null)
    {
        var run = new Run(settings, now, rules);
        run.All([cluster]);
        return run.Result();
    }

    /// <summary>Rules over all hosts.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static Examination ExamineFarm(FarmSubject farm, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null)
    {
        var run = new Run(settings, now, rules);
        run.All([farm]);
        return run.Result();
    }

    /// <summary>The clusters that some readings name, each with its nodes; a node that no reading belongs to is not read.</summary>
    public static ImmutableArray<ClusterSubject> ClustersOf(IReadOnlyCollection<HostSubject> hosts)
    {
        var byName = hosts.Where(h => h.Whole.ComputerSystem.Content?.NetBiosName is not null)
            .GroupBy(h => h.Whole.ComputerSystem.Content!.NetBiosName!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. hosts.Where(h => h.Whole.Cluster.Content is { Id.Length: > 0 })
                .GroupBy(h => h.Whole.Cluster.Content!.Id, StringComparer.OrdinalIgnoreCase)
                // The view read last speaks for the cluster; which node gave it does not matter.
                .Select(g => g.OrderByDescending(h => h.Whole.Cluster.ReadAt).First().Whole.Cluster.Content!)
                .Select(c => new ClusterSubject(c, [.. c.Nodes.Select(n => new ClusterMember(n, byName.GetValueOrDefault(n.Name)))]))
                .OrderBy(c => c.Cluster.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private sealed class Run(RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules)
    {
        private readonly RuleContext _context = new(now, settings);
        private readonly ImmutableArray<Examined>.Builder _verdicts = ImmutableArray.CreateBuilder<Examined>();
        private readonly Dictionary<string, string> _faults = [];

        /// <param name="host">The host that all of them are on; null for clusters and the farm.</param>
        public void All<TSubject>(ImmutableArray<TSubject> subjects, HostSubject? host = null) where TSubject : ISubject
        {
            if (subjects.IsEmpty)
            {
                return;
            }

            var identities = subjects.Select(s => s.Identity).ToArray();
            foreach (var rule in Rules<TSubject>())
            {
                var ofHost = host is null ? null : SampleAt(rule.Card, host);
                for (int i = 0; i < subjects.Length; i++)
                {
                    One(rule, subjects[i], identities[i], host is null ? SampleAt(rule.Card, subjects[i]) : ofHost);
                }
            }
        }

        /// <summary>Objects that a host lists: where the list could not be read, each rule is unknown for the host as a whole.</summary>
        public void AllOf<TSubject>(HostSubject host, string[] lists, ImmutableArray<TSubject> subjects) where TSubject : ISubject
        {
            All(subjects, host);
            if (lists.Select(l => Unlisted(host, l)).OfType<Verdict.Unknown>().FirstOrDefault() is { } unknown)
            {
                _verdicts.AddRange(Rules<TSubject>().Select(r => new Examined(r.Card, host.Identity, unknown, SampleAt(r.Card, host))));
            }
        }

        private IEnumerable<IExamines<TSubject>> Rules<TSubject>() where TSubject : ISubject => (rules ?? RuleCatalogue.All).OfType<IExamines<TSubject>>();

        private Verdict? Unlisted(HostSubject host, string list)
        {
            var section = host.Section(list);
            // Kept content of a failed read still lists its objects, and each of them is unknown by itself.
            return section.HasContent() && section.Attempt.State != SectionState.Partial ? null : SectionGate.Check(host, list, _context);
        }

        private void One<TSubject>(IExamines<TSubject> rule, TSubject subject, ObjectRef identity, DateTimeOffset? sampleAt) where TSubject : ISubject
        {
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

        /// <summary>When the first section of the card was read; over several hosts the oldest of those that were, so that one host's reads do not count for another's.</summary>
        private static DateTimeOffset? SampleAt(RuleCard card, ISubject subject)
        {
            DateTimeOffset? oldest = null;
            foreach (var host in subject.Hosts)
            {
                var attempt = host.Section(card.Sections[0]).Attempt;
                if (attempt is { State: SectionState.Complete or SectionState.Partial, At: { } at } && (oldest is null || at < oldest))
                {
                    oldest = at;
                }
            }

            return oldest;
        }

        public Examination Result() => new(now)
        {
            Verdicts = _verdicts.ToImmutable(),
            Faults = _faults.ToImmutableDictionary(),
            NextInstant = _context.NextInstant,
        };
    }
}
