using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HyperVDash.Agent.Commands;
using HyperVDash.Cim.Capture;
using HyperVDash.Cim.Capture.Redaction;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Captures;

/// <summary>A redacted capture tells the same of everything, and nothing of whose it is.</summary>
public sealed partial class RedactionTests : IDisposable
{
    // States and kinds are words of the product and of Windows, not names of the lab, though some switch has one of them.
    private static readonly HashSet<string> Words =
    [
        .. typeof(HostReading).Assembly.GetExportedTypes().Where(t => t.IsEnum).SelectMany(Enum.GetNames).Select(n => char.ToLowerInvariant(n[0]) + n[1..]),
        "System", "Available Storage", "File and Storage Services",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("hypervdash-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Taken => Path.Combine(_folder, "taken");

    private string Redacted => Path.Combine(_folder, "redacted");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("demo")]
    [InlineData("healthy")]
    [InlineData("prerelease-2008")]
    [InlineData("print-farm")]
    public async Task A_redacted_capture_gives_the_same_inventory_and_the_same_findings_under_other_names(string lab)
    {
        await RunAsync(0, "capture", "--quiet", "--lab", lab, "--lab-frozen", "--out", Taken);
        await RunAsync(0, "capture", "--quiet", "--capture", Taken, "--redact", "--out", Redacted);

        var names = Learn();
        var expected = Mapped(JsonNode.Parse(await RunAsync(null, "inventory", "--capture", Taken, "--format", "json"))!, names.Apply);
        var found = Mapped(JsonNode.Parse(await RunAsync(null, "inventory", "--capture", Redacted, "--format", "json"))!, text => text);

        Assert.Equal(Lines(expected!), Lines(found!));
        Assert.Equal(Findings(await RunAsync(null, "check", "--capture", Taken, "--format", "json")), Findings(await RunAsync(null, "check", "--capture", Redacted, "--format", "json")));
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("healthy")]
    [InlineData("prerelease-2008")]
    [InlineData("print-farm")]
    public async Task No_name_address_or_serial_number_of_the_lab_is_left_in_the_file(string lab)
    {
        await RunAsync(0, "capture", "--quiet", "--lab", lab, "--lab-frozen", "--out", Taken);
        await RunAsync(0, "capture", "--quiet", "--lab", lab, "--lab-frozen", "--redact", "--out", Redacted);

        var description = LabScenarios.Build(lab, TimeProvider.System, isFrozen: true).Description;
        string taken = string.Concat(Directory.GetFiles(Taken).Select(Unpacked));
        string[] names =
        [
            .. description.Hosts.SelectMany(h => new[] { h.Name, h.Domain }),
            .. description.Hosts.SelectMany(h => h.Vms).SelectMany(v => new[] { v.Name }.Concat(v.Notes).Concat(v.Checkpoints.Select(c => c.Name))),
            .. description.Hosts.SelectMany(h => h.Switches).Select(s => s.Name),
            .. description.Clusters.Select(c => c.Name),
            .. Addresses().Matches(taken).Select(m => m.Value).Where(IsOfSomebody),
            .. Serials().Matches(taken).Select(m => m.Groups["value"].Value),
        ];
        names = [.. names.Select(n => n.Trim()).Where(n => n.Length > 2).Distinct(StringComparer.OrdinalIgnoreCase)];
        Assert.True(names.Length > 40, $"{names.Length} names");
        string[] files = Directory.GetFiles(Redacted);
        Assert.Equal(description.Hosts.Length, files.Length);
        var left = files.SelectMany(f => Texts(JsonNode.Parse(Unpacked(f)), "")).Distinct()
            .SelectMany(t => names.Where(n => Contains(t.Text, n)).Select(n => $"{n} in {t}"));
        Assert.Empty(left);
    }

    [Fact]
    public async Task What_will_be_replaced_is_shown_first_and_nothing_is_written_without_a_yes()
    {
        await RunAsync(0, "capture", "--quiet", "--lab", "demo", "--lab-frozen", "--only", "HV03", "--out", Taken);
        string original = Unpacked(Directory.GetFiles(Taken).Single());

        string output = await RunAsync(1, new StringReader("n\n"), "capture", "--quiet", "--capture", Taken, "--redact", "--out", Redacted);

        Assert.Contains("virtual machines", output, StringComparison.Ordinal);
        Assert.Contains("e.g. by vm-", output, StringComparison.Ordinal);
        Assert.DoesNotContain("sql-01", output, StringComparison.Ordinal);
        Assert.Contains("sql-01", original, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Redacted));
        await RunAsync(0, new StringReader("y\n"), "capture", "--quiet", "--capture", Taken, "--redact", "--out", Redacted);
        Assert.Single(Directory.GetFiles(Redacted));
    }

