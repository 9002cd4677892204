namespace HyperVDash.Cim.Wql;

/// <summary>A query that is not of the subset we speak; the message names the place.</summary>
public sealed class WqlException(string message, int position) : FormatException($"{message} (at character {position + 1})")
{
    /// <summary>Index of the character in the query text.</summary>
    public int Position { get; } = position;
}
