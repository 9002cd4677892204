using System.Collections.Immutable;
using System.Globalization;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>A Hyper-V host as a lab person would describe it.</summary>
/// <param name="Name">NetBIOS name.</param>
/// <param name="Release">Key of its schema, e.g. <c>2012R2</c>.</param>
public sealed partial record HostDescription(string Name, string Release)
{
    /// <summary>Variant of its release's schema, e.g. <c>client</c>; null: none.</summary>
    public string? Variant { get; init; }

    /// <summary>Windows for workstations.</summary>
    public bool IsClient => Variant == "client";

    public Guid MachineId { get; init; } = Ids.Of($"machine/{Name}");

    /// <summary>Version and build, e.g. <c>10.0.20348</c>.</summary>
    public required string WindowsVersion { get; init; }

    /// <summary>Null before 2012 R2.</summary>
    public int? UpdateRevision { get; init; }

    public required string BuildLab { get; init; }

    /// <summary>Of vmms.exe.</summary>
    public required string HyperVVersion { get; init; }

    public DateTimeOffset HyperVInstalledAt { get; init; }

    public DateTimeOffset RoleAddedAt { get; init; }

    public DateTimeOffset BootedAt { get; init; }

    public LabLocale Locale { get; init; } = LabLocale.EnglishUs;

    public string Domain { get; init; } = "lab.example";

    /// <summary>1 member workstation, 3 member server, 4 and 5 domain controllers.</summary>
    public ushort DomainRole { get; init; } = 3;

    /// <summary>1 workstation, 2 domain controller, 3 server.</summary>
    public uint ProductType => IsClient ? 1u : DomainRole >= 4 ? 2u : 3u;

    /// <summary>Win32_ServerFeature ids that are roles or features of their own.</summary>
    public ImmutableArray<uint> Roles { get; init; } = [20];

    /// <summary>Auto, Manual or Disabled.</summary>
    public string VmmsStartMode { get; init; } = "Auto";

    public ImmutableArray<string> Hotfixes { get; init; } = [];

    public int LogicalProcessors { get; init; } = 32;

    public long MemoryMb { get; init; } = 262_144;

    public string Manufacturer { get; init; } = "Contoso Systems";

    public string Model { get; init; } = "R740";

    public ImmutableArray<LabPhysicalNic> Nics { get; init; } = [];

    /// <summary>LBFO teams, 2012 and later.</summary>
    public ImmutableArray<LabTeam> Teams { get; init; } = [];

    /// <summary>What a switch can be bound to: adapters and the adapters of teams.</summary>
    public IEnumerable<LabPhysicalNic> BindableNics => Nics.Concat(Teams.Select(t => t.Adapter));

    public ImmutableArray<LabSwitch> Switches { get; init; } = [];

    public ImmutableArray<LabVm> Vms { get; init; } = [];

    /// <summary>What it gives VMs dynamic MAC addresses from, twelve digits each; null: 256 addresses of its own.</summary>
    public (string First, string Last)? MacRange { get; init; }

    /// <summary>Image files that no drive names, e.g. parents of linked clones.</summary>
    public ImmutableArray<LabImage> Images { get; init; } = [];

    public ImmutableArray<LabJob> Jobs { get; init; } = [];

    /// <summary>Worker processes whose VM the provider does not list.</summary>
    public ImmutableArray<Guid> HiddenWorkers { get; init; } = [];

    /// <summary>Name of the cluster it is a node of; null: stand-alone.</summary>
    public string? Cluster { get; init; }

    /// <summary>What it shares and answers to, if it has the print role; null: nothing but what Windows brings.</summary>
    public LabPrintServer? PrintServer { get; init; }

    /// <summary>Its part in an NLB cluster; needs the feature 34.</summary>
    public LabLoadBalancing? LoadBalancing { get; init; }

    /// <summary>Zones it holds; needs the role 13.</summary>
    public ImmutableArray<LabZone> Zones { get; init; } = [];

    /// <summary>A server that is watched for what it does beside, or a guest, has no Hyper-V.</summary>
    public bool HasHyperV => Roles.Contains(20u);

    public string Fqdn => $"{Name}.{Domain}";

    public string Build => WindowsVersion[(WindowsVersion.LastIndexOf('.') + 1)..];

    /// <summary>The same host with this range, out of which its VMs have their dynamic addresses, one after the other.</summary>
    public HostDescription WithMacRange(string first, string last)
    {
        long next = long.Parse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return this with
        {
            MacRange = (first, last),
            Vms = [.. Vms.Select(v => v with { Nics = [.. v.Nics.Select(n => n.HasStaticMac ? n : n with { Mac = (next++).ToString("X12", CultureInfo.InvariantCulture) })] })],
        };
    }

    /// <summary>The same host with one VM changed.</summary>
    public HostDescription WithVm(Guid id, Func<LabVm, LabVm> change) => this with { Vms = [.. Vms.Select(v => v.Id == id ? change(v) : v)] };

    /// <summary>The same host with one switch changed.</summary>
    public HostDescription WithSwitch(Guid id, Func<LabSwitch, LabSwitch> change) => this with { Switches = [.. Switches.Select(s => s.Id == id ? change(s) : s)] };
}
