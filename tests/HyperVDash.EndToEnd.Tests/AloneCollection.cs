namespace HyperVDash.EndToEnd.Tests;

/// <summary>Tests that promise something within seconds; they run one after another, when no other test takes the processor from them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
