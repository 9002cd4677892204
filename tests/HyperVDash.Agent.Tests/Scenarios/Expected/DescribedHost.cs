using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>A host as it was described, its lab, and the instant at which it is read. What is expected of a reading is worked out of this alone, and of what the documents say of each release.</summary>
internal sealed record DescribedHost(HostDescription Host, LabDescription Lab, DateTimeOffset Now)
{
    private static readonly string[] Releases = ["pre2008", "2008R2", "2012", "2012R2", "2016", "2019", "2022", "2025"];

    /// <summary>Only the older Hyper-V namespace.</summary>
    public bool IsOld => !Since("2012");

    public LabWords Words => Host.Locale.Words;

    /// <summary>The host's release is this one or a later one.</summary>
    public bool Since(string release) => Array.IndexOf(Releases, Host.Release) >= Array.IndexOf(Releases, release);
}
