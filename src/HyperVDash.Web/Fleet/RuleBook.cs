using System.Collections.Frozen;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;
using HyperVDash.Rules.Tuning;
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
    public RuleSettings Settings
    {
        get;
        private set
        {
            field = value;
            Off = value.Tuning.GroupBy(t => t.Rule, StringComparer.OrdinalIgnoreCase)
                .Where(r => RuleTuning.OffEverywhere(r) is not null).Select(r => Rules.Find(r.Key)?.Card.Id).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        }
    } = new();

    /// <summary>Ids of the rules that the settings switch off everywhere: those that the list of rules marks as off.</summary>
    public FrozenSet<string> Off { get; private set; } = FrozenSet<string>.Empty;

    /// <summary>The catalogue with the user's own rules.</summary>
    public RuleSet Rules { get; private set; } = RuleSet.Catalogue;

    /// <summary>Why what was saved is not applied, as sentences; null: it is, or nothing was saved.</summary>
    public string? Damage { get; set; }

    /// <summary>Why the last attempt to save something failed, as sentences; null: it did not.</summary>
    public string? Unsaved { get; set; }
}
