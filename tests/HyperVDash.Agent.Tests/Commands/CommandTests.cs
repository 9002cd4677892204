using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using HyperVDash.Agent.Commands;
using HyperVDash.Rules.Tests;

namespace HyperVDash.Agent.Tests.Commands;

/// <summary>The command line as it is typed.</summary>
public sealed partial class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("demo", 8)]
    [InlineData("healthy", 4)]
    [InlineData("prerelease-2008", 3)]
    public async Task A_capture_of_the_lab_gives_the_inventory_of_the_lab(string lab, int hosts)
    {
        var (code, _, errors) = await RunAsync("capture", "--quiet", "--lab", lab, "--lab-frozen", "--out", _folder);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(hosts, Directory.GetFiles(_folder).Length);

        var live = await RunAsync("inventory", "--lab", lab, "--lab-frozen", "--format", "json");
        var captured = await RunAsync("inventory", "--capture", _folder, "--format", "json");

        Assert.Equal(0, live.Code);
        Assert.Equal(0, captured.Code);
        Assert.Equal(Timeless(live.Output), Timeless(captured.Output));
    }

    [Fact]
    public async Task A_capture_says_how_far_it_has_come_and_at_the_end_how_large_it_is_and_how_long_it_took()
    {
        var (code, output, errors) = await RunAsync("capture", "--lab", "demo", "--lab-frozen", "--only", "HV03", "--out", _folder);

        Assert.Equal(0, code);
        Assert.Matches(@"HV03  Msvm_VirtualSystemSettingData  \d+ rows, \d+ KiB so far", errors);
        Assert.Matches(@"hv03\.json\.gz  9 VMs, \d+ KiB in \d+\.\d s", output);
    }

    [Fact]
    public async Task Without_another_source_every_host_of_the_settings_is_captured()
    {
        await using var lab = await LabTargets.StartAsync("healthy", frozen: true, [], 0, TimeProvider.System, Stop);
        string settings = Path.Combine(_folder, "agent.json"), captures = Path.Combine(_folder, "captures"), password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, "lab", Stop);
        var targets = lab.Targets.Select(t => new { t.Key, Url = t.Url!.ToString(), User = "lab", PasswordFile = password });
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new { Agent = new { Targets = targets } }), Stop);

        var (code, _, errors) = await RunAsync("capture", "--quiet", "--settings", settings, "--out", captures);
        var (none, _, sentence) = await RunAsync("capture", "--only", "X");

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(lab.Targets.Select(t => t.Key.ToLowerInvariant() + ".json.gz").Order(), Directory.GetFiles(captures).Select(f => Path.GetFileName(f)).Order());
        Assert.Equal(64, none);
        Assert.Contains("Agent:Targets", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_is_checked_as_of_the_time_it_was_taken()
    {
        await RunAsync("capture", "--lab", "healthy", "--lab-frozen", "--out", _folder);

        var (code, output, _) = await RunAsync("check", "--capture", _folder, "--format", "json");

        Assert.Equal(0, code);
        Assert.Empty(JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public async Task One_host_can_be_taken_out_of_several_and_written_to_a_file_of_a_given_name()
    {
        string file = Path.Combine(_folder, "third.json");

        var (code, output, _) = await RunAsync("capture", "--lab", "demo", "--lab-frozen", "--only", "HV03", "--out", file);

        Assert.Equal(0, code);
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Equal("HV03", JsonDocument.Parse(await File.ReadAllTextAsync(file, Stop)).RootElement.GetProperty("host").GetString());
    }

    [Theory]
    [InlineData("Say which hosts", "inventory")]
    [InlineData("Say which hosts", "inventory", "--lab", "demo", "--host", "https://hv01:5986/wsman")]
    [InlineData("'HV03=flood' is not a fault. Write HOST=FAULT, HOST/Class=FAULT or HOST/namespace=denied with one of: delay, hang, refuse,", "inventory", "--lab", "demo", "--lab-fault", "HV03=flood")]
    [InlineData("'refuse' is not a fault. Write HOST=FAULT", "inventory", "--lab", "demo", "--lab-fault", "refuse")]
    [InlineData("'HV99=refuse' names no host of the lab; there are HV01, ", "inventory", "--lab", "demo", "--lab-fault", "HV99=refuse")]
    [InlineData("'HV03/root/cimv2=hang' is not a fault: a whole namespace can be denied and nothing else.", "inventory", "--lab", "demo", "--lab-fault", "HV03/root/cimv2=hang")]
    [InlineData("No lab writes in the language 'tlh'. There are en, de, ja, fr, zh.", "inventory", "--lab", "demo", "--lab-language", "tlh")]
    [InlineData("'HV99' names no host; there are HV01", "inventory", "--lab", "demo", "--only", "HV99")]
    [InlineData("'hv01' is no address", "inventory", "--host", "hv01")]
    [InlineData("There is no capture file 'nowhere.json'", "inventory", "--capture", "nowhere.json")]
    [InlineData("There is no file of rules 'nowhere.yaml'. Check the path that --rules names.", "check", "--lab", "demo", "--rules", "nowhere.yaml")]
    [InlineData("There is no settings file 'nowhere.json'. Check the path that --settings names.", "check", "--lab", "demo", "--settings", "nowhere.json")]
    [InlineData("There is no settings file 'nowhere.json'", "serve", "--settings", "nowhere.json")]
    [InlineData("There is no settings file 'nowhere.json'", "capture", "--settings", "nowhere.json")]
    [InlineData("--out 'nowhere/x.json.gz' lies in a folder that is not there", "capture", "--lab", "demo", "--only", "HV03", "--out", "nowhere/x.json.gz")]
    [InlineData("--user and --password-env belong together", "inventory", "--host", "http://127.0.0.1:1/wsman", "--user", "u")]
    [InlineData("--password-env names no environment variable that holds anything", "check", "--host", "http://127.0.0.1:1/wsman", "--user", "u", "--password-env", "HVD_TEST_UNSET")]
    [InlineData("--listen '0.0.0.0' is no address", "serve", "--lab", "demo", "--listen", "0.0.0.0")]
    [InlineData("Agent:Listen is http://0.0.0.0:5099/, which other machines can reach; that needs https", "serve", "--lab", "demo", "--listen", "http://0.0.0.0:5099")]
    [InlineData("Agent:TokenEnv names no environment variable", "serve", "--lab", "demo", "--listen", "http://127.0.0.1:0", "--token-env", "HVD_TEST_UNSET")]
    [InlineData("there is nothing to ask", "capture", "--capture", "old.json.gz")]
    [InlineData("--horst", "check", "--horst", "hv01")]
    [InlineData("there are 8 hosts and a file holds one", "capture", "--lab", "demo", "--out", "all.json")]
    public async Task A_mistake_in_the_options_is_a_sentence_and_an_exit_code_that_speaks_of_no_host(string sentence, params string[] arguments)
    {
        var (code, _, errors) = await RunAsync(arguments);

        Assert.Equal(64, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_lab_is_a_sentence_that_lists_the_labs_and_nothing_else()
    {
        var (code, _, errors) = await RunAsync("inventory", "--lab", "paradise");

        Assert.Equal((64, "There is no lab 'paradise'. There are demo, healthy, prerelease-2008, print-farm, old-clusters, odd-cases, print-odds, crowded, estate."), (code, errors.Trim()));
    }

    [Fact]
    public async Task A_lab_speaks_the_language_that_is_asked_for()
    {
        var (code, output, errors) = await RunAsync("inventory", "--lab", "estate", "--lab-frozen", "--lab-language", "ja", "--only", "S01N1", "--format", "json");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("ネットワーク アダプター", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_lists_every_mistake_of_its_settings_once_and_does_not_start()
    {
        string file = Path.Combine(_folder, "agent.json");
        await File.WriteAllTextAsync(file, """
            { "Agent": { "Targets": [ { "Key": "a", "Url": "hv01", "Intervals": { "StateInterval": "0" } }, { "Key": "a", "Door": "rpc" } ] }, "Rules": { "ScsiWarnPercent": 500 } }
            """, Stop);

        var (code, _, errors) = await RunAsync("serve", "--settings", file);

        Assert.Equal(64, code);
        Assert.Equal(
        [
            "Agent:Targets: the key 'a' is used 2 times; each host needs its own.",
            "Agent:Targets:0:Intervals:StateInterval is '0'; it may be 00:00:01 to 01:00:00.",
            "Agent:Targets:0:Url is 'hv01'; it may be an absolute address such as https://hv01:5986.",
            "Agent:Targets:1:Door is 'rpc'; it may be wsman, mmi, dcom or capture.",
            "Rules:ScsiWarnPercent is '500'; it may be 1 to 100.",
        ], errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Settings_that_are_no_JSON_are_a_sentence_with_the_line()
    {
        string file = Path.Combine(_folder, "agent.json");
        await File.WriteAllTextAsync(file, "{ \"Agent\": \n { nonsense", Stop);

        var (code, _, errors) = await RunAsync("serve", "--settings", file);

        Assert.Equal(64, code);
        Assert.Contains("LineNumber: 1", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ends_with_2_and_the_name_of_a_host_that_could_not_be_read_with_1_for_errors_and_with_0_when_all_is_well()
    {
        Assert.Equal(1, (await RunAsync("check", "--lab", "demo", "--lab-frozen")).Code);
        Assert.Equal(0, (await RunAsync("check", "--lab", "healthy", "--lab-frozen")).Code);
        var (code, _, errors) = await RunAsync("check", "--lab", "demo", "--lab-frozen", "--lab-fault", "HV03=refuse");
        Assert.Equal(2, code);
        Assert.Contains("HV03", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_of_every_finding_where_it_is_and_why_it_could_not_check_the_rest()
    {
        var (_, output, _) = await RunAsync("check", "--lab", "demo", "--lab-frozen", "--only", "HV03", "HV04", "--lab-fault", "HV04/root/Microsoft/Windows/Storage=denied");

        string[] lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.Where(l => Finding().IsMatch(l)), l => Assert.Matches("HV03|HV04|LAB-PROD", l));
        string[] why = [.. lines.SkipWhile(l => l != "Could not be checked:").Skip(1)];
        Assert.Contains(why, l => Regex.IsMatch(l, @"^ *\d+  HV04: .*denies access to .* in root/Microsoft/Windows/Storage .* \(HVD\d+"));
        int listed = why.Select(l => Regex.Match(l, @"^ *(\d+)  ")).Where(m => m.Success).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        int unknown = int.Parse(Regex.Match(lines[^1], @"(\d+) of them could not be made").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(listed == unknown || (listed < unknown && why.Length == 12), output);
    }

    [Fact]
    public async Task Check_honours_the_rules_of_its_settings_and_ends_with_0_when_every_error_is_accepted()
    {
        var (_, before, _) = await RunAsync("check", "--lab", "demo", "--lab-frozen", "--format", "json");
        var findings = JsonDocument.Parse(before).RootElement.GetProperty("findings").EnumerateArray().ToList();
        string[] grave = [.. findings.Where(f => f.GetProperty("severity").GetString() is "error" or "critical").Select(f => f.GetProperty("ruleId").GetString()!).Distinct()];
        string off = findings.Select(f => f.GetProperty("ruleId").GetString()!).First(r => !grave.Contains(r));
        string file = Path.Combine(_folder, "settings.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            Rules = new { Tuning = new[] { new { Rule = off, Off = true } }, AcceptedRisks = grave.Select(rule => new { Rule = rule, Owner = "Ann", ReviewBy = "2999-12-31" }) },
        }), Stop);

        var (code, output, errors) = await RunAsync("check", "--lab", "demo", "--lab-frozen", "--settings", file);

        Assert.Equal((0, ""), (code, errors));
        Assert.DoesNotContain($" {off} ", output, StringComparison.Ordinal);
        Assert.Matches(@"\n\d+ findings, \d+ more are accepted; ", output);
        Assert.Matches(@"accepted  HVD\d+  .* \((error|critical), accepted by Ann until 2999-12-31\)", output);
    }

    [Fact]
    public async Task Check_refuses_settings_that_are_wrong_and_names_the_key()
    {
        string file = Path.Combine(_folder, "settings.json");
        await File.WriteAllTextAsync(file, """{ "Rules": { "Tuning": [ { "Rule": "HVD999", "Off": true } ] } }""", Stop);

        var (code, _, errors) = await RunAsync("check", "--lab", "healthy", "--lab-frozen", "--settings", file);

        Assert.Equal(64, code);
        Assert.StartsWith("Rules:Tuning:0:Rule is 'HVD999'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_own_rule_fires_in_the_demo_lab_beside_the_others_and_a_broken_one_is_refused_with_its_place()
    {
        string file = Path.Combine(_folder, "own.yaml");
        string sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "own-rules.yaml"), Stop);
        Assert.Equal(1, (await RunAsync("check", "--lab", "demo", "--lab-frozen", "--rules", Path.Combine(Repository.Root, "docs", "own-rules.yaml"))).Code);
        await File.WriteAllTextAsync(file, sample + "\n  - { id: LAB009, scope: host, severity: info, sections: [roles], when: host.rolls.x, text: x }\n", Stop);

        var (code, output, errors) = await RunAsync("check", "--lab", "demo", "--lab-frozen", "--rules", file, "--format", "json");

        Assert.Equal(3, code);
        var report = JsonDocument.Parse(output).RootElement;
        var findings = report.GetProperty("findings").EnumerateArray().ToList();
        Assert.Contains(findings, f => f.GetProperty("ruleId").GetString() == "LAB001" && f.GetProperty("title").GetString()!.EndsWith("processors and nobody approved it", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.GetProperty("ruleId").GetString() == "LAB002");
        Assert.Contains(findings, f => f.GetProperty("ruleId").GetString() == "HVD101");
        var tally = report.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("ruleId").GetString() == "LAB001");
        Assert.True(tally.GetProperty("passed").GetInt32() > 0);
        Assert.Matches(@"own\.yaml:\d+:\d+: host has no fact named rolls", errors);
    }

    [Fact]
    public async Task A_host_that_is_down_leaves_the_file_of_the_capture_before()
    {
        string file = Path.Combine(_folder, "HV03.json.gz");
        await File.WriteAllTextAsync(file, "yesterday", Stop);

        var (code, _, errors) = await RunAsync("capture", "--lab", "demo", "--lab-frozen", "--only", "HV03", "--lab-fault", "HV03=refuse", "--out", _folder);

        Assert.Equal(2, code);
        Assert.Contains("HV03 could not be read", errors, StringComparison.Ordinal);
        Assert.Equal("yesterday", await File.ReadAllTextAsync(file, Stop));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_damaged_capture_is_one_host_that_cannot_be_read_beside_others_that_can()
    {
        await RunAsync("capture", "--lab", "healthy", "--lab-frozen", "--out", _folder);
        int whole = Directory.GetFiles(_folder).Length;
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.json"), "{ \"format\": \"hyperv-capture/1\", \"host\": \"BRO", Stop);

        var (code, output, errors) = await RunAsync("check", "--capture", _folder, "--format", "json");

        Assert.Equal(2, code);
        Assert.Contains("broken could not be read: ", errors, StringComparison.Ordinal);
        Assert.Contains("broken.json", errors, StringComparison.Ordinal);
        var findings = JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.NotEmpty(findings);
        // The others are judged as of their own time.
        Assert.All(findings, f => Assert.Equal("broken", f.GetProperty("subject").GetProperty("name").GetString()));
        Assert.True(whole > 0);
    }

    [Fact]
    public async Task Selftest_walks_every_step_to_a_lab_host()
    {
        var (code, output, _) = await RunAsync("selftest", "--lab", "demo", "--lab-frozen", "--only", "HV03");

        Assert.Equal(0, code);
        Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
        Assert.Contains("9 VMs", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "HV03" }, "Agent reads 1 host and listens at http://127.0.0.1:")]
    [InlineData(new[] { "HV03", "HV05" }, "Agent reads 2 hosts and listens at http://127.0.0.1:")]
    public async Task Serve_says_how_many_hosts_it_reads(string[] hosts, string sentence)
    {
        await using var output = new FirstLine();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var run = AgentCommands.RunAsync(["serve", "--lab", "demo", "--lab-frozen", "--only", .. hosts, "--listen", "http://127.0.0.1:0"], TimeProvider.System, output, TextWriter.Null, end.Token);

        Assert.StartsWith(sentence, await output.Line.Task.WaitAsync(Stop), StringComparison.Ordinal);
        await end.CancelAsync();
        await run;
    }

    [Fact]
    public async Task An_agent_whose_port_is_taken_says_so_in_one_sentence_and_logs_nothing()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var logged = new StringWriter();
        var before = Console.Out;
        Console.SetOut(logged);
        try
        {
            var (code, output, errors) = await RunAsync("serve", "--lab", "demo", "--lab-frozen", "--listen", $"http://localhost:{((IPEndPoint)other.LocalEndpoint).Port}");

            Assert.Equal((64, ""), (code, output));
            Assert.Matches(@"\AAgent:Listen is http://localhost:\d+/, where this program may not listen: [^.\n]+\. Stop what listens there, or choose another port\.\r?\n\z", errors);
            Assert.DoesNotContain("   at ", logged.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    private sealed class FirstLine : StringWriter
    {
        public TaskCompletionSource<string> Line { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task WriteLineAsync(string? value)
        {
            Line.TrySetResult(value ?? "");
            return base.WriteLineAsync(value);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        int code = await AgentCommands.RunAsync(arguments, TimeProvider.System, output, errors, Stop);
        return (code, output.ToString(), errors.ToString());
    }

    private static string Timeless(string json) => Times().Replace(json, "");

    [GeneratedRegex("^(info|warning|error|critical) +HVD")]
    private static partial Regex Finding();

    [GeneratedRegex("""^\s*"(readAt|at|tookMs|revision)":.*$""", RegexOptions.Multiline)]
    private static partial Regex Times();
}
