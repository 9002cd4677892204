namespace HyperVDash.Rules.Engine;

/// <summary>Settings and clock of one examination. The clock answers only <see cref="Reached"/>, so no rule can forget to be asked again.</summary>
public sealed class RuleContext(DateTimeOffset now, RuleSettings settings)
{
    public RuleSettings Settings { get; } = settings;

    /// <summary>The first instant at which an answer can change without a new reading; null if time alone changes nothing.</summary>
    public DateTimeOffset? NextInstant { get; private set; }

    public bool Reached(DateTimeOffset instant)
    {
        if (now >= instant)
        {
            return true;
        }

        NextInstant = NextInstant < instant ? NextInstant : instant;
        return false;
    }
}
