using System.Collections.Immutable;

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Windows, its hardware and its storage.</summary>
public sealed partial record HostDescription
{
    public LabProcessor Processor { get; init; } = LabProcessor.Xeon6230;

    public int Sockets { get; init; } = 2;

    /// <summary>Memory nodes; the processors and the memory are shared out evenly.</summary>
    public int NumaNodes { get; init; } = 2;

    /// <summary>False: the hypervisor was not loaded, so its counters have no instance.</summary>
    public bool IsHypervisorRunning { get; init; } = true;

    /// <summary>What Windows calls free; null: two fifths of the memory.</summary>
    public long? FreeMemoryMb { get; init; }

    public bool IsNumaSpanning { get; init; } = true;

    public bool IsCredentialGuardRunning { get; init; }

    /// <summary>Letter of the drive that Windows lies on, with a colon.</summary>
    public string SystemDrive { get; init; } = "C:";

    public string DefaultVmPath { get; init; } = @"D:\Hyper-V";

    public string DefaultDiskPath { get; init; } = @"D:\Hyper-V\Virtual Hard Disks";

    /// <summary>How far the host's clock is ahead.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>W32Time's way to the time: NT5DS, NTP, NoSync, AllSync.</summary>
    public string TimeSource { get; init; } = "NT5DS";

    public ImmutableArray<LabRestartMark> RestartMarks { get; init; } = [];

    /// <summary>The host's name as the registry spells it; null: like the name.</summary>
    public string? RegistryName { get; init; }

    public LabLicence Licence { get; init; } = new();

    /// <summary>Of 2012 and later; null: those of two months.</summary>
    public ImmutableArray<LabUpdate>? Updates { get; init; }

    public ImmutableArray<LabEvent> Events { get; init; } = [];

    /// <summary>Classic logs beside the three that every Windows has.</summary>
    public ImmutableArray<string> MoreClassicLogs { get; init; } = [];

    public ImmutableArray<LabVolume> Volumes { get; init; } = [LabVolume.System, LabVolume.Data];

    /// <summary>Null: one for each volume, and an offline one for each disk that is passed through.</summary>
    public ImmutableArray<LabHostDisk>? Disks { get; init; }

    public ImmutableArray<LabSmbConnection> SmbConnections { get; init; } = [];

    /// <summary>Null: on in a cluster, off elsewhere.</summary>
    public LabMigration? Migration { get; init; }

    public LabReplicaServer Replica { get; init; } = new();

    /// <summary>Services that do not run.</summary>
    public ImmutableArray<string> StoppedServices { get; init; } = [];
}
