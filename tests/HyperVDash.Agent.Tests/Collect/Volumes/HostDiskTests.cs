using HyperVDash.Lab.Hosts;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect.Volumes;

public sealed class HostDiskTests
{
    private static void AddVolume(HandMadeHost host, string? letter, string id) => host.Add(HandMadeHost.Cimv2, new("Win32_Volume")
    {
        ["DeviceID"] = id, ["Name"] = letter is null ? id : $@"{letter}\", ["DriveLetter"] = letter, ["DriveType"] = 3, ["Capacity"] = 1UL << 40, ["FreeSpace"] = 0UL,
    });

    [Fact]
    public async Task Before_2012_a_disk_is_online_if_a_drive_letter_lies_on_it_and_else_not_known()
    {
        await using var host = new HandMadeHost("2008R2", "7601");
        AddVolume(host, "C:", @"\\?\Volume{1}\");
        host.Add(HandMadeHost.Cimv2, new("Win32_DiskDrive") { ["DeviceID"] = @"\\.\PHYSICALDRIVE0", ["Index"] = 0, ["Model"] = " VIRTUAL DISK ", ["BytesPerSector"] = 512 });
        host.Add(HandMadeHost.Cimv2, new("Win32_DiskDrive") { ["DeviceID"] = @"\\.\PHYSICALDRIVE4", ["Index"] = 4 });
        host.Add(HandMadeHost.Cimv2, new("Win32_LogicalDisk") { ["DeviceID"] = "C:" });
        host.Add(HandMadeHost.Cimv2, new("Win32_DiskPartition") { ["DeviceID"] = "Datenträgernr. 0, Partitionsnr. 1", ["DiskIndex"] = 0 });
        host.Add(HandMadeHost.Cimv2, new("Win32_DiskPartition") { ["DeviceID"] = "Datenträgernr. 4, Partitionsnr. 0", ["DiskIndex"] = 4 });
        host.Add(HandMadeHost.Cimv2, new("Win32_LogicalDiskToPartition")
        {
            ["Antecedent"] = new LabReference("Win32_DiskPartition", ("DeviceID", "Datenträgernr. 0, Partitionsnr. 1")), ["Dependent"] = new LabReference("Win32_LogicalDisk", ("DeviceID", "C:")),
        });

        var volumes = (await host.ReadAsync("volumes")).Volumes;

        Assert.Equal(SectionState.Complete, volumes.Attempt.State);
        Assert.Equal([(0, false, "VIRTUAL DISK"), (4, null, null)], volumes.Content!.Disks!.Value.Select(d => (d.Number, d.IsOffline, d.Name)));
        Assert.Null(volumes.Content.SmbConnections);
    }

    [Fact]
    public async Task A_volume_without_a_mount_point_has_no_path_and_one_that_is_full_has_nothing_free()
    {
        await using var host = new HandMadeHost("2022", "20348");
        AddVolume(host, "C:", @"\\?\Volume{1}\");
        AddVolume(host, null, @"\\?\Volume{2}\");
        host.Add("root/Microsoft/Windows/Storage", new("MSFT_Disk") { ["ObjectId"] = "1", ["Number"] = 3, ["IsOffline"] = true, ["IsBoot"] = false, ["UniqueId"] = "A1" });

        var volumes = (await host.ReadAsync("volumes")).Volumes.Content!;

        Assert.Equal([(@"C:\", true), (null, (bool?)false)], volumes.Items.Select(v => (v.Path, v.IsSystem)));
        Assert.All(volumes.Items, v => Assert.Equal(0, v.Free!.Value.Bytes));
        Assert.Equal([(3, true, "A1", null)], volumes.Disks!.Value.Select(d => (d.Number, d.IsOffline, d.UniqueId, d.IsSystem)));
        Assert.Empty(volumes.SmbConnections!.Value);
    }
}
