using System.Collections.Concurrent;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>A generated host of each release, as it was described and as it was read; read once, because the tests only look.</summary>
internal static class GeneratedReading
{
    private static readonly ConcurrentDictionary<(string Release, LabLocale Locale), Lazy<Task<(HostDescription Described, HostReading Reading)>>> Read = new();

    public static Task<(HostDescription Described, HostReading Reading)> OfAsync(string release, LabLocale? locale = null) => Read.GetOrAdd((release, locale ?? LabLocale.EnglishUs), r => new(async () =>
    {
        var lab = LabScenarios.Generate(new GeneratorOptions(1, 60, 11) { Release = r.Release, Locale = r.Locale }, TimeProvider.System, isFrozen: true);
        return (lab.Description.Hosts[0], Assert.Single(await ScenarioReader.ReadAsync(lab, CancellationToken.None)));
    })).Value;
}
