using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>What the collector reads is what the generator described.</summary>
public sealed class GeneratedLabTests
{
    public static TheoryData<string> Releases => ["pre2008", "2008R2", "2012", "2012R2", "2016", "2022", "2025"];

    internal static Task<(HostDescription Described, HostReading Reading)> ReadAsync(string release) => GeneratedReading.OfAsync(release);

    [Theory, MemberData(nameof(Releases))]
    public async Task Every_section_is_complete_or_the_host_has_no_such_thing(string release)
    {
        var (_, reading) = await ReadAsync(release);
        string[] unsupported = reading.OperatingSystem.Content!.NamespaceVersion == 1 ? ["numa", "liveMigration", "replicaServer"] : [];

        Assert.Equal(unsupported, reading.Sections().Where(s => s.Section.Attempt.State == SectionState.Unsupported).Select(s => s.Name));
        Assert.All(reading.Sections().Where(s => !unsupported.Contains(s.Name)), s => Assert.True(
            s.Section.Attempt.State is SectionState.Complete or SectionState.Absent or SectionState.Off, $"{s.Name}: {s.Section.Attempt.State} {s.Section.Attempt.Reason} {string.Join("; ", s.Section.Attempt.Missing)}"));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task VMs_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);

        Assert.Equal(
            described.Vms.OrderBy(v => v.Id).Select(v => (v.Id, v.Name, v.State == LabVmState.FastSaved ? "Saved" : v.State.ToString(), (int?)v.Processors, (DateTimeOffset?)v.CreatedAt)),
            reading.VirtualMachines.Content!.Items.OrderBy(v => v.Id).Select(v => (v.Id, v.Name, v.State.ToString(), v.Processors, v.CreatedAt)));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Drives_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var wanted = from vm in described.Vms
                     from controller in vm.Controllers
                     from drive in controller.Drives
                     select $"{vm.Id} {controller.Kind} {drive.Kind} {drive.Slot} {vm.ImageOf(drive)} {drive.HostDisk}";
        var found = reading.Devices.Content!.Drives!.Value.Where(d => d.Kind != DriveKind.Floppy)
            .Select(d => $"{d.VirtualMachineId} {d.ControllerKind} {d.Kind} {d.Location} {d.Path} {d.HostDiskNumber}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Adapters_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var names = described.Switches.ToDictionary(s => s.Id, s => s.Name);
        var wanted = from vm in described.Vms
                     from nic in vm.Nics
                     select $"{vm.Id} {(nic.IsLegacy ? "Legacy" : "Synthetic")} {nic.Mac} {nic.HasStaticMac} {(nic.SwitchId is { } id ? names[id] : null)} {(nic.VlanId > 0 ? nic.VlanId : null)}";
        var found = reading.Devices.Content!.NetworkAdapters!.Value
            .Select(n => $"{n.VirtualMachineId} {n.Kind} {n.MacAddress?.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)} {n.IsStaticMac} {n.SwitchName} {n.VlanId}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Checkpoints_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var wanted = from vm in described.Vms from checkpoint in vm.Checkpoints select (checkpoint.Id, vm.Id, checkpoint.Name, checkpoint.ParentId, (DateTimeOffset?)checkpoint.CreatedAt);
        var found = reading.Checkpoints.Content!.Items.Select(c => (c.Id, c.VirtualMachineId, c.Name, c.ParentId, c.CreatedAt));

        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.OrderBy(c => c.Item1), found.OrderBy(c => c.Item1));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Images_of_checkpoints_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var wanted = from vm in described.Vms
                     from checkpoint in vm.Checkpoints
                     from drive in vm.Controllers.SelectMany(c => c.Drives)
                     where drive is { Kind: LabDriveKind.Disk, Image: not null }
                     select $"{checkpoint.Id} {vm.ImageOf(drive, checkpoint.Id)}";
        var found = reading.Checkpoints.Content!.Items.SelectMany(c => c.DiskPaths!.Value.Select(p => $"{c.Id} {p}"));

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Virtual_disks_and_their_parents_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        var files = LabFiles.Of(described);
        var reachable = new Queue<string>(from vm in described.Vms
                                          from drive in vm.Controllers.SelectMany(c => c.Drives)
                                          from node in vm.Checkpoints.Select(c => (Guid?)c.Id).Append(null)
                                          let path = vm.ImageOf(drive, node)
                                          where path is not null
                                          select path);
        foreach (string floppy in described.Vms.Select(v => v.FloppyImage).OfType<string>())
        {
            reachable.Enqueue(floppy);
        }

        var wanted = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reachable.TryDequeue(out string? path))
        {
            var (image, file) = (files[path], files[path].File);
            string type = image.IsDisk ? $"{file.Type} {image.MaximumBytes} {file.Parent}" : "Unknown  ";
            wanted[path] = $"{type} {image.FileBytes} {!file.IsReadOnly} {file.IsCompressed} {file.IsEncrypted} {file.ModifiedAt:u}";
            if (file.Parent is { } parent)
            {
                reachable.Enqueue(parent);
            }
        }

