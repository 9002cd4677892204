using HyperVDash.Lab.Scenarios.Crowded;
using HyperVDash.Lab.Scenarios.Demo;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Estate;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.Scenarios.Healthy;
using HyperVDash.Lab.Scenarios.OddCases;
using HyperVDash.Lab.Scenarios.OldClusters;
using HyperVDash.Lab.Scenarios.PreRelease;
using HyperVDash.Lab.Scenarios.PrintFarm;

namespace HyperVDash.Lab.Scenarios;

/// <summary>The labs that can be served by name, and generated ones.</summary>
public static class LabScenarios
{
    public static IReadOnlyList<string> Names { get; } = ["demo", "healthy", "prerelease-2008", "print-farm", "old-clusters", "odd-cases", "print-odds", "crowded", "estate"];

    /// <param name="isFrozen">Nothing happens by itself, and every answer stays the same.</param>
    /// <exception cref="ArgumentException">No scenario of that name.</exception>
    public static LabScenario Build(string name, TimeProvider time, bool isFrozen = false) => name switch
    {
        "demo" => new LabScenario(name, DemoLab.Describe, time, isFrozen, DemoHappenings.Of),
        "healthy" => new LabScenario(name, HealthyLab.Describe, time, isFrozen),
        "prerelease-2008" => new LabScenario(name, PreReleaseLab.Describe, time, isFrozen),
        "print-farm" => new LabScenario(name, PrintFarmLab.Describe, time, isFrozen),
        "old-clusters" => new LabScenario(name, OldClustersLab.Describe, time, isFrozen),
        "odd-cases" => new LabScenario(name, OddCasesLab.Describe, time, isFrozen, OddCasesLab.Happenings),
        "print-odds" => new LabScenario(name, PrintOddsLab.Describe, time, isFrozen, PrintOddsLab.Happenings),
        "crowded" => new LabScenario(name, CrowdedLab.Describe, time, isFrozen),
        "estate" => Estate(EstateLab.SiteSize, time, isFrozen),
        // Without the parameter's name, which would stand behind the sentence and tells its reader nothing.
        _ => throw new ArgumentException($"There is no lab '{name}'. There are {string.Join(", ", Names)}."),
    };

    /// <summary>A lab whose hosts all write what Windows translates in one language, whatever else is set on them.</summary>
    /// <exception cref="ArgumentException">No scenario of that name.</exception>
    public static LabScenario Build(string name, LabWords words, TimeProvider time, bool isFrozen = false) => Build(name, time, isFrozen).In(words);

    /// <summary>The words of a language.</summary>
    /// <param name="tag">E.g. <c>de</c>.</param>
    /// <exception cref="ArgumentException">The labs cannot write in that language.</exception>
    public static LabWords Words(string tag) => LabWords.ByLanguage.GetValueOrDefault(tag)
        ?? throw new ArgumentException($"No lab writes in the language '{tag}'. There are {string.Join(", ", LabWords.ByLanguage.Keys)}.");

    /// <summary>Sites of an enterprise, until there are so many hosts.</summary>
    public static LabScenario Estate(int hosts, TimeProvider time, bool isFrozen = false) =>
        new("estate", start => EstateLab.Describe(start, hosts), time, isFrozen);

    /// <summary>The same, every host in one language.</summary>
    public static LabScenario Estate(int hosts, LabWords words, TimeProvider time, bool isFrozen = false) => Estate(hosts, time, isFrozen).In(words);

    /// <summary>A lab of any size, the same each time for the same options.</summary>
    public static LabScenario Generate(GeneratorOptions options, TimeProvider time, bool isFrozen = false) =>
        new("generated", start => LabGenerator.Describe(options, start), time, isFrozen);

    /// <summary>A lab that the caller describes.</summary>
    /// <param name="describe">Given the instant from which the lab's times count.</param>
    public static LabScenario Describe(Func<DateTimeOffset, LabDescription> describe, TimeProvider time, bool isFrozen = false) => new("described", describe, time, isFrozen);
}
