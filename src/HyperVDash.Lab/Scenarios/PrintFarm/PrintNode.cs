using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.PrintFarm;

/// <summary>A print server of an NLB cluster as it should be: two adapters, unicast, every port both ways, all names known.</summary>
internal sealed record PrintNode(string Name, string Address, uint Priority)
{
    public static readonly ImmutableArray<LabPortRule> AllPorts = [new(0, 65535, 3)];

    /// <summary>The VM it is and the host that runs it; null: a machine of its own.</summary>
    public (string Host, string Vm)? Guest { get; init; }

    /// <summary>Windows Server 2025 instead of 2022.</summary>
    public bool IsNewest { get; init; }

    public required string FarmAddress { get; init; }

    public required string FarmName { get; init; }

    public required ImmutableArray<LabNlbNode> Members { get; init; }

    public required LabPrintServer Server { get; init; }

    public HostDescription Describe(DateTimeOffset start)
    {
        var parts = new Parts(Name, start);
        // NLB changes the address that an adapter uses, not the one it was made with.
        LabPhysicalNic Nic(int number, string name) => parts.Wired(name, Guest is null ? "Intel(R) Ethernet Server Adapter I350-T2" : "Microsoft Hyper-V Network Adapter", 1_000_000_000) is var nic && Guest is { } guest
            ? nic with { Mac = Ids.Mac($"vnic/{guest.Host}/{guest.Vm}/{number}"), Speed = 10_000_000_000 }
            : nic;
        return new HostDescription(Name, IsNewest ? "2025" : "2022")
        {
            WindowsVersion = IsNewest ? "10.0.26100" : "10.0.20348", UpdateRevision = IsNewest ? 4349 : 2700, HyperVVersion = IsNewest ? "10.0.26100.4349" : "10.0.20348.2700",
            BuildLab = IsNewest ? "26100.1.amd64fre.ge_release.240331-1435" : "20348.1.amd64fre.fe_release.210507-1500",
            RoleAddedAt = start.AddDays(-120), HyperVInstalledAt = start.AddDays(-120), BootedAt = start.AddDays(-6), Roles = [7, 135, 34, 481], LogicalProcessors = 4, MemoryMb = 8192,
            Manufacturer = Guest is null ? "Contoso Systems" : "Microsoft Corporation", Model = Guest is null ? "R240" : Parts.GuestModel,
            Nics = [Nic(0, "Clients") with { IsWayOut = false, IsForwarding = true }, Nic(1, "Management") with { IsWayOut = true }],
            PrintServer = Server,
            LoadBalancing = new LabLoadBalancing(FarmAddress, parts.NicId("Clients"), Priority)
            {
                Name = FarmName, DedicatedAddress = Address, Members = Members, Rules = AllPorts,
            },
        };
    }
}
