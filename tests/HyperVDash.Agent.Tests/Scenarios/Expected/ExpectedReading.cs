using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Scenarios.Expected;

/// <summary>What a reading of a described host must hold, section by section.</summary>
internal static class ExpectedReading
{
    /// <summary>Every section that is compared. Null content: the host has no such thing, or its release cannot say.</summary>
    public static IReadOnlyDictionary<string, Func<DescribedHost, object?>> Compared { get; } = new Dictionary<string, Func<DescribedHost, object?>>
    {
        ["computerSystem"] = ExpectedWindows.Computer, ["operatingSystem"] = ExpectedWindows.OperatingSystem, ["locale"] = ExpectedWindows.Locale, ["roles"] = ExpectedWindows.Roles,
        ["services"] = ExpectedWindows.Services, ["physicalNetwork"] = ExpectedNetwork.Physical, ["switches"] = ExpectedNetwork.Switches, ["virtualMachines"] = ExpectedMachines.VirtualMachines,
        ["devices"] = ExpectedDevices.Of, ["guests"] = ExpectedGuests.Of, ["checkpoints"] = ExpectedMachines.Checkpoints, ["cluster"] = ExpectedCluster.Of, ["hyperVSettings"] = ExpectedWindows.HyperV,
        ["processors"] = ExpectedWindows.Processors, ["numa"] = ExpectedWindows.Numa, ["volumes"] = ExpectedStorage.Volumes, ["virtualDisks"] = ExpectedStorage.VirtualDisks, ["jobs"] = ExpectedStorage.Jobs,
        ["liveMigration"] = ExpectedStorage.LiveMigration, ["replicaServer"] = ExpectedStorage.ReplicaServer, ["clock"] = ExpectedWindows.Clock, ["pendingRestart"] = ExpectedWindows.PendingRestart,
        ["licence"] = ExpectedWindows.Licence, ["eventLog"] = ExpectedWindows.EventLog, ["loadBalancing"] = ExpectedServers.LoadBalancing, ["printServer"] = ExpectedServers.Print,
        ["performance"] = ExpectedMachines.Performance,
    };

    /// <summary>Sections of which a description says nothing, and who compares them instead.</summary>
    public static IReadOnlyDictionary<string, string> NotCompared { get; } = new Dictionary<string, string>
    {
        ["updates"] = "the Lab's hosts all have the same two: GeneratedWindowsTests",
        ["dns"] = "asked only for the print farms of the settings: PrintScenarioTests",
        ["counters"] = "rates that the Lab makes up: GeneratedNetworkTests",
    };

    /// <summary>Properties of compared sections that no description holds: made up by the Lab, or measured.</summary>
    public static IReadOnlySet<string> NotDescribed { get; } = new HashSet<string>
    {
        // Texts and dates of Windows' own.
        "operatingSystem.caption", "operatingSystem.edition", "operatingSystem.installationType", "operatingSystem.installedAt", "roles.items.name", "roles.items.parentId", "licence.productName",
        // Ids that Windows hands out.
        "services.items.processId", "services.workers.processId", "virtualMachines.items.workerProcessId", "volumes.items.id", "volumes.disks.uniqueId", "volumes.disks.serialNumber",
        "devices.others.id", "switches.hostAdapters.id", "switches.hostAdapters.adapterId", "switches.hostAdapters.macAddress", "virtualDisks.items.diskId", "cluster.sharedVolumes.volumeId",
        "loadBalancing.clusters.macAddress", "physicalNetwork.items.componentId", "physicalNetwork.ipConfigurations",
        // Measured: a number of the moment, or of the way there.
        "clock.samples", "clock.skew", "numa.nodes.availableMemory",
        // What firmware and hypervisor leave of a column.
        "processors.items.isFirmwareVirtualizationOn",
        // Sentences of the product.
        "virtualDisks.items.error", "pendingRestart.marks.source",
        // Texts of the events, and which channels there are.
        "eventLog.items.data", "eventLog.channels", "eventLog.unreadChannels",
        // No thumbprint is described.
        "replicaServer.certificateThumbprint", "replicaServer.certificateEndsAt",
    };

    public static IEnumerable<string> AllSections => SectionLens.All.Select(l => l.Name);
}
