using System.Collections.Immutable;

namespace HyperVDash.Cim;

/// <summary>A method call. Only methods that read are ever called; the list is in the documentation.</summary>
/// <param name="Class">The class that has the method.</param>
public sealed record CimCall(string Namespace, string Class, string Method)
{
    /// <summary>The keys of the instance to call; empty calls the class itself, or its only instance.</summary>
    public ImmutableDictionary<string, string> Keys { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>In parameters in the order of the method's signature; a null is not sent.</summary>
    public ImmutableArray<CimArgument> Arguments { get; init => field = value.IsDefault ? [] : value; } = [];

    public TimeSpan? Timeout { get; init; }
}

/// <summary>One in parameter.</summary>
/// <param name="Value">
/// A <see cref="string"/>, <see cref="bool"/>, integer, <see cref="CimPath"/> (a reference), or an array of one of these; null is not sent.
/// </param>
public sealed record CimArgument(string Name, CimType Type, object? Value);

/// <summary>What a method call answered.</summary>
/// <param name="ReturnValue">0 is success; null if the host sent none.</param>
/// <param name="Out">The out parameters by name; embedded instances are rows, or the text the host sent.</param>
public sealed record CimReply(long? ReturnValue, CimRow Out);
