namespace HyperVDash.Lab.Hosts;

/// <summary>A method call as it came.</summary>
/// <param name="Arguments">In parameters; each a list, because a single value and an array of one look the same on the wire.</param>
public sealed record LabCall(string Method, IReadOnlyDictionary<string, IReadOnlyList<object>> Arguments)
{
    /// <summary>The namespace it was called in: two generations of Hyper-V have methods of one name.</summary>
    public string Namespace { get; init; } = "";

    public string? Text(string name) => Arguments.GetValueOrDefault(name) is [string text, ..] ? text : null;

    public IReadOnlyList<object> All(string name) => Arguments.GetValueOrDefault(name) ?? [];
}

/// <param name="Out">Out parameters; an array's elements are sent one by one.</param>
public sealed record LabAnswer(long ReturnValue, params IReadOnlyList<(string Name, object? Value)> Out);
