using System.Collections.Immutable;
using HyperVDash.Model.Events;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Events;

/// <summary>An event that means something for Hyper-V.</summary>
/// <param name="Providers">Beginnings of provider names.</param>
/// <param name="Meaning">What happened, in half a sentence.</param>
internal sealed record KnownEvent(Severity Severity, string Meaning, ImmutableArray<string> Providers, ImmutableArray<int> Ids)
{
    /// <summary>Only before this release; null: on all.</summary>
    public string? Before { get; init; }

    /// <summary>Is right while a node is drained for a restart.</summary>
    public bool BelongsToDrain { get; init; }

    private const string HyperV = "Microsoft-Windows-Hyper-V-";

    private static readonly ImmutableArray<string> Cluster = ["Microsoft-Windows-FailoverClustering"];
    private static readonly ImmutableArray<string> Management = [HyperV + "VMMS", HyperV + "High-Availability"];
    private static readonly ImmutableArray<string> Disks = ["disk", "Ntfs", "Microsoft-Windows-Ntfs"];
    private static readonly ImmutableArray<string> Adapters = ["disk", "stor", "iScsiPrt", "msiscsi", "mpio", "vhdmp", "LSI_SAS", "iaStor", "megasas", "percsas", "ql2300", "elxstor", "nvme"];

    public static ImmutableArray<KnownEvent> All { get; } =
    [
        new(Severity.Critical, "a cluster shared volume paused its I/O", Cluster, [5120]),
        new(Severity.Critical, "a node was removed from the cluster", Cluster, [1135]) { BelongsToDrain = true },
        new(Severity.Critical, "the cluster lost its quorum", Cluster, [1177]),
        new(Severity.Critical, "a chain of virtual disks is corrupted", ["VHDMP", "Microsoft-Windows-VHDMP"], [7]),
        new(Severity.Critical, "a disk or its file system is damaged or was taken away", Disks, [55, 98, 157]),
        new(Severity.Error, "a cluster resource failed", Cluster, [1069]),
        new(Severity.Error, "a migration or the registration of a VM failed", Management, [21502, 21501, 21024, 21125, 20413]),
        new(Severity.Error, "replication failed", Management, [32022, 32315]),
        new(Severity.Warning, "service names could not be registered in the directory", Management, [14050]),
        new(Severity.Warning, "a VM has more virtual processors than the host has cores without hyper-threading", [HyperV + "Worker"], [3498]),
        new(Severity.Warning, "no dynamic MAC address was left", [HyperV + "Worker"], [12565]) { Before = "2012" },
        new(Severity.Warning, "reads or writes of a virtual disk failed or were slow", [HyperV + "StorageVSP"], [6, 9]),
        new(Severity.Warning, "the queues of a team do not fit its processors", [HyperV + "VmSwitch"], [106]),
        new(Severity.Warning, "the storage adapter was reset", Adapters, [129, 153]),
    ];

    public bool Matches(EventGroup group) =>
        Ids.Contains(group.Id) && Providers.Any(p => group.Provider.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>Tells of Hyper-V itself.</summary>
    public static bool IsOfHyperV(EventGroup group) =>
        group.Provider.StartsWith(HyperV, StringComparison.OrdinalIgnoreCase) || group.Channel?.StartsWith(HyperV, StringComparison.OrdinalIgnoreCase) == true;
}
