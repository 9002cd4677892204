using System.Collections.Immutable;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>A question that the plan asks: one class, once a cycle, joined in memory with others.</summary>
/// <param name="Columns">What is read of it; empty reads all. A release that lacks one is asked for all of them, and that is remembered.</param>
internal sealed record TableQuery(string Namespace, string Class, params ImmutableArray<string> Columns)
{
    public string? Where { get; init; }

    /// <summary>A column without which a row says nothing; rows without it mean that the answer cannot be used.</summary>
    public string? Identity { get; init; }

    /// <summary>A column by which the row is joined to another; a row without it would be lost like one without its identity.</summary>
    public string? Owner { get; init; }

    /// <summary>True if every host has at least one instance, so that an empty answer means missing rights.</summary>
    public bool IsNeverEmpty { get; init; }

    /// <summary>True if a column costs the host so much that the class is never asked for all of them, not even where one of ours is missing.</summary>
    public bool IsNeverWhole { get; init; }

    /// <summary>Stands for the WHERE in the key where its text differs from read to read, so that not each text is remembered.</summary>
    public string? Name { get; init; }

    /// <summary>The same class with another WHERE is another table.</summary>
    public string Key => $"{Namespace}:{Class}:{Name ?? Where}";
}
