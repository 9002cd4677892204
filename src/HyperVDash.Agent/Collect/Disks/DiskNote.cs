using HyperVDash.Model.Disks;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>What is remembered of one image file from read to read, and over a restart of the agent.</summary>
internal sealed record DiskNote
{
    private static readonly TimeSpan LeastWatched = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostWatched = TimeSpan.FromDays(1);

    public DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When its turn came last; null: never.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>The host's list of files has it; null: the file cannot be listed by name.</summary>
    public bool? IsListed { get; init; }

    public long? ListedSize { get; init; }

    public DateTimeOffset? ModifiedAt { get; init; }

    public bool? IsWriteable { get; init; }

    public bool? IsCompressed { get; init; }

    public bool? IsEncrypted { get; init; }

    /// <summary>When the header was asked for last, with or without success.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>When the header was read last.</summary>
    public DateTimeOffset? HeaderAt { get; init; }

    /// <summary>The file's size and last write at that time.</summary>
    public long? SizeThen { get; init; }

    public DateTimeOffset? ModifiedThen { get; init; }

    public VirtualDiskFormat Format { get; init; }

    public VirtualDiskType Type { get; init; }

    public long? MaximumSize { get; init; }

    /// <summary>As the image service tells it, for files that cannot be listed.</summary>
    public long? ToldSize { get; init; }

    public string? ParentPath { get; init; }

    public int? LogicalSectorSize { get; init; }

    public int? PhysicalSectorSize { get; init; }

    public long? BlockSize { get; init; }

    public Guid? DiskId { get; init; }

    public bool? IsInUse { get; init; }

    public long? ErrorCode { get; init; }

    public string? Error { get; init; }

    public long? ValidationCode { get; init; }

    /// <summary>The size from which growth is counted, and when it was that.</summary>
    public long? GrowthFrom { get; init; }

    public DateTimeOffset? GrowthFromAt { get; init; }

    /// <summary>Bytes a day; null: it did not grow, or was not watched for long enough.</summary>
    public long? GrowthPerDay { get; init; }

    /// <summary>The note with its growth counted up to now.</summary>
    public DiskNote Grown(DateTimeOffset now)
    {
        if ((ListedSize ?? ToldSize) is not { } size)
        {
            return this;
        }

        // A file that became smaller was merged or made anew.
        if (GrowthFrom is not { } from || GrowthFromAt is not { } at || size < from)
        {
            return this with { GrowthFrom = size, GrowthFromAt = now, GrowthPerDay = null };
        }

        if (now - at < LeastWatched)
        {
            return this;
        }

        // In whole MiB: a rate that differs by bytes would change the reading for nothing.
        long rate = (long)((size - from) / (now - at).TotalDays) >> 20 << 20;
        var counted = this with { GrowthPerDay = rate > 0 ? rate : null };
        return now - at < MostWatched ? counted : counted with { GrowthFrom = size, GrowthFromAt = now };
    }

    /// <summary>The file is as it was when its header was read.</summary>
    public bool IsAsThen => ListedSize is not null && ModifiedAt is not null && ListedSize == SizeThen && ModifiedAt == ModifiedThen;

    /// <summary>False: the host says it is not there. Null: nobody could say.</summary>
    public bool? Exists => IsListed == true || (HeaderAt is not null && Error is null) ? true : IsListed == false || DiskErrors.IsNotFound(ErrorCode) ? false : null;
}
