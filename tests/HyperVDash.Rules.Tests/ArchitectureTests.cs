using System.Text.RegularExpressions;

namespace HyperVDash.Rules.Tests;

/// <summary>Rules are written against Model. Where a fact comes from is said in evidence, and nowhere decided by.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void Rules_name_classes_of_CIM_only_as_the_source_of_evidence() =>
        Assert.Empty(Lines("*.cs").Where(l => ClassName().IsMatch(l.Text) && !IsEvidence(l.Text)).Select(l => l.Place));

    [Fact]
    public void Rules_know_no_raw_properties_or_state_numbers() =>
        Assert.Empty(Lines("*.cs").Where(l => RawFact().IsMatch(WithoutTexts(l.Text))).Select(l => l.Place));

    [Fact]
    public void Rules_read_a_host_only_through_what_notes_the_section() =>
        Assert.Empty(Lines("*.cs").Where(l => !l.Place.StartsWith("Engine", StringComparison.Ordinal) && !l.Place.StartsWith("Examples", StringComparison.Ordinal) && WithoutTexts(l.Text).Contains(".Whole", StringComparison.Ordinal)).Select(l => l.Place));

    [Fact]
    public void Rules_have_no_clock_of_their_own() =>
        Assert.Empty(Lines("*.cs").Where(l => WithoutTexts(l.Text) is var code && (code.Contains("UtcNow", StringComparison.Ordinal) || code.Contains("TimeProvider", StringComparison.Ordinal))).Select(l => l.Place));

    [Theory]
    [InlineData("if (row.ResourceType == 5)", true), InlineData("vm.StateCode == 2", true), InlineData("state is 32768 or 9", true)]
    [InlineData("vm.State == VirtualMachineState.Running", false), InlineData("Fact(host, \"devices\", \"Type\", \"ResourceType 5\")", false)]
    public void The_check_for_raw_facts_sees_what_it_should(string line, bool isRaw) => Assert.Equal(isRaw, RawFact().IsMatch(WithoutTexts(line)));

    private static IEnumerable<(string Place, string Text)> Lines(string pattern)
    {
        string root = Path.Combine(Repository.Root, "src", "HyperVDash.Rules");
        return Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).Select((text, line) => ($"{Path.GetRelativePath(root, f)}:{line + 1}", text)));
    }

    private static bool IsEvidence(string line) => line.Contains("Fact(", StringComparison.Ordinal) || line.TrimStart().StartsWith("///", StringComparison.Ordinal);

    private static string WithoutTexts(string line) => Text().Replace(line, "\"\"");

    [GeneratedRegex(@"\b(Msvm|Win32|MSFT|MSCluster|CIM|MSNdis)_")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\b(ResourceType|ResourceSubType|EnabledState|StateCode|StatusCode|HealthState|OperationalStatus|HeartbeatCode ==|327[67]\d|32780)\b")]
    private static partial Regex RawFact();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();
}