        var disks = reading.VirtualDisks.Content!;
        Assert.Equal(0, disks.Waiting);
        Assert.Equal(wanted.Select(w => (w.Key, w.Value)), disks.Items.Select(d =>
            (d.Path, $"{d.Type} {d.MaximumSize?.Bytes} {d.ParentPath} {d.FileSize?.Bytes} {d.IsWriteable} {d.IsCompressed} {d.IsEncrypted} {d.ModifiedAt:u}")));
        Assert.All(disks.Items, d => Assert.True(d.Exists));
        Assert.All(disks.Items, d => Assert.NotNull(d.ReadAt));
        Assert.All(disks.Items, d => Assert.Equal(d.Type == VirtualDiskType.Differencing ? 0 : null, d.ValidationCode));
        Assert.Contains(disks.Items, d => d.Type == VirtualDiskType.Differencing);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Floppies_ports_and_assigned_devices_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        bool isOld = release is "pre2008" or "2008R2";
        var wanted = described.Vms.SelectMany(vm => (string[])
        [
            vm.FloppyImage is { } floppy ? $"{vm.Id} floppy {floppy}" : "",
            .. vm.Pipes.Select((pipe, i) => pipe is null ? "" : $"{vm.Id} ComPort {i + 1} {pipe}"),
            .. release is "2016" or "2022" or "2025" ? vm.AssignedDevices.Select(d => $"{vm.Id} AssignedDevice  {d}") : [],
            .. release is "2022" or "2025" ? Enumerable.Range(0, vm.GpuPartitions).Select(_ => $"{vm.Id} GpuPartition  ") : [],
            vm.HasRemoteFx ? $"{vm.Id} RemoteFxVideo  " : "",
        ]).Where(t => t.Length > 0);
        var devices = reading.Devices.Content!;
        var found = devices.Drives!.Value.Where(d => d is { Kind: DriveKind.Floppy, Path: not null }).Select(d => $"{d.VirtualMachineId} floppy {d.Path}")
            .Concat(devices.Others!.Value.Where(o => o.Connection is not null || o.Kind is VirtualDeviceKind.GpuPartition or VirtualDeviceKind.RemoteFxVideo)
                .Select(o => $"{o.VirtualMachineId} {o.Kind} {o.Number} {o.Connection}"));

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(devices.Others!.Value, o => o.Kind == VirtualDeviceKind.Unknown);
        Assert.All(described.Vms, vm => Assert.Contains(devices.Others!.Value, o => o.VirtualMachineId == vm.Id && o.Kind == VirtualDeviceKind.SyntheticVideo));
        Assert.Equal(described.Vms.Where(v => v.Generation == 1 || (!isOld && !v.Pipes.IsEmpty)).Select(v => v.Id).Order(),
            devices.Others!.Value.Where(o => o is { Kind: VirtualDeviceKind.ComPort, Number: 2 }).Select(o => o.VirtualMachineId).Order());
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Limits_protection_and_policies_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        bool isOld = release is "pre2008" or "2008R2";
        bool is2016 = release is "2016" or "2022" or "2025";
        var wanted = described.Vms.OrderBy(v => v.Id).Select(v => $"""
            {v.Id} {v.ProcessorReservePercent} {v.ProcessorLimitPercent} {v.ProcessorWeight} {v.LimitsProcessorFeatures} {v.StartDelaySeconds} {v.Id}
            backup {(isOld ? null : v.LastBackupAt)} nested {(is2016 ? v.ExposesVirtualization : null)} policy {(is2016 ? v.CheckpointPolicy : null)}
            automatic {(release is "2022" or "2025" ? v.TakesAutomaticCheckpoints : null)} tpm {(is2016 ? v.HasTpm : null)} shielded {(is2016 ? v.IsShielded : null)}
            """);
        var found = reading.VirtualMachines.Content!.Items.OrderBy(v => v.Id).Select(v => $"""
            {v.Id} {v.ProcessorReservePercent} {v.ProcessorLimitPercent} {v.ProcessorWeight} {v.LimitsProcessorFeatures} {v.StartDelay?.TotalSeconds} {v.BiosId}
            backup {v.LastBackupAt} nested {v.ExposesVirtualization} policy {v.CheckpointPolicy switch { CheckpointPolicy.Disabled => 2, CheckpointPolicy.Production => 3, CheckpointPolicy.ProductionOnly => 4, CheckpointPolicy.Standard => 5, _ => (int?)null }}
            automatic {v.TakesAutomaticCheckpoints} tpm {v.Security?.HasTpm} shielded {v.Security?.IsShielded}
            """);

