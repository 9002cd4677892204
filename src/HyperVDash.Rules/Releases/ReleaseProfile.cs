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

    /// <summary>Place in the order of releases, oldest first.</summary>
    public int Order { get; init; }
}

/// <summary>Which profile a host uses, and how its build was read.</summary>
/// <param name="Stage">What Hyper-V build it is; <see cref="ReleaseStage.Released"/> for everything ordinary.</param>
/// <param name="IsExact">False if no profile lists the build: the nearest older one, or the newest, stands in.</param>
public sealed record ReleaseMatch(ReleaseProfile Profile, ReleaseStage Stage, bool IsExact)
{
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
