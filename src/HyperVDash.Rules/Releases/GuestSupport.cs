using System.Collections.Immutable;
using HyperVDash.Model.Guests;

namespace HyperVDash.Rules.Releases;

/// <summary>A guest system that some releases list, recognised by the numbers it tells.</summary>
/// <param name="IsWorkstation">Null: both editions.</param>
/// <param name="FirstHost">Key of the first release that lists it.</param>
public sealed record GuestSupport(string Name, int Major, int Minor, bool? IsWorkstation, string FirstHost)
{
    /// <summary>Key of the last release that lists it; null: still listed.</summary>
    public string? LastHost { get; init; }

    /// <summary>Key of the first release on which it works at all; null: not known to fail anywhere.</summary>
    public string? FailsBefore { get; init; }

    public int? FromBuild { get; init; }

    public int? ToBuild { get; init; }

    /// <summary>The service pack that is listed; one below it is not.</summary>
    public int? ServicePack { get; init; }

    /// <summary>The only generation that is listed; null: any.</summary>
    public int? Generation { get; init; }

    /// <summary>Virtual processors it takes; null: as many as the host gives.</summary>
    public int? Processors { get; init; }

    public GuestComponents Components { get; init; }

    public bool HasLegacyAdapterDriver { get; init; } = true;

    /// <summary>Minimum memory with dynamic memory, below which it may not run; null: not known.</summary>
    public int? MinimumMemoryMiB { get; init; }

    /// <summary>The same of startup and maximum memory.</summary>
    public int? StartupMemoryMiB { get; init; }

    /// <summary>What rests on weak ground: <c>hosts</c>, <c>processors</c>.</summary>
    public ImmutableArray<string> Unverified { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>By version and edition, whatever its service pack; a number the guest did not tell matches nothing.</summary>
    public bool Matches(Guest guest) =>
        guest.Family == GuestFamily.Windows && guest.OsMajor == Major && guest.OsMinor == Minor
        && (IsWorkstation is null || (guest.ProductType is { } type && type == 1 == IsWorkstation))
        && (FromBuild is null || guest.OsBuild >= FromBuild) && (ToBuild is null || guest.OsBuild <= ToBuild);

    public bool IsListedOn(ReleaseProfile host) =>
        host.Order >= ReleaseProfiles.Get(FirstHost).Order && (LastHost is null || host.Order <= ReleaseProfiles.Get(LastHost).Order);
}

/// <summary>Where a guest's integration services come from.</summary>
public enum GuestComponents { BuiltIn, Install }
