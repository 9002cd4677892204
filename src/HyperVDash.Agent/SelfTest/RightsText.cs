namespace HyperVDash.Agent.SelfTest;

/// <summary>The table of rights as the command prints it.</summary>
internal static class RightsText
{
    public static IEnumerable<string> Lines(IReadOnlyCollection<RightLine> rights)
    {
        if (rights.Count == 0)
        {
            yield break;
        }

        yield return "  What the account may ask here, as in docs/rights.md:";
        int width = rights.Max(r => r.Namespace.Length);
        foreach (var right in rights)
        {
            yield return $"  {Word(right.State),-9}  {right.Namespace.PadRight(width)}  {right.Asks}{(right.Reason is { } reason ? $": {reason}" : "")}";
            if (right.State is RightState.Denied or RightState.Unproven)
            {
                yield return $"             It needs Enable Account and Remote Enable on the namespace (wmimgmt.msc){(right.IsForAll ? "" : $", and {right.Needs}")}.";
                if (right.GivenBy is { } tool)
                {
                    yield return $"             Given by: {tool}";
                }
            }
        }
    }

    private static string Word(RightState state) => state switch
    {
        RightState.Allowed => "allowed",
        RightState.Denied => "DENIED",
        RightState.Absent => "not there",
        RightState.Unproven => "unclear",
        RightState.Failed => "NO ANSWER",
        _ => "not asked",
    };
}
