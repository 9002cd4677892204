using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;
using HyperVDash.Web.Tuning;

namespace HyperVDash.Web.Fleet;

/// <summary>The rules, and the settings by which they judge now.</summary>
public sealed class RuleBook
{
    /// <summary>What the settings file says, with what the demo lab adds. Set before the first reading.</summary>
    public RuleSettings FromFile
    {
        get;
        set
        {
            if (value.OwnRules != field.OwnRules)
            {
                Rules = RuleSet.Of(value);
            }

            field = value;
            Settings = Saved.Over(value);
        }
    } = new();

    /// <summary>What was saved from the pages.</summary>
    public SavedTuning Saved
    {
        get;
        set
        {
            field = value;
            Settings = value.Over(FromFile);
        }
    } = SavedTuning.None;

    /// <summary>What holds: another object only if something changed.</summary>
    public RuleSettings Settings { get; private set; } = new();

    /// <summary>The catalogue with the user's own rules.</summary>
    public RuleSet Rules { get; private set; } = RuleSet.Catalogue;

    /// <summary>Why what was saved is not applied, as sentences; null: it is, or nothing was saved.</summary>
    public string? Damage { get; set; }

    /// <summary>Why the last attempt to save something failed, as sentences; null: it did not.</summary>
    public string? Unsaved { get; set; }
}
