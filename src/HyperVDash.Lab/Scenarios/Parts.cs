using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios;

/// <summary>The hardware and the guests of which the written labs are made.</summary>
internal sealed class Parts(string host, DateTimeOffset start, string folder = @"D:\Hyper-V")
{
    /// <summary>What a VM reads as its model.</summary>
    public const string GuestModel = "Virtual Machine";

    public DateTimeOffset Start => start;

    public static LabGuest Server2022(string name) => LabGuest.Windows($"{name}.lab.example", "Windows Server 2022 Standard", "10.0.20348");

    public static LabGuest Server2008(string name, string services) =>
        LabGuest.Windows($"{name}.lab.example", "Windows Server (R) 2008 Standard", "6.0.6001", services: services, servicePack: 1);

    public static LabGuest Ubuntu(string name) => LabGuest.Linux($"{name}.lab.example", "Ubuntu", "5.15.0-91-generic");

    public Guid VmId(string name) => Ids.Of($"vm/{host}/{name}");

    public Guid SwitchId(string name) => Ids.Of($"switch/{host}/{name}");

    public Guid NicId(string name) => Ids.Of($"nic/{host}/{name}");

    public string Folder(string vm) => $@"{folder}\{vm}";

    public LabDrive Disk(int slot, string vm, string disk = "os") => LabDrive.Disk(slot, $@"{folder}\{vm}\{disk}.{Extension}");

    /// <summary>What a checkpoint leaves on a VM's disk that was deleted and not merged; its parent belongs among the host's images.</summary>
    public LabDrive Leftover(int slot, string vm, double gb) => LabDrive.Disk(slot, $@"{folder}\{vm}\os_{Ids.Of($"leftover/{host}/{vm}").Upper()}.a{Extension}") with
    {
        File = new() { Type = LabDiskType.Differencing, Parent = $@"{folder}\{vm}\os.{Extension}", FileGb = gb },
    };

    /// <summary>The disk that a leftover stands on.</summary>
    public LabImage Below(string vm, double gb) => new($@"{folder}\{vm}\os.{Extension}", new() { FileGb = gb, ModifiedAt = start.AddDays(-3) });

    /// <summary>vhd before 2012.</summary>
    public string Extension { get; init; } = "vhdx";

    public LabController Scsi(string vm, int number, params ReadOnlySpan<LabDrive> drives) => LabController.Scsi(number, Ids.Of($"scsi/{host}/{vm}/{number}"), drives);

    /// <summary>An adapter on a switch; null: not connected.</summary>
    public LabNic Nic(string vm, Guid? switchId, int number = 0, bool isLegacy = false) => new(Ids.Of($"vnic/{host}/{vm}/{number}"), Ids.Mac($"vnic/{host}/{vm}/{number}"))
    {
        SwitchId = switchId, IsLegacy = isLegacy, Address = isLegacy ? null : $"192.168.10.{20 + (Ids.Of(vm).GetHashCode() & 127)}",
    };

    /// <summary>A running generation 1 VM as a wizard makes it: disk at IDE 0:0, empty DVD drive at 1:0, a SCSI controller, one adapter.</summary>
    public LabVm First(string name, Guid? switchId, LabGuest guest, double hoursUp = 52) => new(VmId(name), name)
    {
        CreatedAt = start.AddDays(-160), StartedAt = start.AddHours(-hoursUp), Guest = guest, Folder = Folder(name), LastBackupAt = start.AddHours(-11),
        Controllers = [LabController.Ide(0, Disk(0, name)), LabController.Ide(1, LabDrive.Dvd(0)), Scsi(name, 0)], Nics = [Nic(name, switchId)],
    };

    /// <summary>A running generation 2 VM: disk and DVD drive on SCSI.</summary>
    public LabVm Second(string name, Guid? switchId, LabGuest guest, double hoursUp = 76) => new(VmId(name), name)
    {
        Generation = 2, CreatedAt = start.AddDays(-160), StartedAt = start.AddHours(-hoursUp), Guest = guest, HasDynamicMemory = true, Folder = Folder(name), LastBackupAt = start.AddHours(-11),
        Controllers = [Scsi(name, 0, Disk(0, name), LabDrive.Dvd(1))], Nics = [Nic(name, switchId)],
    };

    public LabPhysicalNic Wired(string name, string description, ulong speed = 10_000_000_000) => new(NicId(name), name, description, Ids.Mac($"nic/{host}/{name}")) { Speed = speed };

    public LabSwitch External(string name, string nic, bool isShared = true) => new(SwitchId(name), name)
    {
        Uplinks = [NicId(nic)], IsSharedWithHost = isShared, CreatedAt = start.AddDays(-380),
    };

    public LabSwitch Internal(string name) => new(SwitchId(name), name) { IsSharedWithHost = true, CreatedAt = start.AddDays(-380) };
}

/// <summary>States other than running.</summary>
internal static class States
{
    public static LabVm Off(this LabVm vm) => vm with { State = LabVmState.Off, StateChangedAt = vm.StartedAt, StartedAt = null };

    public static LabVm Saved(this LabVm vm) => vm with { State = LabVmState.Saved, StateChangedAt = vm.StartedAt, StartedAt = null };

    public static LabVm Paused(this LabVm vm) => vm with { State = LabVmState.Paused };
}
