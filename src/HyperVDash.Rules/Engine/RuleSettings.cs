using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace HyperVDash.Rules.Engine;

/// <summary>Thresholds and facts that an operator sets; section <c>Rules</c> of the settings.</summary>
public sealed record RuleSettings
{
    /// <summary>The display language a host must have.</summary>
    public string RequiredLocale { get; init; } = "en-US";

    /// <summary>LCID of <see cref="RequiredLocale"/>.</summary>
    [Range(1, 65535)]
    public int RequiredLanguage { get; init; } = 1033;

    /// <summary>Percent of the devices of a SCSI controller at which HVD404 warns.</summary>
    [Range(1, 100)]
    public int ScsiWarnPercent { get; init; } = 90;

    /// <summary>Requests per second of a disk on IDE at which HVD405 warns.</summary>
    [Range(1, 1000000)]
    public int IdeRequestsWarn { get; init; } = 1000;

    /// <summary>Intervals of the state lane without a reading after which a host is stale.</summary>
    [Range(1, 1000)]
    public int MissedIntervals { get; init; } = 3;

    /// <summary>A host is never stale before this.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan MinimumStaleAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a guest may boot before it must show integration services.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan GuestBootTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a guest with a disc in its drive may be installing.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan GuestSetupTime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Monitoring extensions of switches whose difference does not count, by id.</summary>
    public ImmutableArray<string> IgnoredExtensions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lowest accepted version of the Linux components; null: not compared.</summary>
    public Version? MinimumLinuxIntegration { get; init; }

    /// <summary>Tags by the id of a VM (GUID), host or switch, e.g. <c>os:linux</c>, <c>ic:none</c>, <c>host:production</c>.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Tags { get; init; } =
        ImmutableDictionary.Create<string, ImmutableArray<string>>(StringComparer.OrdinalIgnoreCase);

    public bool HasTag(string? id, string tag) =>
        id is not null && !Tags.IsEmpty && Tags.TryGetValue(id, out var tags) && tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>Tags of an object that start with a prefix, e.g. <c>os:</c>.</summary>
    public IEnumerable<string> TagsOf(string? id, string prefix) =>
        id is not null && Tags.TryGetValue(id, out var tags) ? tags.Where(t => t.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) : [];
}
