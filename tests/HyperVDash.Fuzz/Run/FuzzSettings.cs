namespace HyperVDash.Fuzz.Run;

/// <summary>How long to go on, and from where.</summary>
/// <param name="Count">Inputs that a target is given.</param>
/// <param name="Seed">The same seed gives the same inputs as long as the same code is covered.</param>
internal sealed record FuzzSettings(long Count, int Seed)
{
    /// <summary>An input that takes longer twice, of the processor's time too, is a find.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where inputs that did harm are written; null keeps them in the report.</summary>
    public string? Folder { get; init; }

    /// <summary>Different finds after which a run ends.</summary>
    public int MaxFinds { get; init; } = 20;
}
