using System.Collections.Immutable;

namespace HyperVDash.Agent.Collect.Print;

/// <summary>A driver as it is installed, all its environments together.</summary>
internal sealed record PrintDriver(string? Version, string? FileVersion, ImmutableArray<string> Environments);
