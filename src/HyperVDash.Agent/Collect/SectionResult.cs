using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>What one try to read a section gave.</summary>
/// <param name="Missing">With <see cref="SectionState.Partial"/>: what the content lacks, each with its reason.</param>
internal sealed record SectionResult<T>(SectionState State, T? Content, string? Reason = null, ImmutableArray<string> Missing = default)
    where T : class
{
    public static SectionResult<T> Without(SectionState state, string reason) => new(state, null, reason);

    /// <summary>A table the section cannot do without was not read.</summary>
    public static SectionResult<T> Failed(CimException error) => Without(Outcome.StateOf(error), error.Message);

    /// <summary>Complete, or partial if some of the lesser tables were not read.</summary>
    public static SectionResult<T> Read(T content, IEnumerable<string?> gaps)
    {
        ImmutableArray<string> missing = [.. gaps.OfType<string>()];
        return missing.IsEmpty
            ? new(SectionState.Complete, content)
            : new(SectionState.Partial, content, missing[0], missing);
    }
}

/// <summary>How errors become section states.</summary>
internal static class Outcome
{
    public static SectionState StateOf(CimException error) => error.Kind switch
    {
        CimErrorKind.NoSuchNamespace => SectionState.Absent,
        CimErrorKind.NoSuchClassOrProperty => SectionState.Unsupported,
        CimErrorKind.AccessDenied => SectionState.Denied,
        _ => SectionState.Failed,
    };

    /// <summary>Names a lesser table that could not be read; null if it was, or if the release has no such class.</summary>
    public static string? Gap(string what, Table table) =>
        table.IsRead || table.IsAbsent ? null : $"{what}: {table.Error!.Message}";
}
