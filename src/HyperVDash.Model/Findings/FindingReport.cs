using System.Collections.Immutable;

namespace HyperVDash.Model.Findings;

/// <summary>The answer of <c>GET /v1/hosts/{host}/findings</c> and of <c>agent check</c>.</summary>
public sealed record FindingReport(DateTimeOffset At)
{
    public ImmutableArray<Finding> Findings { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<RuleTally> Rules { get; init => field = value.IsDefault ? [] : value; } = [];
}
