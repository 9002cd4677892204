using System.Collections.Immutable;

namespace HyperVDash.Rules.Releases;

/// <summary>What one VM may have on a release.</summary>
/// <param name="Processors">Virtual processors of a generation 2 VM, or of any where the release has one generation.</param>
/// <param name="NetworkAdapters">Synthetic ones.</param>
/// <param name="FibreChannelAdapters">0 where the release has none.</param>
public sealed record VirtualMachineLimits(
    int Processors, int ProcessorsGenerationOne, long MemoryGiB, long MemoryGiBGenerationOne, int NetworkAdapters, int LegacyAdapters, int FibreChannelAdapters, int Checkpoints)
{
    /// <summary>Limits that rest on one secondary source: what exceeds them is a warning, never an error.</summary>
    public ImmutableArray<string> Unverified { get; init => field = value.IsDefault ? [] : value; } = [];
}
