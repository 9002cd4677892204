using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;

namespace HyperVDash.Rules.Tests.Own;

/// <summary>What a condition may do, and what it may take.</summary>
public sealed class OwnSandboxTests
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Ten = "s, s, s, s, s, s, s, s, s, s";

    public static TheoryData<string> Hostile => new(
        string.Concat("'aaaaaaaaaaaaaaaaaaaa'", Times(6, $".replaceAll('a', '{new string('a', 100)}')"), ".length > 5"),
        string.Concat("'aaaaaaaaaaaaaaaaaaaa'", Times(6, $".replace(/a/g, '{new string('a', 100)}')"), ".length > 5"),
        string.Concat("'aaaaaaaaaaaaaaaaaaaa'", Times(6, $".replace(/a/g, a => '{new string('a', 100)}')"), ".length > 5"),
        string.Concat("'aaaaaaaaaaaaaaaaaaaa'", Times(6, $".replace(/^.*$/, '{Times(50, "$&")}')"), ".length > 5"),
        string.Concat("'aaaaaaaaaaaaaaaaaaaa'", Times(6, $".replace(/^/, \"{Times(50, "$'")}\")"), ".length > 5"),
        Nested(10, "s => s.concat(" + Ten + ")"),
        Nested(10, "s => `" + Times(40, "${s}") + "`"),
        Nested(10, "s => [" + Ten + "].join('-')"),
        Nested(10, "s => '' + [" + Ten + "]"),
        Nested(10, "s => " + string.Join(" + ", Enumerable.Repeat("s", 40))),
        Nested(10, "s => [" + string.Join(", ", Enumerable.Repeat("...s", 40)) + "]"),
        "2n ** 1000000000n > 1n",
        "BigInt(2) > 1",
        "Array(1e9).length > 1",
        "new Array(1e9).length > 1",
        "[].constructor(1e9).length > 1",
        "new ArrayBuffer(2e9).byteLength > 1",
        "({ length: 1e15, every: [].every }).every(x => true)",
        "[].every.call({ length: 1e15 }, x => true)",
        "[].every.call('aaa', x => true)",
        "'x'.padEnd(1e9).length > 1",
        "'x'.normalize().length > 1",
        "JSON.stringify(it).length > 1",
        "Function('return true')()",
        "(() => true).constructor('return true')()",
        "(async () => true)() === true",
        "(function* () { while (true) yield 1; })() === true",
        "it.constructor === null",
        "it.__proto__ === null");

    [Theory, MemberData(nameof(Hostile))]
    public void A_condition_that_makes_something_large_in_few_steps_is_refused_before_it_does(string when)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Single(Read("virtualMachine", when, "[devices]").Mistakes);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200L << 20);
    }

    [Theory]
    [InlineData("it.name.replace(/\\d+/g, '#') === 'SQL#' && it.name.replaceAll('S', 'x') === 'xQL01'")]
    [InlineData("it.name.replace('SQL', m => m.toLowerCase()) === 'sql01' && it.name.replace(/(\\d)(\\d)/, '$2$1') === 'SQL10'")]
    [InlineData("new Set(drives.map(d => d.path)).size === drives.length && drives.map(d => d.kind).join('+') === 'disk'")]
    [InlineData("drives.every(d => { let n = 0; for (const c of d.path) { if (c === '\\\\') { n++; } } return n === 3; })")]
    [InlineData("drives.filter(d => /\\.vhdx?$/i.test(d.path)).reduce((n, d) => n + 1, 0) === 1 && drives.flatMap(d => [d.path]).length === 1")]
    [InlineData("Object.keys(it).includes('name') && Array.isArray(drives) && Math.max(1, it.processors) === 4 && Number('4') === it.processors")]
    [InlineData("[3, 1].sort()[0] === 1 && ('' + [1, [2, 3]]) === '1,2,3' && String(it.name) === `SQL01` && typeof it.name === 'string'")]
    [InlineData("new Date(it.createdAt).getUTCFullYear() === 2025 && it.name.match(/(\\d+)/)[1] === '01' && it.name.split('').length === 5")]
    [InlineData("(({ name }, n) => name.length === n)(it, 5) && (it.name.length > 4 ? true : false)")]
    public void What_a_condition_asks_with_is_there(string when)
    {
        var own = Read("virtualMachine", when, "[devices]");

        Assert.Empty(own.Mistakes.Select(m => m.ToString()));
        var verdict = Assert.Single(Verdicts(Sample.Host, own)).Verdict;
        Assert.True(verdict is Verdict.Fire, verdict.ToString());
    }

    [Theory]
    [InlineData("(globalThis.n = (globalThis.n ?? 0) + 1) > 1")]
    [InlineData("(Math.n = (Math.n ?? 0) + 1) > 1")]
    [InlineData("(it.n = 1) > 1")]
    [InlineData("(Number = 1) > 1")]
    [InlineData("delete host.operatingSystem.build")]
    [InlineData("[].values.n++ > 1")]
    [InlineData("(n = 1) > 1")]
    [InlineData("Object.assign(host, it) === 1")]
    public void Nothing_can_be_changed_so_that_nothing_is_remembered_between_two_objects(string when) =>
        Assert.Single(Read("virtualMachine", when, "[operatingSystem]").Mistakes);

    [Fact]
    public void What_is_looked_at_is_that_of_each_object()
    {
        var host = Sample.Host with { VirtualMachines = Sample.Read(new VirtualMachineList { Items = [Sample.Vm with { Processors = null }, Sample.Vm with { Id = Guid.NewGuid(), Processors = 16 }, Sample.Vm with { Id = Guid.NewGuid() }] }) };

        var verdicts = Verdicts(host, Read("virtualMachine", "it.processors > 8 && host.operatingSystem.build > 0", "[operatingSystem]"));

        Assert.Equal([typeof(Verdict.Unknown), typeof(Verdict.Fire), typeof(Verdict.Pass)], verdicts.Select(v => v.Verdict.GetType()));
        Assert.Contains(Assert.IsType<Verdict.Fire>(verdicts[1].Verdict).Evidence, e => e is { Fact: "it.processors", Value: "16" });
    }

    [Fact]
    public void A_rule_that_takes_too_much_of_one_reading_is_unknown_for_the_rest_of_it_and_asked_again()
    {
        // Each VM alone is allowed, and not all of them.
        var own = Read("virtualMachine", "(() => { let n = 0; while (n < 6000) { n++; } return n < 0; })()", "[]");
        var host = Sample.Host with { VirtualMachines = Sample.Read(new VirtualMachineList { Items = [.. Enumerable.Range(0, 120).Select(i => Sample.Vm with { Id = Guid.NewGuid(), Name = $"VM{i}" })] }) };
        var examiner = new HostExaminer(own.Rules);
        var settings = new RuleSettings();

        var first = examiner.Examine(host, settings, Sample.Now);

        int passed = first.Verdicts.Count(v => v.Verdict is Verdict.Pass);
        Assert.InRange(passed, 1, 119);
        Assert.All(first.Verdicts.Where(v => v.Verdict is not Verdict.Pass), v =>
        {
            var unknown = Assert.IsType<Verdict.Unknown>(v.Verdict);
            Assert.Contains("in this reading; it is asked again", unknown.Reason, StringComparison.Ordinal);
            Assert.Equal("virtualMachines", unknown.Section);
        });
        Assert.NotNull(first.NextInstant);
        var second = examiner.Examine(host, settings, first.NextInstant.Value);
        Assert.True(second.Verdicts.Count(v => v.Verdict is Verdict.Pass) > passed);
    }

    [Fact]
    public void Time_counts_only_while_a_condition_runs()
    {
        // A time that is over at once ends every run, and no making ready.
        var sandbox = new OwnSandbox(["it"], _ => false, TimeSpan.Zero);

        var ended = Assert.Throws<OwnRuleFile.Wrong>(() => sandbox.Run(OwnScript.Condition(new("it.a > 1", 1, 1, false)), _ => new(this, () => "{\"a\":1}")));

        Assert.True(ended.IsSlow);
    }

    [Fact]
    public void A_rule_about_every_drive_reads_the_facts_of_the_host_once()
    {
        // What is parsed anew for each drive would be many times that here.
        var drives = Enumerable.Range(0, 100).Select(i => Sample.Disk with { Id = $"{Sample.Disk.Id}{i}", Path = $@"D:\VMs\{i}.vhdx" }).ToImmutableArray();
        var host = Sample.Host with
        {
            Devices = Sample.Read(new DeviceList { Drives = drives }),
            VirtualDisks = Sample.Read(new VirtualDiskList { Items = [.. drives.Select(d => Sample.VirtualDisk with { Path = d.Path! })] }),
        };
        var own = Read("drive", "disk.format !== 'vhdx' || host.virtualDisks.items.length !== 100", "[virtualDisks]");
        long before = GC.GetAllocatedBytesForCurrentThread();

        var verdicts = Verdicts(host, own);

        Assert.All(verdicts, v => Assert.IsType<Verdict.Pass>(v.Verdict));
        Assert.Equal(100, verdicts.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30L << 20);
    }

    private static ImmutableArray<Examined> Verdicts(HostReading host, OwnRules own) => RuleEngine.ExamineHost(new HostSubject(host), new(), Sample.Now, own.Rules).Verdicts;

    private static OwnRules Read(string scope, string when, string sections) => OwnRuleFile.Read("own.yaml", $$"""
        rules:
          - { id: LAB001, scope: {{scope}}, severity: info, sections: {{sections}}, when: {{JsonSerializer.Serialize(when, AsWritten)}}, text: "found" }
        """);

    private static string Times(int count, string text) => string.Concat(Enumerable.Repeat(text, count));

    private static string Nested(int depth, string function) => $"(f => {Times(depth, "f(")}'aaaaaaaaaa'{Times(depth, ")")}.length > 5)({function})";
}
