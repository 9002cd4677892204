using System.CommandLine;
using System.Text.Json;
using HyperVDash.Agent.Settings;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;

namespace HyperVDash.Agent.Commands;

/// <summary><c>check</c>: what is wrong. Exit code 3: a rule of one's own was refused; 2: a host could not be read; 1: an error or worse is open and nobody accepted it; 0: none of these.</summary>
internal static class CheckCommand
{
    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var format = new Option<string>("--format") { Description = "table or json; sarif or junit for pipelines", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "sarif", "junit");
        var own = new Option<string>("--rules") { Description = "a file of your own rules (docs/own-rules.md); they run beside the others" };
        var settings = new Option<string?>("--settings") { Description = "Settings file whose section Rules holds instead of that of the appsettings.json beside the program." };
        var command = new Command("check", "Runs every rule once and prints what is wrong.") { format, own, settings };
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            // A file that the command line names must be there; what is wrong in it does not keep the other rules from running.
            if (parsed.GetValue(own) is { } named)
            {
                NamedFile.Check("--rules", named, "file of rules");
            }

            var given = parsed.GetValue(own) is { } file ? new RuleSet(OwnRuleFile.Load(file)) : null;
            var tuned = SettingsFile.Rules(SettingsFile.Open(parsed.GetValue(settings)), parsed.GetValue(own));
            var rules = given ?? RuleSet.Of(tuned);
            foreach (var mistake in rules.Own.Mistakes)
            {
                await errors.WriteLineAsync(mistake.Sentence);
            }

            await using var opened = await source.OpenAsync(parsed, time, cancellationToken);
            var hosts = await OneReading.OfAsync(opened.Targets, time, cancellationToken);
            // A capture is judged as of the time it was taken.
            var now = opened.Targets.All(t => t.Door == "capture") ? hosts.Where(h => h.CapturedAt is not null).Max(h => h.VirtualMachines.Attempt.At) ?? time.GetUtcNow() : time.GetUtcNow();
            var books = Examine(hosts, tuned.With(opened.Rules), now, rules.All);
            var report = Report(books, now);
            var read = hosts.Select(h => (h.Key, Unread: OneReading.IsUnread(h) ? $"{h.Key} could not be read: {h.VirtualMachines.Attempt.Reason}" : null)).ToList();
            List<string> unread = [.. read.Select(h => h.Unread).OfType<string>()];
            await (parsed.GetValue(format) switch
            {
                "json" => output.WriteLineAsync(JsonSerializer.Serialize(report, AgentJson.Indented)),
                "sarif" => output.WriteLineAsync(SarifReport.Of(report, unread, rules)),
                "junit" => output.WriteLineAsync(JunitReport.Of(report, read, rules)),
                _ => PrintAsync(CheckTable.Lines(report, hosts, books), output),
            });
            foreach (string sentence in unread)
            {
                await errors.WriteLineAsync(sentence);
            }

            // A rule that does not run finds nothing: without a code of its own a slip of the pen would turn a pipeline green.
            return rules.Own.Mistakes.Length > 0 ? AgentCommands.RuleRefused : unread.Count > 0 ? AgentCommands.Unread : report.Findings.Any(f => f.Severity >= Severity.Error && f.Accepted is null) ? 1 : 0;
        }, errors));
        return command;
    }

    /// <summary>Hosts one by one, then the clusters they form, then all together. One run is one sample.</summary>
    /// <param name="rules">Null: all of the catalogue.</param>
    public static FindingReport Evaluate(IReadOnlyList<HostReading> hosts, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules = null) =>
        Report(Examine(hosts, settings, now, rules), now);

    private static List<(string Who, FindingBook Book)> Examine(IReadOnlyList<HostReading> hosts, RuleSettings settings, DateTimeOffset now, IReadOnlyCollection<IRule>? rules)
    {
        var subjects = hosts.Select(h => new HostSubject(h)).ToList();
        List<(string Who, Examination Examination)> examinations =
        [
            .. subjects.Select(s => (s.Name, RuleEngine.ExamineHost(s, settings, now, rules))),
            .. RuleEngine.ClustersOf(subjects).Select(c => (c.Cluster.Name, RuleEngine.ExamineCluster(c, settings, now, rules))),
            (CheckTable.AllHosts, RuleEngine.ExamineFarm(new FarmSubject([.. subjects]), settings, now, rules)),
        ];
        return [.. examinations.Select(e => (e.Who, new FindingBook { IsSingleSample = true }.Apply(e.Examination)))];
    }

    private static FindingReport Report(List<(string Who, FindingBook Book)> books, DateTimeOffset now) => new(now)
    {
        Findings = [.. Inhibition.Mark([.. books.SelectMany(b => b.Book.Findings).DistinctBy(f => f.Id)]).OrderByDescending(f => f.Severity).ThenBy(f => f.RuleId, StringComparer.Ordinal).ThenBy(f => f.Subject.Name, StringComparer.OrdinalIgnoreCase)],
        Rules = Tally.Sum(books.SelectMany(b => b.Book.Tallies)),
    };

    private static async Task PrintAsync(IEnumerable<string> lines, TextWriter output)
    {
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line);
        }
    }
}
