namespace HyperVDash.Model.Fleet;

/// <summary>A section under the name that JSON, URLs and sentences give it.</summary>
public readonly record struct NamedSection(string Name, Lane Lane, Section Section);
