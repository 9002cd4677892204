namespace HyperVDash.Rules.Tuning;

/// <summary>Which rules a setting is for, so that their pages show it.</summary>
/// <param name="rules">Ids, e.g. <c>HVD404</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ThresholdOfAttribute(params string[] rules) : Attribute
{
    public IReadOnlyList<string> Rules => rules;
}
