using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Features.Disks;

public sealed class DiskLineTests
{
    private static readonly VirtualDisk Base = Sample.VirtualDisk with { Path = @"D:\VMs\base.vhdx" };
    private static readonly VirtualDisk Child = Sample.VirtualDisk with { Path = @"D:\VMs\child.avhdx", ParentPath = @"d:\vms\BASE.vhdx", Type = VirtualDiskType.Differencing };

    [Fact]
    public void A_parent_belongs_to_the_VMs_above_it_and_to_those_that_keep_it_in_a_checkpoint()
    {
        var other = Fleets.Vm(7, "other");
        var host = Host(Base, Child) with
        {
            VirtualMachines = Sample.Read(new Model.VirtualMachines.VirtualMachineList { Items = [Sample.Vm, other] }),
            Checkpoints = Sample.Read(new CheckpointList { Items = [Sample.Checkpoint with { VirtualMachineId = other.Id, DiskPaths = [Base.Path] }] }),
        };

        var lines = Fleets.Of(host).Disks;

        Assert.Equal([Sample.Vm.Name], lines.Single(l => l.Disk == Child).Vms.Select(v => v.Vm.Name));
        Assert.Equal(["other", Sample.Vm.Name], lines.Single(l => l.Disk == Base).Vms.Select(v => v.Vm.Name));
    }

    [Theory]
    [InlineData(@"D:\VMs\a.vhdx", @"D:\")]
    [InlineData(@"c:\clusterstorage\volume2\a\b.vhdx", @"c:\clusterstorage\volume2\")]
    [InlineData(@"\\files\vms\a\b.vhdx", @"\\files\vms")]
    [InlineData(@"E:\Mounts\Fast\a.vhdx", @"E:\Mounts\Fast\")]
    [InlineData("strange", null)]
    public void The_volume_follows_from_the_path(string path, string? volume)
    {
        var host = Host(Sample.VirtualDisk with { Path = path }) with
        {
            Volumes = Sample.Read(new Model.Volumes.VolumeList { Items = [Sample.DataVolume with { Path = @"E:\Mounts\Fast\" }] }),
        };

        Assert.Equal(volume, Assert.Single(Fleets.Of(host).Disks).Volume);
    }

    [Fact]
    public void What_is_missing_or_broken_is_an_error_and_what_was_not_read_is_unknown()
    {
        Assert.Equal("ok", Standing(Base));
        Assert.Equal("error", Standing(Base with { Exists = false }));
        Assert.Equal("error", Standing(Base with { IsChainLooping = true }));
        Assert.Equal("error", Standing(Base with { ValidationCode = 0xC03A000E }));
        Assert.Equal("ok", Standing(Base with { ValidationCode = 0 }));
        Assert.Equal("unknown", Standing(Base with { Error = "access denied", ErrorCode = 32769 }));
        Assert.Equal("unknown", Standing(Base with { ReadAt = null }));
        Assert.Equal("unknown", Fleets.Of(Host(Base) with { VirtualDisks = Sample.Host.VirtualDisks with { Attempt = new(SectionState.Failed) } }).Disks.First().Standing);
    }

    [Fact]
    public void A_chain_ends_at_the_base_or_where_it_comes_back_to_itself()
    {
        var list = new VirtualDiskList { Items = [Base, Child] };
        Assert.Equal([Child.Path, Base.Path], DiskLine.Chain(list, Child.Path).Select(d => d.Path));
        Assert.Equal([@"D:\gone.vhdx"], DiskLine.Chain(list, @"D:\gone.vhdx").Select(d => d.Path));

        var ring = new VirtualDiskList { Items = [Base with { ParentPath = Child.Path }, Child] };
        Assert.Equal(2, DiskLine.Chain(ring, Child.Path).Count);
        Assert.Equal(2, Fleets.Of(Host([.. ring.Items])).Disks.Length);
    }

    private static string Standing(VirtualDisk disk) => Assert.Single(Fleets.Of(Host(disk)).Disks).Standing;

    private static HostReading Host(params VirtualDisk[] disks) => Sample.Host with
    {
        VirtualDisks = Sample.Read(new VirtualDiskList { Items = [.. disks] }),
        Devices = Sample.Read(new DeviceList { Controllers = [Sample.Scsi], Drives = [Sample.Disk with { Path = disks[^1].Path }], NetworkAdapters = [] }),
    };
}
