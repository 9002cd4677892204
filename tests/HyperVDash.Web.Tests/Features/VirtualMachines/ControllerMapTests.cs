using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Web.Features.VirtualMachines;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Features.VirtualMachines;

public sealed class ControllerMapTests
{
    [Fact]
    public void A_SCSI_controller_shows_every_slot_of_its_release_used_and_free()
    {
        var map = Assert.Single(Maps([Sample.Scsi], [Sample.Disk]));

        Assert.Equal(64, map.Cells.Length);
        Assert.Equal("1 of 64", map.UsedOf);
        Assert.Equal([0], map.Cells.Where(c => c.Drive is not null).Select(c => c.Location));
    }

    [Fact]
    public void What_lies_beyond_the_limit_is_shown_and_said()
    {
        var map = Assert.Single(Maps([Sample.Scsi], [Sample.Disk with { Location = 120 }]));

        Assert.Equal("1 of 64, up to slot 120", map.UsedOf);
        Assert.Equal(57, map.Cells.Count(c => c.IsBeyond));
        Assert.True(map.Cells[120] is { IsBeyond: true, Drive: not null });
    }

    [Fact]
    public void A_drive_without_a_place_is_not_lost()
    {
        var map = Assert.Single(Maps([Sample.Scsi], [Sample.Disk with { Location = null }]));

        Assert.Single(map.WithoutPlace);
        Assert.Equal(1, map.Used);
    }

    [Fact]
    public void Of_two_drives_in_one_slot_both_are_counted() =>
        Assert.Equal(2, Assert.Single(Maps([Sample.Scsi], [Sample.Disk, Sample.Disk with { Id = Sample.Disk.Id + "x" }])).Used);

    [Fact]
    public void A_slot_carries_the_worst_finding_that_names_its_drive()
    {
        var drive = new ObjectRef(ObjectKind.Drive, Sample.Disk.Id.ToLowerInvariant(), "SQL01 SCSI 0:0", Sample.Host.Id);
        var map = Assert.Single(Maps([Sample.Scsi], [Sample.Disk], Fleets.Finding(Severity.Warning, drive), Fleets.Finding(Severity.Info, drive)));

        Assert.Equal("warning", map.Cells[0].Worst);
        Assert.Null(map.Cells[1].Worst);
    }

    [Fact]
    public void A_slot_whose_finding_somebody_answers_for_is_not_drawn_like_one_without()
    {
        var drive = new ObjectRef(ObjectKind.Drive, Sample.Disk.Id, "SQL01 SCSI 0:0", Sample.Host.Id);
        var accepted = Fleets.Finding(Severity.Warning, drive) with { Accepted = new("Ann", new(2099, 1, 1)) };

        Assert.Equal("warning-accepted", Assert.Single(Maps([Sample.Scsi], [Sample.Disk], accepted)).Cells[0].Worst);
        Assert.Equal("info", Assert.Single(Maps([Sample.Scsi], [Sample.Disk], accepted, Fleets.Finding(Severity.Info, drive))).Cells[0].Worst);
    }

    private static ImmutableArray<ControllerMap> Maps(ImmutableArray<DriveController> controllers, ImmutableArray<Drive> drives, params Finding[] findings)
    {
        var host = Sample.Host with { Devices = Sample.Read(new DeviceList { Controllers = controllers, Drives = drives }) };
        return ControllerMap.Of(host.With(findings).VirtualMachines[0]);
    }
}