        Assert.Equal(wanted, found);
        Assert.All(reading.VirtualMachines.Content!.Items, v => Assert.StartsWith(@"D:\", v.CheckpointPath, StringComparison.Ordinal));
        Assert.All(reading.VirtualMachines.Content!.Items, v => Assert.Equal(isOld, v.SmartPagingPath is null));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Replication_is_as_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        bool isR2 = release is not ("pre2008" or "2008R2" or "2012");
        var wanted = described.Vms.OrderBy(v => v.Id).Select(v => v.Replication is not { } r ? $"{v.Id} none"
            : $"{v.Id} {r.Mode} {r.State} {r.Health} {r.LastReplicatedAt} {r.LastConsistentAt} {(isR2 ? r.LastTestFailoverAt : null)} {(isR2 ? r.Interval : null)} {r.Server}");
        var found = reading.VirtualMachines.Content!.Items.OrderBy(v => v.Id).Select(v => v.Replication is not { } r ? $"{v.Id} none"
            : $"{v.Id} {(int)r.Mode - 1} {(int)r.State - 1} {(int)r.Health - 1} {r.LastReplicatedAt} {r.LastConsistentAt} {r.LastTestFailoverAt} {r.Frequency?.TotalSeconds} {r.ReplicaServer}");

        Assert.Equal(wanted, found);
        Assert.Equal(release is "pre2008" or "2008R2", described.Vms.All(v => v.Replication is null));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Unfinished_jobs_are_those_described(string release)
    {
        var (described, reading) = await ReadAsync(release);
        bool isOld = release is "pre2008" or "2008R2";
        var wanted = described.Jobs.Where(j => j.State == 4 && !(isOld && j.Kind == LabJobKind.Migration)).Select(j => $"{j.Id} {j.VmId} {j.Percent} {j.Type} {j.StartedAt:u}");
        var found = reading.Jobs.Content!.Items.Select(j => $"{j.Id.ToLowerInvariant()} {j.VirtualMachineId} {j.PercentComplete} {j.TypeCode} {j.StartedAt:u}");

        Assert.Contains(described.Jobs, j => j.State != 4);
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.All(reading.Jobs.Content!.Items, j => Assert.NotNull(j.ProgressedAt));
    }
}
