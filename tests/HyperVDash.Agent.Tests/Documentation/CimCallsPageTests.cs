using System.Reflection;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim;
using HyperVDash.Rules.Tests;

namespace HyperVDash.Agent.Tests.Documentation;

/// <summary>docs/cim-calls.md and docs/rights.md say what the code asks.</summary>
public sealed class CimCallsPageTests(CimCallsPageTests.Observation observation) : IClassFixture<CimCallsPageTests.Observation>
{
    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Page_of_questions_in_docs_is_up_to_date() => Repository.AssertPage("docs/cim-calls.md", CimCallsPage.Render(observation.Asked));

    [Fact]
    public void Page_of_rights_in_docs_is_up_to_date() => Repository.AssertPage("docs/rights.md", RightsPage.Render(observation.Asked));

    [Fact]
    public void Each_class_that_the_code_names_was_asked_by_some_lab()
    {
        var asked = observation.Asked.Select(a => $"{a.Question.Namespace}:{a.Question.Class}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        HostFacts[] hosts = [.. from build in (int[])[6001, 7601, 9200, 9600, 14393, 20348, 26100] select new HostFacts("h", build < 9200 ? 1 : 2, build, build == 6001, default)];

        var named = typeof(Plan).Assembly.GetTypes().SelectMany(t => QueriesOf(t, hosts)).Where(q => q.Namespace.Length > 0).Select(q => $"{q.Namespace}:{q.Class}").Distinct(StringComparer.OrdinalIgnoreCase).ToList();

        Assert.True(named.Count > 90, $"{named.Count}");
        Assert.Equal([], named.Where(q => !asked.Contains(q)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_registry_value_that_the_code_names_was_asked_by_some_lab_but_the_one_that_needs_a_rare_type()
    {
        var asked = observation.Asked.Select(a => $"{a.Question.Method} {a.Question.Value}").ToHashSet(StringComparer.OrdinalIgnoreCase);

        var named = typeof(Plan).Assembly.GetTypes().SelectMany(t => t.GetFields(Everything)).Where(f => f.FieldType == typeof(RegistryValue)).Select(f => (RegistryValue)f.GetValue(null)!).ToList();

        Assert.True(named.Count > 25, $"{named.Count}");
        Assert.Equal(
            [@"GetExpandedStringValue SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters: OptionalNames"],
            named.Select(v => Question.Of(v.Call(TimeSpan.FromSeconds(1)))).Select(q => $"{q.Method} {q.Value}").Where(q => !asked.Contains(q)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_method_that_is_called_is_on_the_list_of_those_that_read_and_but_two_the_other_way_round() =>
        Assert.Equal(
            ReadOnlyMethods.All.Select(m => $"{m.Class}.{m.Method}").Order(StringComparer.Ordinal),
            observation.Asked.Where(a => a.Question.Method is not null).Select(a => $"{a.Question.Class}.{a.Question.Method}")
                // A registry value of a rare type, and a disk file that its host cannot list.
                .Concat(["StdRegProv.GetExpandedStringValue", "Msvm_ImageManagementService.GetVirtualHardDiskState"]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Each_question_falls_under_a_right_that_is_told_and_each_right_is_needed_by_some_question() =>
        Assert.Equal(
            NamespaceRight.All.Select(r => $"{r.Namespace}: {r.Asks}").Order(StringComparer.OrdinalIgnoreCase),
            observation.Asked.Select(a => NamespaceRight.Of(a.Question.Namespace, a.Question.Class, a.Question.Method is not null) is { } right ? $"{right.Namespace}: {right.Asks}" : $"{a.Question}: untold")
                .Distinct().Order(StringComparer.OrdinalIgnoreCase));

    [Theory]
    [InlineData("Msvm_VirtualSystemManagementService", "DestroySystem")]
    [InlineData("StdRegProv", "SetStringValue")]
    [InlineData("Win32_Process", "Create")]
    public async Task A_method_that_is_not_on_the_list_is_refused_before_it_leaves(string name, string method)
    {
        await using var session = new CautiousSession(new DeafSession());

        await Assert.ThrowsAsync<InvalidOperationException>(() => session.InvokeAsync(new CimCall("root/cimv2", name, method), TestContext.Current.CancellationToken));
    }

    /// <summary>Queries in static members: constants, and what depends on the host alone.</summary>
    private static IEnumerable<TableQuery> QueriesOf(Type type, HostFacts[] hosts)
    {
        if (type.ContainsGenericParameters)
        {
            yield break;
        }

        foreach (var field in type.GetFields(Everything).Where(f => f.FieldType == typeof(TableQuery)))
        {
            yield return (TableQuery)field.GetValue(null)!;
        }

        foreach (var method in type.GetMethods(Everything).Where(m => m.ReturnType == typeof(TableQuery) && m.GetParameters() is [{ ParameterType: var parameter }] && parameter == typeof(HostFacts)))
        {
            foreach (var host in hosts)
            {
                yield return (TableQuery)method.Invoke(null, [host])!;
            }
        }
    }

    public sealed class Observation : IAsyncLifetime
    {
        internal IReadOnlyList<Asked> Asked { get; private set; } = [];

        public async ValueTask InitializeAsync() => Asked = await ObservedQuestions.ReadAsync(TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class DeafSession : ICimSession
    {
        public string Target => "hv01";

        public IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
