using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Benchmarks;

/// <summary>All rules over generated hosts of 50 VMs: a first look at everything, and one VM changed.</summary>
internal static partial class RuleRounds
{
    private const int VmsPerHost = 50;
    private const int WarmUp = 6;
    private const int Rounds = 9;

    private static readonly RuleSettings Settings = new();

    public static async Task PrintAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await PrintAsync("Every oddity there is", isTidy: false, output, cancellationToken);
        await PrintAsync("A lab that is looked after", isTidy: true, output, cancellationToken);
    }

    private static async Task PrintAsync(string title, bool isTidy, TextWriter output, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(400, isTidy, cancellationToken);
        var sizes = new[] { 20, 200, 400 }.Select(hosts => all[..hosts]).ToList();
        int vms = sizes[1].Sum(Vms);
        int findings = 0;
        var full = sizes.Select(hosts => new Measured($"first look, {hosts.Sum(Vms):N0} VMs on {hosts.Length} hosts", () =>
        {
            var lab = new Watched(hosts);
            findings = lab.Look();
            return Task.CompletedTask;
        })).ToList();
        var onlyHosts = new Measured($"of it the rules of hosts, VMs and devices, {vms:N0} VMs", () =>
        {
            var now = Now(sizes[1]);
            foreach (var host in sizes[1])
            {
                new HostExaminer().Examine(host, Settings, now);
            }

            return Task.CompletedTask;
        });
        var watched = new Watched(sizes[1]);
        watched.Look();
        var one = new Measured($"one VM changed of {vms:N0}: its host", () =>
        {
            watched.ChangeOneVm();
            watched.LookAtChangedHost();
            return Task.CompletedTask;
        });
        var others = new Measured($"one VM changed of {vms:N0}: its host, its cluster and the farm", () =>
        {
            watched.ChangeOneVm();
            watched.LookAtChangedHost();
            watched.LookAtGroups();
            return Task.CompletedTask;
        });
        var pulse = new Measured($"a host of {VmsPerHost} VMs read again, unchanged", () =>
        {
            watched.Pulse();
            watched.LookAtChangedHost();
            return Task.CompletedTask;
        });
        await Measured.InTurnAsync([.. full, onlyHosts, one, others, pulse], WarmUp, Rounds);
        await output.WriteLineAsync($"""
            {title}:

            | rules, median of {Rounds} | wall ms | processor ms | allocated KB | bytes per VM |
            |---|---:|---:|---:|---:|
            {string.Join('\n', full.Append(onlyHosts).Concat([one, others, pulse]).Select((m, i) => $"| {m.Name} | {m.WallMs:0.00} | {m.CpuMs:0.0} | {m.Bytes / 1024:0} | {(i < 3 ? $"{m.Bytes / (sizes[i].Length * VmsPerHost):0}" : "")} |"))}

            {findings:N0} findings in the largest, {(double)findings / sizes[2].Sum(Vms):0.00} for each VM; 20,000 VMs / 1,000 VMs, per VM: time {full[2].WallMs / full[0].WallMs / 20:0.00}, processor time {full[2].CpuMs / full[0].CpuMs / 20:0.00}, bytes {full[2].Bytes / full[0].Bytes / 20:0.00}.

            """);
    }

    /// <summary>Each rule alone, the slowest first: where to look when all together are slow.</summary>
    public static async Task PrintEachAsync(bool isTidy, TextWriter output, CancellationToken cancellationToken)
    {
        var hosts = (await ReadAsync(200, isTidy, cancellationToken)).Select(h => new HostSubject(h)).ToList();
        var now = Now([.. hosts.Select(h => h.Whole)]);
        var rounds = RuleCatalogue.All.Prepend(null).Select(rule => new Measured(rule is null ? "no rule" : $"{rule.Card.Id} {rule.Card.Name}", () =>
        {
            foreach (var host in hosts)
            {
                RuleEngine.ExamineHost(host, Settings, now, rule is null ? [] : [rule]);
            }

            if (rule is IExamines<FarmSubject>)
            {
                RuleEngine.ExamineFarm(new FarmSubject([.. hosts]), Settings, now, [rule]);
            }

            return Task.CompletedTask;
        })).ToList();
        await Measured.InTurnAsync(rounds, 2, 3);
        foreach (var rule in rounds.OrderByDescending(r => r.WallMs))
        {
            await output.WriteLineAsync($"{rule.WallMs,8:0.00} ms {rule.Bytes / 1024,8:0} KB  {rule.Name}");
        }
    }

    /// <summary>Where the time goes: the parts of a first look at 1,000 and 20,000 VMs, per VM, and the rules over several hosts after one VM changed.</summary>
    public static async Task PrintPartsAsync(bool isTidy, TextWriter output, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(400, isTidy, cancellationToken);
        await output.WriteLineAsync("| part of a first look | VMs | µs per VM | of it collecting garbage | bytes per VM | came out |");
        await output.WriteLineAsync("|---|---:|---:|---:|---:|---:|");
        foreach (int hosts in new[] { 20, 200, 400 })
        {
            var parts = new List<(string Name, double Ms, double Pause, long Bytes, int Count)>();
            var best = new Dictionary<string, (double Ms, double Pause, long Bytes, int Count)>();
            for (int i = 0; i < (hosts == 20 ? 30 : 6); i++)
            {
                GC.Collect();
                parts.Clear();
                var lab = new Watched(all[..hosts]);
                lab.LookInParts((name, part) =>
                {
                    var pause = GC.GetTotalPauseDuration();
                    long bytes = GC.GetAllocatedBytesForCurrentThread();
                    long start = Stopwatch.GetTimestamp();
                    int count = part();
                    parts.Add((name, Stopwatch.GetElapsedTime(start).TotalMilliseconds, (GC.GetTotalPauseDuration() - pause).TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - bytes, count));
                });
                foreach (var part in parts)
                {
                    best[part.Name] = best.TryGetValue(part.Name, out var known) && known.Ms < part.Ms ? known : (part.Ms, part.Pause, part.Bytes, part.Count);
                }
            }

            int vms = hosts * VmsPerHost;
            foreach (var (name, part) in best.Select(b => (b.Key, b.Value)).Append(("all", (best.Values.Sum(b => b.Ms), best.Values.Sum(b => b.Pause), best.Values.Sum(b => b.Bytes), best.Values.Sum(b => b.Count)))))
            {
                await output.WriteLineAsync($"| {name} | {vms:N0} | {part.Item1 * 1000 / vms:0.00} | {part.Item2 * 1000 / vms:0.00} | {part.Item3 / vms:N0} | {part.Item4} |");
            }
        }

        var watched = all[..200];
        var now = Now(watched);
        var lines = new List<(double Ms, double Kb, string Name)>();
        foreach (var rule in RuleCatalogue.All.Where(r => r is IExamines<FarmSubject> or IExamines<ClusterSubject>).Prepend(null))
        {
            IRule[] only = rule is null ? [] : [rule];
            var lab = new Watched(watched, only);
            lab.Look();
            var (ms, bytes) = (double.MaxValue, 0L);
            for (int i = 0; i < 8; i++)
            {
                lab.ChangeOneVm();
                long before = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                lab.LookAtGroups();
                ms = Math.Min(ms, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            lines.Add((ms, bytes / 1024.0, rule is null ? "no rule" : $"{rule.Card.Id} {rule.Card.Name}"));
        }

        await output.WriteLineAsync("One VM changed of 10,000, clusters and farm:");
        foreach (var (ms, kb, name) in lines.OrderByDescending(l => l.Ms))
        {
            await output.WriteLineAsync($"{ms,8:0.00} ms {kb,8:0} KB  {name}");
        }
    }

    /// <summary>Looks at 5,000 VMs again and again, for a profiler to look at; says first what is found in them.</summary>
    public static async Task RepeatAsync(TimeSpan duration, bool isTidy, TextWriter output, CancellationToken cancellationToken)
    {
        var hosts = await ReadAsync(100, isTidy, cancellationToken);
        var first = new Watched(hosts);
        first.Look();
        foreach (var rule in first.Findings.CountBy(f => $"{f.RuleId} {f.Variant}").OrderByDescending(r => r.Value))
        {
            await output.WriteLineAsync($"{rule.Value,6} {rule.Key}");
        }

        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            new Watched(hosts).Look();
            await output.WriteLineAsync($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        }
    }

    private static int Vms(HostReading host) => host.VirtualMachines.Content!.Items.Length;

    private static DateTimeOffset Now(ImmutableArray<HostReading> hosts) => hosts.Max(h => h.VirtualMachines.ReadAt)!.Value;

    /// <summary>A lab of hundreds of hosts takes gigabytes: some are read, and copied under other ids, names and addresses.</summary>
    private static async Task<ImmutableArray<HostReading>> ReadAsync(int hosts, bool isTidy, CancellationToken cancellationToken)
    {
        var readings = ImmutableArray.CreateBuilder<HostReading>();
        var scenario = LabScenarios.Generate(new GeneratorOptions(Math.Min(hosts, 20), VmsPerHost, 7) { Release = "2022", IsTidy = isTidy }, TimeProvider.System, isFrozen: true);
        await using (var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, cancellationToken))
        {
            foreach (var address in lab.Addresses)
            {
                var reading = await Inventory.ReadAsync(address.Url, cancellationToken);
                readings.Add(reading with { Key = reading.Name });
            }
        }

        for (int i = 0, read = readings.Count; readings.Count < hosts; i++)
        {
            readings.Add(Copy(readings[i % read], (i / read) + 1));
        }

        return readings.DrainToImmutable();
    }

    private static HostReading Copy(HostReading host, int number)
    {
        string mark = number.ToString("x2", CultureInfo.InvariantCulture);
        var vms = host.VirtualMachines.Content!.Items.Select(v => v.Id.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var macs = (host.Devices.Content!.NetworkAdapters ?? []).Select(n => n.MacAddress).OfType<string>().ToHashSet(StringComparer.Ordinal);
        // In one pass: a host's text is long, and there are hundreds.
        string text = Identifier().Replace(JsonSerializer.Serialize(host, AgentJson.Options).Replace(host.Id!, $"{host.Id}c{mark}", StringComparison.Ordinal), found =>
            vms.Contains(found.Value) ? $"{mark}{found.Value[2..]}"
            : macs.Contains(found.Value) ? $"02{mark.ToUpperInvariant()}{found.Value[4..]}"
            : found.Value);
        return JsonSerializer.Deserialize<HostReading>(text.Replace($"\"{host.Name}\"", $"\"{host.Name}C{mark}\"", StringComparison.Ordinal), AgentJson.Options)! with { Key = $"{host.Key}C{mark}" };
    }

    [GeneratedRegex("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|[0-9A-F]{12}")]
    private static partial Regex Identifier();

    /// <summary>The hosts with what is remembered of them.</summary>
    private sealed class Watched
    {
        private readonly IRule[]? _rules;
        private readonly Dictionary<string, HostReading> _readings;
        private readonly Dictionary<string, (HostExaminer Examiner, FindingBook Book)> _hosts = [];
        private readonly Dictionary<string, ClusterExaminer> _clusters = [];
        private readonly Dictionary<string, FindingBook> _clusterBooks = [];
        private readonly FarmExaminer _farm;
        private readonly string _changing;
        private readonly DateTimeOffset _now;
        private FindingBook _farmBook = new() { IsSingleSample = true };
        private int _round;

        /// <param name="rules">Null: all.</param>
        public Watched(ImmutableArray<HostReading> hosts, IRule[]? rules = null)
        {
            (_rules, _farm) = (rules, new(rules));
            _readings = hosts.ToDictionary(h => h.Key);
            _changing = hosts[hosts.Length / 2].Key;
            _now = Now(hosts);
        }

        /// <returns>How many findings there are.</returns>
        public int Look()
        {
            foreach (string key in _readings.Keys)
            {
                LookAt(key);
            }

            foreach (string id in _readings.Values.Select(r => r.Cluster.Content?.Id).OfType<string>().Distinct())
            {
                _clusters[id] = new ClusterExaminer(id, _rules);
            }

            LookAtGroups();
            return _hosts.Values.Sum(h => h.Book.Findings.Length) + _clusterBooks.Values.Sum(b => b.Findings.Length) + _farmBook.Findings.Length;
        }

        /// <param name="part">Runs one part, which says how many objects came out of it.</param>
        public void LookInParts(Action<string, Func<int>> part)
        {
            List<Examination> examinations = [];
            part("rules of hosts, VMs and devices", () =>
            {
                examinations.AddRange(_readings.Values.Select(r => new HostExaminer(_rules).Examine(r, Settings, _now)));
                return examinations.Count;
            });
            part("their findings", () => examinations.Sum(e => new FindingBook { IsSingleSample = true }.Apply(e).Findings.Length));
            examinations.Clear();
            part("rules of clusters", () =>
            {
                foreach (string id in _readings.Values.Select(r => r.Cluster.Content?.Id).OfType<string>().Distinct())
                {
                    examinations.Add(new ClusterExaminer(id, _rules).Examine(_readings.Where(r => r.Value.Cluster.Content?.Id == id).ToDictionary(r => r.Key, r => r.Value), Settings, _now)!);
                }

                return examinations.Count;
            });
            part("rules of the farm", () =>
            {
                examinations.Add(_farm.Examine(_readings, Settings, _now)!);
                return 1;
            });
            part("findings of clusters and farm", () => examinations.Sum(e => new FindingBook { IsSingleSample = true }.Apply(e).Findings.Length));
        }

        public IEnumerable<Finding> Findings => _hosts.Values.SelectMany(h => h.Book.Findings).Concat(_clusterBooks.Values.SelectMany(b => b.Findings)).Concat(_farmBook.Findings);

        public void LookAtChangedHost() => LookAt(_changing);

        public void LookAtGroups()
        {
            foreach (var (id, examiner) in _clusters)
            {
                var nodes = _readings.Where(r => r.Value.Cluster.Content?.Id == id).ToDictionary(r => r.Key, r => r.Value);
                _clusterBooks[id] = _clusterBooks.GetValueOrDefault(id, new() { IsSingleSample = true }).Apply(examiner.Examine(nodes, Settings, _now)!);
            }

            _farmBook = _farmBook.Apply(_farm.Examine(_readings, Settings, _now)!);
        }

        /// <summary>As it arrives: every row of the section is a new one.</summary>
        public void ChangeOneVm()
        {
            var host = _readings[_changing];
            var list = host.VirtualMachines.Content!;
            var items = list.Items.Select<VirtualMachine, VirtualMachine>(v => v with { }).ToImmutableArray();
            items = items.SetItem(7, items[7] with { Notes = $"{++_round}", State = _round % 2 == 0 ? VirtualMachineState.Running : VirtualMachineState.Paused });
            _readings[_changing] = host with { VirtualMachines = host.VirtualMachines with { Content = list with { Items = items } } };
        }

        public void Pulse()
        {
            var host = _readings[_changing];
            var at = host.VirtualMachines.ReadAt!.Value.AddMilliseconds(++_round);
            _readings[_changing] = host with { VirtualMachines = host.VirtualMachines with { ReadAt = at, Attempt = host.VirtualMachines.Attempt with { At = at } } };
        }

        private void LookAt(string key)
        {
            var (examiner, book) = _hosts.TryGetValue(key, out var known) ? known : (new HostExaminer(_rules), new FindingBook { IsSingleSample = true });
            _hosts[key] = (examiner, book.Apply(examiner.Examine(_readings[key], Settings, _now)));
        }
    }
}