    [Fact]
    public async Task Redacted_captures_of_another_run_are_not_overwritten()
    {
        Directory.CreateDirectory(Taken);
        string first = Small("HV01"), second = Small("HV02");
        await RunAsync(0, "capture", "--quiet", "--capture", first, "--redact", "--out", Redacted);
        byte[] written = await File.ReadAllBytesAsync(Directory.GetFiles(Redacted).Single(), Stop);

        string errors = await RefusedAsync("capture", "--quiet", "--capture", second, "--redact", "--out", Redacted);

        string kept = Directory.GetFiles(Redacted).Single();
        Assert.Equal(written, await File.ReadAllBytesAsync(kept, Stop));
        Assert.Contains($"'{kept}' is there already", errors, StringComparison.Ordinal);
        Assert.Contains("Name another folder with --out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_named_for_a_redacted_capture_is_not_overwritten()
    {
        Directory.CreateDirectory(Taken);
        string file = Small("HV01");
        string original = await File.ReadAllTextAsync(file, Stop);

        string errors = await RefusedAsync("capture", "--quiet", "--capture", file, "--redact", "--out", file);

        Assert.Equal(original, await File.ReadAllTextAsync(file, Stop));
        Assert.Contains("Name another file with --out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_captures_of_one_host_are_two_files()
    {
        Directory.CreateDirectory(Taken);
        Small("HV01", "before");
        Small("HV01", "after");

        await RunAsync(0, "capture", "--quiet", "--capture", Taken, "--redact", "--out", Redacted);

        Assert.Equal(["host-01-2.json.gz", "host-01.json.gz"], Directory.GetFiles(Redacted).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal(2, Directory.GetFiles(Redacted).Select(Unpacked).Distinct().Count());
    }

    /// <summary>A capture of a host that answers one question.</summary>
    private string Small(string host, string name = "")
    {
        string path = Path.Combine(Taken, $"{host}{name}.json");
        File.WriteAllText(path, $$$"""{ "format": "hyperv-capture/1", "host": "{{{host}}}", "answers": [ { "namespace": "root/cimv2", "class": "Win32_Processor", "instances": [ { "Name": "{{{name}}}" } ] } ] }""");
        return path;
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        Assert.Equal(64, await AgentCommands.RunAsync(arguments, TimeProvider.System, output, errors, null, Stop));
        return errors.ToString();
    }

    private CaptureRedaction Learn()
    {
        var redaction = new CaptureRedaction();
        foreach (string path in Directory.GetFiles(Taken))
        {
            using var file = CaptureFile.Open(path);
            redaction.Learn(file);
        }

        redaction.Close();
        return redaction;
    }

    private static string[] Lines(JsonNode node) => node.ToString().Split('\n');

    private static string Unpacked(string file)
    {
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }

    /// <summary>Every text of a host in the file: not the words of CIM and of the format around them.</summary>
    private static IEnumerable<(string Member, string Text)> Texts(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.Where(m => m.Key is not ("namespace" or "class" or "method" or "properties" or "types" or "format" or "capturedBy" or "door" or "origin" or "kind" or "sSubKeyName" or "sValueName" or "__CLASS" or "DriverVersionString" or "Version"))
            .SelectMany(m => Texts(m.Value, m.Key)),
        JsonArray items => items.SelectMany(i => Texts(i, name)),
        JsonValue value when value.TryGetValue(out string? text) => [(name, Schema().Replace(text, ""))],
        _ => [],
    };

    private static bool Contains(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfSomebody(string address) => !System.Net.IPAddress.TryParse(address, out var ip) || (ip.GetAddressBytes() is [not (0 or 127 or >= 224), ..] && !address.StartsWith("169.254.", StringComparison.Ordinal));

    /// <summary>Lists in an order that does not depend on names, and without what is another at each reading.</summary>
    private static JsonNode? Mapped(JsonNode? node, Func<string, string> map) => node switch
    {
        JsonObject members => new JsonObject(members.Where(m => !Times().IsMatch(m.Key)).Select(m => KeyValuePair.Create(m.Key, IsWord(m) ? m.Value?.DeepClone() : Mapped(m.Value, map)))),
        JsonArray items => new JsonArray([.. items.Select(i => Mapped(i, map)).OrderBy(i => i?.ToJsonString(), StringComparer.Ordinal)]),
        JsonValue value when value.TryGetValue(out string? text) => JsonValue.Create(Words.Contains(text) ? text : map(text)),
        _ => node?.DeepClone(),
    };

    /// <summary>Sentences and codes of the product, in which a name of the lab stands by chance.</summary>
    private static bool IsWord(KeyValuePair<string, JsonNode?> member) => member.Key.EndsWith("ersion", StringComparison.Ordinal) || member.Key is "heartbeatCode" or "channel" or "productModel"
        || (member.Key == "reason" && member.Value?.ToString().EndsWith("running VMs.", StringComparison.Ordinal) == true);

    private static string[] Findings(string report) =>
    [
        .. JsonNode.Parse(report)!["findings"]!.AsArray().GroupBy(f => $"{f!["ruleId"]} {f["severity"]}").Select(g => $"{g.Key}: {g.Count()}").Order(StringComparer.Ordinal),
        .. JsonNode.Parse(report)!["rules"]!.AsArray().Select(r => $"{r!["id"] ?? r["ruleId"]} {r["checked"]} {r["unknown"]}").Order(StringComparer.Ordinal),
    ];

    private static Task<string> RunAsync(int? code, params string[] arguments) => RunAsync(code, null, arguments);

    private static async Task<string> RunAsync(int? code, TextReader? input, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        int ended = await AgentCommands.RunAsync(arguments, TimeProvider.System, output, errors, input, Stop);
        Assert.True(code is null || code == ended, $"{ended}: {errors}");
        return output.ToString();
    }

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])(?!"",""DriverProvider)|(?<![0-9A-Z])0[0-3]15[0-9A-F]{8}(?![0-9A-Z])|fe80:[0-9a-f:]+|(?<![0-9A-F:])[0-9A-F]{2}([:-][0-9A-F]{2}){5}(?![0-9A-F:])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"""(\w*SerialNumber|IdentifyingNumber|ChassisAssetTag|UUID|UniqueId|PartialProductKey)"":\s*""(?<value>[^""]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Serials();

    [GeneratedRegex(@"root[/\\][\w/\\]*|\w+(_\w+)+|\(lab\)|<[^>]*>|Available Storage|File and Storage Services", RegexOptions.CultureInvariant)]
    private static partial Regex Schema();

    [GeneratedRegex(@"\A(readAt|at|tookMs|roundTrip|revision)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Times();
}
