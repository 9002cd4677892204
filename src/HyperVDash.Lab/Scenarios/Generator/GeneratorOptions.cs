using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>What to generate.</summary>
/// <param name="VmsPerHost">Virtual machines of each host.</param>
public sealed record GeneratorOptions(int Hosts, int VmsPerHost, int Seed)
{
    /// <summary>Key of the release of all hosts, e.g. <c>2022</c>, <c>2012R2</c> or <c>2008R2</c>.</summary>
    public string Release { get; init; } = "2022";

    /// <summary>A lab that is looked after: of a hundred VMs one is odd. Else VMs have every oddity there is.</summary>
    public bool IsTidy { get; init; }

    /// <summary>The language in which Windows writes what it translates.</summary>
    public LabLocale Locale { get; init; } = LabLocale.EnglishUs;
}
