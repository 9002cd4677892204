namespace HyperVDash.Fuzz.Targets;

/// <summary>Every reader that is fuzzed.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [new ReplyTarget(), new KeyValueTarget(), new DiskHeaderTarget(), new PathTarget(), new CaptureTarget()];

    public static FuzzTarget Get(string name) => All.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException($"There is no target '{name}'. Known: {string.Join(", ", All.Select(t => t.Name))}, all.", nameof(name));
}
