using System.Collections.Immutable;
using System.Collections.Frozen;

namespace HyperVDash.Lab.Schema;

/// <summary>What one release knows of one class.</summary>
/// <param name="Keys">Key properties, for references.</param>
public sealed record LabClass(string Name, string? Base, ImmutableArray<string> Keys)
{
    private readonly FrozenDictionary<string, LabProperty> _byName = FrozenDictionary<string, LabProperty>.Empty;

    /// <summary>All properties, in the alphabetical order in which WinRM sends them.</summary>
    public ImmutableArray<LabProperty> Properties
    {
        get;
        init
        {
            field = [.. value.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)];
            _byName = value.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        }
    } = [];

    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>False for a class that only methods answer with.</summary>
    public bool IsQueryable { get; init; } = true;

    /// <summary>The feature that brings it, e.g. <c>cluster</c>; null: every host of the release has it.</summary>
    public string? Feature { get; init; }

    public LabProperty? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <param name="Type">The type letters of the schema files: s b dt u8…u64 i8…i64 ref obj.</param>
public sealed record LabProperty(string Name, string Type, bool IsArray);
