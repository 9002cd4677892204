using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Agent.Commands;
using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Documentation;

/// <summary>Reads labs of every release section by section and notes what each section asks.</summary>
internal static class ObservedQuestions
{
    private static readonly string[] Releases = ["2008R2", "2012", "2012R2", "2016", "2022", "2025"];

    public static async Task<IReadOnlyList<Asked>> ReadAsync(CancellationToken stop)
    {
        var asked = new List<Asked>();
        foreach (string release in Releases)
        {
            await ReadAsync(LabScenarios.Generate(new GeneratorOptions(1, 4, 7) { Release = release }, TimeProvider.System, isFrozen: true), 1, asked, stop);
        }

        await ReadAsync(LabScenarios.Build("prerelease-2008", TimeProvider.System, isFrozen: true), 1, asked, stop);
        await ReadAsync(LabScenarios.Build("print-farm", TimeProvider.System, isFrozen: true), int.MaxValue, asked, stop);
        await ReadAsync(LabScenarios.Build("demo", TimeProvider.System, isFrozen: true), int.MaxValue, asked, stop);
        return [.. asked.Distinct()];
    }

    private static async Task ReadAsync(LabScenario scenario, int hosts, List<Asked> asked, CancellationToken stop)
    {
        await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, stop);
        foreach (var address in lab.Addresses.Take(hosts))
        {
            string release = scenario.Description.Hosts.Single(h => h.Name == address.Host).Release;
            var questions = new ConcurrentQueue<Question>();
            var target = new WsManTarget(address.Url) { User = "lab", Password = "lab" };
            var options = new CollectorOptions
            {
                // What a release lacks belongs to the page as well.
                AbsentMemory = TimeSpan.Zero,
                Names = new LabNames(scenario.Description),
                PrintFarms = [.. scenario.Description.PrintFarms.Select(f => new PrintFarmOptions { ClusterName = f.ClusterName, OldNames = f.OldNames, Hosts = f.Hosts })],
            };
            await using var collector = new HostCollector(
                address.Host, "wsman", Origin.Lab, address.Host, () => new ObservedSession(new WsManSession(target, TimeProvider.System), questions), options, "t", TimeProvider.System);
            string[] sections = [.. collector.Current.Sections().Select(s => s.Name)];

            // First what the others build upon; the headers of disks are read once and then remembered, so they wait.
            await collector.ReadAsync([.. sections.Except(["virtualDisks"])], stop);
            asked.AddRange(questions.Where(q => q.Value == @"SOFTWARE\Microsoft\Windows NT\CurrentVersion: CurrentBuild").Select(q => new Asked(q, "operatingSystem", release)));
            foreach (string section in sections)
            {
                questions.Clear();
                await collector.ReadAsync([section], stop);
                asked.AddRange(questions.Select(q => new Asked(q, section, release)));
            }
        }
    }

    private sealed class ObservedSession(ICimSession session, ConcurrentQueue<Question> questions) : ICimSession
    {
        public string Target => session.Target;

        public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            questions.Enqueue(Question.Of(query));
            await foreach (var row in session.QueryAsync(query, cancellationToken))
            {
                yield return row;
            }
        }

        public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
        {
            questions.Enqueue(Question.Of(call));
            return session.InvokeAsync(call, cancellationToken);
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
