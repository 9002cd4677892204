namespace HyperVDash.Web.Tuning;

/// <summary>What became of a change that somebody wanted to save.</summary>
public enum TuningOutcome
{
    /// <summary>It is in the file and holds.</summary>
    Saved,

    /// <summary>Somebody changed the rule since its author looked.</summary>
    Outdated,

    /// <summary>It holds a mistake, or changes nothing; the page that shows it says which.</summary>
    Refused,

    /// <summary>Nobody says who sets it.</summary>
    Nameless,

    /// <summary>The file cannot be written; <see cref="Fleet.RuleBook.Unsaved"/> says why.</summary>
    Failed,

    /// <summary>The file cannot be used; <see cref="Fleet.RuleBook.Damage"/> says why.</summary>
    Damaged,
}
