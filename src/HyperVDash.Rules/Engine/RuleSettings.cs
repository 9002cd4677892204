using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Engine;

/// <summary>Thresholds and facts that an operator sets; section <c>Rules</c> of the settings.</summary>
public sealed record RuleSettings
{
    /// <summary>The display language a host must have.</summary>
    [ThresholdOf("HVD101")]
    public string RequiredLocale { get; init; } = "en-US";

    /// <summary>LCID of <see cref="RequiredLocale"/>.</summary>
    [Range(1, 65535)]
    [ThresholdOf("HVD101")]
    public int RequiredLanguage { get; init; } = 1033;

    /// <summary>Percent of the devices of a SCSI controller at which HVD404 warns.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD404")]
    public int ScsiWarnPercent { get; init; } = 90;

    /// <summary>Requests per second of a disk on IDE at which HVD405 warns.</summary>
    [Range(1, 1000000)]
    [ThresholdOf("HVD405")]
    public int IdeRequestsWarn { get; init; } = 1000;

    /// <summary>Folders with linked clones: their differencing disks are meant (HVD410).</summary>
    [ThresholdOf("HVD410")]
    public ImmutableArray<string> LinkedCloneRoots { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Percent of a volume in use from which on HVD411 warns of disks that may grow over it.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD411")]
    public int GrowthWarnPercent { get; init; } = 70;

    /// <summary>Percent of a volume in use at which HVD412 warns.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD412")]
    public int VolumeWarnPercent { get; init; } = 80;

    /// <summary>Percent of a volume in use at which HVD412 is critical.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD412")]
    public int VolumeCriticalPercent { get; init; } = 90;

    /// <summary>GiB free on a volume below which HVD412 warns.</summary>
    [Range(0, 1048576)]
    [ThresholdOf("HVD412")]
    public int VolumeWarnGiB { get; init; } = 20;

    /// <summary>GiB free on a volume below which HVD412 is critical.</summary>
    [Range(0, 1048576)]
    [ThresholdOf("HVD412")]
    public int VolumeCriticalGiB { get; init; } = 2;

    /// <summary>MiB free on a volume below which Hyper-V begins to pause VMs (HVD412).</summary>
    [Range(0, 1048576)]
    [ThresholdOf("HVD412")]
    public int VolumePauseMiB { get; init; } = 200;

    /// <summary>The same as <see cref="VolumeWarnGiB"/> for volumes above 10 TiB, of which percents say little.</summary>
    [Range(0, 1048576)]
    [ThresholdOf("HVD412")]
    public int BigVolumeWarnGiB { get; init; } = 500;

    /// <summary>The same as <see cref="VolumeCriticalGiB"/> for volumes above 10 TiB.</summary>
    [Range(0, 1048576)]
    [ThresholdOf("HVD412")]
    public int BigVolumeCriticalGiB { get; init; } = 200;

    /// <summary>How long a cluster node may be paused before HVD302 warns.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    [ThresholdOf("HVD302")]
    public TimeSpan NodePausedTime { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Intervals of the state lane without a reading after which a host is stale.</summary>
    [Range(1, 1000)]
    [ThresholdOf("HVD110")]
    public int MissedIntervals { get; init; } = 3;

    /// <summary>A host is never stale before this.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    [ThresholdOf("HVD110")]
    public TimeSpan MinimumStaleAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a guest may boot before it must show integration services.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    [ThresholdOf("HVD301", "HVD406", "HVD501", "HVD504", "HVD505", "HVD511", "HVD707")]
    public TimeSpan GuestBootTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a guest with a disc in its drive may be installing.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    [ThresholdOf("HVD501")]
    public TimeSpan GuestSetupTime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Monitoring extensions of switches whose difference does not count, by id.</summary>
    [ThresholdOf("HVD202")]
    public ImmutableArray<string> IgnoredExtensions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>VLANs that differ between the sites of a stretched cluster on purpose.</summary>
    [ThresholdOf("HVD211")]
    public ImmutableArray<int> SiteVlans { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lowest accepted version of the Linux components; null: not compared.</summary>
    [ThresholdOf("HVD504")]
    public Version? MinimumLinuxIntegration { get; init; }

    /// <summary>How long a host may wait for a restart before HVD106 warns.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00")]
    [ThresholdOf("HVD106")]
    public TimeSpan PendingRestartWarnTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a host may wait for a restart before HVD106 calls it an error.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    [ThresholdOf("HVD106")]
    public TimeSpan PendingRestartErrorTime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How far a host's clock may be off before HVD107 warns.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    [ThresholdOf("HVD107", "HVD507")]
    public TimeSpan ClockSkewWarn { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How far a host's clock may be off before HVD107 calls it an error; Kerberos tolerates five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    [ThresholdOf("HVD107")]
    public TimeSpan ClockSkewError { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Days before the end of a licence at which HVD108 warns.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD108")]
    public int LicenceWarnDays { get; init; } = 30;

    /// <summary>Days before the end of a licence at which HVD108 calls it an error.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD108")]
    public int LicenceErrorDays { get; init; } = 3;

    /// <summary>How long an event counts for HVD109; the agent reads the last 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    [ThresholdOf("HVD109", "HVD214")]
    public TimeSpan EventWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Errors of one kind per hour from which on HVD109 warns of those it does not know.</summary>
    [Range(1, 100000)]
    [ThresholdOf("HVD109")]
    public int EventsPerHourWarn { get; init; } = 20;

    /// <summary>Percent of a host's dynamic MAC addresses at which HVD210 warns.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD210")]
    public int MacRangeWarnPercent { get; init; } = 80;

    /// <summary>Percent of a host's dynamic MAC addresses at which HVD210 calls it an error.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD210")]
    public int MacRangeErrorPercent { get; init; } = 98;

    /// <summary>Days a VM may be saved before HVD508 informs.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD508")]
    public int SavedInfoDays { get; init; } = 1;

    /// <summary>Days a VM may be saved before HVD508 warns.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD508")]
    public int SavedWarnDays { get; init; } = 7;

    /// <summary>Days a domain controller may be saved before HVD508 calls it an error.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD508")]
    public int SavedControllerErrorDays { get; init; } = 1;

    /// <summary>Days that the domain keeps what was deleted; a domain controller that was away longer must not come back (HVD508).</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD508")]
    public int TombstoneDays { get; init; } = 180;

    /// <summary>How long a VM may be starting, stopping, saving or resuming before HVD510 warns.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    [ThresholdOf("HVD510")]
    public TimeSpan TransitionWarnTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a VM may be starting, stopping, saving or resuming before HVD510 calls it an error.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    [ThresholdOf("HVD510")]
    public TimeSpan TransitionErrorTime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>HVD513 also tells generation 1 VMs whose guest could be generation 2; off, because in a lab they are many and nothing is broken.</summary>
    [ThresholdOf("HVD513")]
    public bool ReportGenerationOne { get; init; }

    /// <summary>Days a checkpoint may be old before HVD601 warns.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD601")]
    public int CheckpointWarnDays { get; init; } = 7;

    /// <summary>Days a checkpoint may be old before HVD601 calls it an error.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD601")]
    public int CheckpointErrorDays { get; init; } = 30;

    /// <summary>The same for VMs tagged <c>lab</c>.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD601")]
    public int LabCheckpointWarnDays { get; init; } = 14;

    /// <summary>The same for VMs tagged <c>lab</c>.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD601")]
    public int LabCheckpointErrorDays { get; init; } = 60;

    /// <summary>Checkpoints of one VM at which HVD602 warns.</summary>
    [Range(1, 1000)]
    [ThresholdOf("HVD602")]
    public int CheckpointWarnCount { get; init; } = 10;

    /// <summary>How long a backup's checkpoint may stay before HVD605 warns.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    [ThresholdOf("HVD605")]
    public TimeSpan BackupCheckpointWarnTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a backup's checkpoint may stay before HVD605 calls it an error.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    [ThresholdOf("HVD605")]
    public TimeSpan BackupCheckpointErrorTime { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Parts of the day in UTC in which backups run and their checkpoints are expected.</summary>
    [ThresholdOf("HVD605")]
    public ImmutableArray<DailyWindow> BackupWindows { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How long a merge may stand still since it began before HVD603 warns.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    [ThresholdOf("HVD603")]
    public TimeSpan MergeWarnTime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long a merge may stand still since it began before HVD603 calls it an error.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    [ThresholdOf("HVD603")]
    public TimeSpan MergeErrorTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Days that a VM of 2008 or 2008 R2 may run with a merge that waits for its shutdown before HVD603 calls it an error.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD603")]
    public int MergeWhenOffErrorDays { get; init; } = 14;

    /// <summary>Percent of its parent's size that checkpoint files may reach before HVD608 warns.</summary>
    [Range(1, 1000)]
    [ThresholdOf("HVD608")]
    public int CheckpointGrowthPercent { get; init; } = 50;

    /// <summary>How far a replica may be behind before HVD002 warns; five times its frequency passes always.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    [ThresholdOf("HVD002")]
    public TimeSpan ReplicaLag { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Percent of missed cycles at which HVD002 warns.</summary>
    [Range(1, 100)]
    [ThresholdOf("HVD002")]
    public int ReplicaMissedPercent { get; init; } = 20;

    /// <summary>Days without a test failover before HVD003 informs, and warns of a replica that was never tested.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD003")]
    public int ReplicaTestInfoDays { get; init; } = 30;

    /// <summary>Days without a test failover before HVD003 warns.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD003")]
    public int ReplicaTestWarnDays { get; init; } = 90;

    /// <summary>Days before the end of a replica server's certificate at which HVD004 warns.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD004")]
    public int CertificateWarnDays { get; init; } = 30;

    /// <summary>Days without a backup before HVD005 warns.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD005")]
    public int BackupDays { get; init; } = 7;

    /// <summary>Days without a backup before HVD005 calls it an error, for VMs tagged <c>prod</c>.</summary>
    [Range(1, 3650)]
    [ThresholdOf("HVD005")]
    public int BackupErrorDays { get; init; } = 30;

    /// <summary>Memory in MiB that a host keeps for itself, e.g. for the cache of Storage Spaces Direct; null: 5 % of it, at least 2 GiB.</summary>
    [Range(256, 1048576)]
    [ThresholdOf("HVD701", "HVD702")]
    public int? HostReserveMiB { get; init; }

    /// <summary>Virtual processors for each logical one above which HVD703 informs.</summary>
    [Range(1, 1000)]
    [ThresholdOf("HVD703")]
    public int ProcessorRatioInfo { get; init; } = 4;

    /// <summary>Virtual processors for each logical one above which HVD703 warns.</summary>
    [Range(1, 1000)]
    [ThresholdOf("HVD703")]
    public int ProcessorRatioWarn { get; init; } = 8;

    /// <summary>How long dynamic memory may be short before HVD707 warns.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    [ThresholdOf("HVD707")]
    public TimeSpan MemoryShortTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a VM may keep a configuration version below its host's before HVD805 says so.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    [ThresholdOf("HVD805")]
    public TimeSpan VmVersionGraceTime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Days before the end of a release's support at which HVD807 informs.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD807")]
    public int SupportInfoDays { get; init; } = 365;

    /// <summary>Days before the end of a release's support at which HVD807 warns.</summary>
    [Range(0, 3650)]
    [ThresholdOf("HVD807")]
    public int SupportWarnDays { get; init; } = 180;

    /// <summary>Nodes that a print farm behind NLB has (HVD901).</summary>
    [Range(1, 32)]
    [ThresholdOf("HVD901")]
    public int NlbExpectedNodes { get; init; } = 2;

    /// <summary>How long a node may converge before HVD901 warns.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    [ThresholdOf("HVD901")]
    public TimeSpan NlbConvergingTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Print farms are meant to run in multicast mode, not in unicast (HVD903).</summary>
    [ThresholdOf("HVD903")]
    public bool NlbExpectsMulticast { get; init; }

    /// <summary>HVD905 warns where no port rule covers SMB.</summary>
    [ThresholdOf("HVD905")]
    public bool NlbSmbAdvisory { get; init; } = true;

    /// <summary>Clients are led from the old print servers by scripts or packages, so that the farm needs no aliases (HVD911).</summary>
    [ThresholdOf("HVD911")]
    public bool PrintAliasesByScript { get; init; }

    /// <summary>Tags by the id of a VM (GUID), host or switch, e.g. <c>os:linux</c>, <c>ic:none</c>, <c>host:production</c>.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Tags { get; init; } =
        ImmutableDictionary.Create<string, ImmutableArray<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rules that are off or differently severe, everywhere or for some objects, as in docs/tuning.md.</summary>
    public ImmutableArray<RuleTuning> Tuning { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Findings that somebody answers for until a day, as in docs/tuning.md.</summary>
    public ImmutableArray<AcceptedRisk> AcceptedRisks { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>File with rules of your own, YAML or JSON as in docs/own-rules.md; null: none.</summary>
    public string? OwnRules { get; init; }

    /// <summary>What is wrong although each value is in its range; each sentence names the key.</summary>
    public IReadOnlyList<string> Mistakes() =>
    [
        .. OwnRules is { Length: > 0 } path && !File.Exists(path) ? new[] { $"Rules:OwnRules names '{path}', and there is no such file (seen from {Environment.CurrentDirectory})." } : [],
        .. TuningMistakes.Of(this),
    ];

    public bool HasTag(string? id, string tag) =>
        id is not null && !Tags.IsEmpty && Tags.TryGetValue(id, out var tags) && tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>Tags of an object that start with a prefix, e.g. <c>os:</c>.</summary>
    public IEnumerable<string> TagsOf(string? id, string prefix) =>
        id is not null && Tags.TryGetValue(id, out var tags) ? tags.Where(t => t.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) : [];
}
