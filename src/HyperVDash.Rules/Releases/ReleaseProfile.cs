using System.Collections.Immutable;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Guests;

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

    /// <summary>Grows when a number of the profile changes.</summary>
    public int ProfileVersion { get; init; }

    /// <summary>Limits of one VM.</summary>
    public required VirtualMachineLimits VirtualMachine { get; init; }

    /// <summary>Totals of one host.</summary>
    public required HostLimits Host { get; init; }

    public required ClusterLimits Cluster { get; init; }

    public required ReleaseCapabilities Capabilities { get; init; }

    /// <summary>Legacy network adapters of a generation 1 VM.</summary>
    public int LegacyAdapters => VirtualMachine.LegacyAdapters;

    public ImmutableArray<VirtualDiskFormat> DiskFormats { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Hyper-V namespaces it answers in: 1, 2.</summary>
    public ImmutableArray<int> Namespaces { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>VM configuration versions that the release starts, oldest first; empty where VMs have none.</summary>
    public ImmutableArray<Version> VmVersions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What it gives new VMs; null where VMs have none.</summary>
    public Version? DefaultVmVersion { get; init; }

    /// <summary>The versions rest on one secondary source.</summary>
    public bool AreVmVersionsUnverified { get; init; }

    /// <summary>Last day with security updates for everybody; null: it never was supported.</summary>
    public DateOnly? EndOfSupport { get; init; }

    /// <summary>The day is an estimate.</summary>
    public bool IsEndOfSupportUnverified { get; init; }

    /// <summary>Last day of mainstream support.</summary>
    public DateOnly? EndOfMainstream { get; init; }

    /// <summary>Last day with updates for those who pay for them; null: none are sold.</summary>
    public DateOnly? EndOfPaidUpdates { get; init; }

    /// <summary>Differencing disks one on another, above which reading suffers.</summary>
    public int CheckpointDepth { get; init; }

    /// <summary>What somebody who runs this release should know; shown on the host's page.</summary>
    public ImmutableArray<string> Advisories { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Every guest system that some release lists, newest first.</summary>
    public ImmutableArray<GuestSupport> Guests { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Guests for which there are no drivers for synthetic devices.</summary>
    public ImmutableArray<GuestWithoutDriver> GuestsWithoutDriver { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Place in the order of releases, oldest first.</summary>
    public int Order { get; init; }

    /// <summary>The listed system a guest runs, by its numbers; null: none, or the guest did not tell enough.</summary>
    public GuestSupport? FindGuest(Guest guest)
    {
        foreach (var listed in Guests)
        {
            if (listed.Matches(guest))
            {
                return listed;
            }
        }

        return null;
    }
}

/// <summary>Which profile a host uses, and how its build was read.</summary>
/// <param name="Stage">What Hyper-V build it is; <see cref="ReleaseStage.Released"/> for everything ordinary.</param>
/// <param name="IsExact">False if no profile lists the build: the nearest older one, or the newest, stands in.</param>
public sealed record ReleaseMatch(ReleaseProfile Profile, ReleaseStage Stage, bool IsExact)
{
    /// <summary>Newer than every build of every profile: its limits are not known.</summary>
    public bool IsBeyondKnown { get; init; }

    /// <summary>The VM configuration versions of this very build, oldest first; empty: there are none, or they are not known.</summary>
    public ImmutableArray<Version> VmVersions { get; init => field = value.IsDefault ? [] : value; } = [];

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
