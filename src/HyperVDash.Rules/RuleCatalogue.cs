using System.Collections.Immutable;
using HyperVDash.Rules.Capacity;
using HyperVDash.Rules.Checkpoints;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Devices;
using HyperVDash.Rules.Disks;
using HyperVDash.Rules.Dns;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Events;
using HyperVDash.Rules.Guests;
using HyperVDash.Rules.Hosts;
using HyperVDash.Rules.LoadBalancing;
using HyperVDash.Rules.Print;
using HyperVDash.Rules.Releases;
using HyperVDash.Rules.Switches;
using HyperVDash.Rules.Volumes;

namespace HyperVDash.Rules;

/// <summary>Every rule, in the order the documentation lists them. Add a rule by adding its line.</summary>
public static class RuleCatalogue
{
    public static ImmutableArray<IRule> All { get; } =
    [
        new SystemLanguageNotEnglish(),
        new LocaleDiffersBetweenNodes(),
        new ManagementServiceNotRunning(),
        new HypervisorNotRunning(),
        new OtherRoleOnHost(),
        new RestartPending(),
        new ClockSkew(),
        new LicenceNotValid(),
        new ErrorEvents(),
        new CollectionStale(),
        new InventoryIncomplete(),
        new SwitchMissingOnNode(),
        new SwitchAttributesDiffer(),
        new SwitchCreatedByRoleWizard(),
        new WirelessUplink(),
        new DisconnectedAdapter(),
        new AdapterOnMissingSwitch(),
        new UplinkDown(),
        new DuplicateMacAddress(),
        new OverlappingMacRanges(),
        new MacRangeNearlyUsed(),
        new VlanDrift(),
        new UnsupportedTeam(),
        new FrameSizeMismatch(),
        new QueuesMisconfigured(),
        new DuplicateSwitchId(),
        new ClusteredVirtualMachineWithoutIntegrationServices(),
        new BootDiskNotAtFirstIdeLocation(),
        new IdeLocationsFull(),
        new EmptyDvdDriveHoldsIdeLocation(),
        new ScsiLimitExceeded(),
        new DataDiskOnEmulatedIde(),
        new SyntheticDeviceWithoutDriver(),
        new LegacyNetworkAdapterInUse(),
        new PassThroughDiskInUse(),
        new BrokenDiskChain(),
        new DifferencingDiskInUse(),
        new GrowthExceedsVolume(),
        new VolumeNearlyFull(),
        new VirtualDiskDoesNotFitHost(),
        new UnsuitableFileLocation(),
        new DiskAttachedTwice(),
        new LeftoverEmulatedDevice(),
        new IntegrationServicesNotDetected(),
        new OutdatedIntegrationServices(),
        new IntegrationServiceOff(),
        new LinuxIntegrationMissing(),
        new HeartbeatLost(),
        new UnsupportedGuest(),
        new DomainControllerTakesHostTime(),
        new SavedTooLong(),
        new StaleCheckpoint(),
        new TooManyCheckpoints(),
        new LeftoverBackupCheckpoint(),
        new DomainControllerCheckpoint(),
        new UnsafeCheckpointPolicy(),
        new MemoryOvercommitted(),
        new ProcessorRatioHigh(),
        new VmOverReleaseLimits(),
        new HostOverTotals(),
        new NumaMismatch(),
        new DynamicMemoryTrouble(),
        new PreReleaseHost(),
        new MixedPreReleaseFarm(),
        new VirtualMachineFromOlderBuild(),
        new VmVersionUnsupported(),
        new VmVersionBehind(),
        new VmVersionBlocksNode(),
        new HostReleaseEndOfSupport(),
        new NlbNodesMissing(),
        new NlbAdapterShared(),
        new NlbModeUnexpected(),
        new NlbVmWithoutMacSpoofing(),
        new NlbPortRulesIncomplete(),
        new PrintQueuesDiffer(),
        new SpoolerRefusesClients(),
        new SpoolerNotRunning(),
        new ClusterNameNotInDns(),
        new OldServerNameElsewhere(),
        new ServerAliasMissing(),
        new AliasRefused(),
        new NlbNodesOnOneHost(),
        new PrintingBehindNlb(),
    ];

    public static IRule? Find(string id) => All.FirstOrDefault(r => r.Card.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
