using System.Collections.Immutable;

namespace HyperVDash.Rules.Releases;

/// <summary>The limits and facts of one Windows release; a rule never contains a release's number.</summary>
/// <param name="Key">E.g. <c>2012R2</c>.</param>
/// <param name="Builds">Builds that were released under this name.</param>
/// <param name="ScsiDevices">Devices a SCSI controller takes.</param>
/// <param name="PowerShell">The Hyper-V module exists; before, only the console.</param>
/// <param name="IsHyperVOne">2008 and 2008 R2: the first generation of Hyper-V.</param>
public sealed record ReleaseProfile(
    string Key, string Name, ImmutableArray<int> Builds, int ScsiControllers, int ScsiDevices, int IdeControllers, int IdeDevices,
    bool GenerationTwo, bool PowerShell, bool IsHyperVOne)
{
    public bool IsPreRelease => Key == "pre2008";

    /// <summary>Legacy network adapters of a generation 1 VM.</summary>
    public int LegacyAdapters { get; init; } = 4;

    /// <summary>VM configuration versions that the release starts; null where VMs have none.</summary>
    public string? OldestVmVersion { get; init; }

    /// <inheritdoc cref="OldestVmVersion"/>
    public string? NewestVmVersion { get; init; }

    /// <summary>Guests for which there are no drivers for synthetic devices.</summary>
    public ImmutableArray<GuestWithoutDriver> GuestsWithoutDriver { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Place in the order of releases, oldest first.</summary>
    public int Order { get; init; }
}

/// <summary>Which profile a host uses, and how its build was read.</summary>
/// <param name="Stage">What Hyper-V build it is; <see cref="ReleaseStage.Released"/> for everything ordinary.</param>
/// <param name="IsExact">False if no profile lists the build: the nearest older one, or the newest, stands in.</param>
public sealed record ReleaseMatch(ReleaseProfile Profile, ReleaseStage Stage, bool IsExact)
{
    /// <summary>Newer than every build of every profile: its limits are not known.</summary>
    public bool IsBeyondKnown { get; init; }

    /// <summary>The server release itself, not a build between two that borrows its profile: then the VM versions hold too.</summary>
    public bool IsServerRelease { get; init; }

    public bool IsPreRelease => Stage is not (ReleaseStage.Released or ReleaseStage.Unknown);

    /// <summary>At or after a release of the catalogue.</summary>
    public bool IsFrom(string key) => Profile.Order >= ReleaseProfiles.Get(key).Order;
}

/// <summary>The stages of Hyper-V that behave differently.</summary>
public enum ReleaseStage
{
    /// <summary>The facts that tell stages apart were not read.</summary>
    Unknown,

    /// <summary>Preview code in a release candidate of Windows Server 2008.</summary>
    Ctp,

    /// <summary>The beta in Windows Server 2008.</summary>
    Beta,

    /// <summary>Hyper-V release candidate 0 (KB949219).</summary>
    HyperVRc0,

    /// <summary>Hyper-V release candidate 1 (KB950049).</summary>
    HyperVRc1,

    /// <summary>A preview build of a later Windows.</summary>
    Preview,

    Released,
}
