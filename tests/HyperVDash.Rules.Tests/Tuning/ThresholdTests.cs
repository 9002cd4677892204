using System.Reflection;
using System.Text.RegularExpressions;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Tests.Tuning;

public sealed partial class ThresholdTests
{
    [Fact]
    public void A_rule_shows_its_thresholds_with_default_and_value()
    {
        var thresholds = Threshold.Of("HVD605", new() { BackupCheckpointWarnTime = TimeSpan.FromHours(3), BackupWindows = [new() { From = TimeSpan.FromHours(22), To = TimeSpan.FromHours(6) }] });

        Assert.Equal(
            [new("BackupCheckpointWarnTime", "1.00:00:00", "03:00:00"), new("BackupCheckpointErrorTime", "3.00:00:00", "3.00:00:00"), new Threshold("BackupWindows", "none", "22:00 to 06:00")],
            thresholds);
        Assert.Equal([true, false, true], thresholds.Select(t => t.IsSet));
        Assert.Equal("not set", Assert.Single(Threshold.Of("HVD701", new())).Value);
    }

    [Fact]
    public void What_a_rule_reads_of_the_settings_stands_on_its_page()
    {
        List<string> missing = [];
        int found = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "HyperVDash.Rules"), "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            if (Card().Match(text) is { Success: true } card)
            {
                var shown = Threshold.Of(card.Groups[1].Value, new()).Select(t => t.Key).ToHashSet();
                var read = Read().Matches(text).Select(m => m.Groups[1].Value).Where(name => typeof(RuleSettings).GetProperty(name) is not null && name != nameof(RuleSettings.Tags)).Distinct().ToList();
                found += read.Count;
                missing.AddRange(read.Where(name => !shown.Contains(name)).Select(name => $"{card.Groups[1].Value} {name}"));
            }
        }

        Assert.True(found > 50);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_rule_that_a_setting_names_exists() =>
        Assert.All(typeof(RuleSettings).GetProperties().SelectMany(p => p.GetCustomAttribute<ThresholdOfAttribute>()?.Rules ?? []), id => Assert.NotNull(RuleCatalogue.Find(id)));

    [GeneratedRegex("""RuleCard Card \{ get; \} = new\("(HVD\d+)""")]
    private static partial Regex Card();

    [GeneratedRegex(@"context\.Settings\.(\w+)")]
    private static partial Regex Read();
}
