using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Disks;
using HyperVDash.Model.Units;
using HyperVDash.Web.Features.Checkpoints;

namespace HyperVDash.Web.Tests.Features.Checkpoints;

public sealed class CheckpointTreeTests
{
    [Fact]
    public void Children_stand_under_their_parent_and_the_oldest_comes_first()
    {
        var nodes = CheckpointTree.Of([Point(3, 1), Point(1), Point(4, 2), Point(2, 1), Point(5)], null);

        Assert.Equal(["1:0", "2:1", "4:2", "3:1", "5:0"], nodes.Select(n => $"{n.Point.Name}:{n.Depth}"));
    }

    [Fact]
    public void A_checkpoint_whose_parent_is_gone_is_a_root_and_a_ring_loses_nobody()
    {
        Assert.Equal(["1:0"], CheckpointTree.Of([Point(1, 9)], null).Select(n => $"{n.Point.Name}:{n.Depth}"));
        Assert.Equal(["1:0", "2:1"], CheckpointTree.Of([Point(1, 2), Point(2, 1)], null).Select(n => $"{n.Point.Name}:{n.Depth}"));
    }

    [Fact]
    public void Its_size_is_that_of_its_files_and_unknown_if_one_of_them_is()
    {
        var disks = new VirtualDiskList { Items = [new(@"D:\a.vhdx") { FileSize = ByteSize.FromGiB(3) }, new(@"D:\b.vhdx") { FileSize = ByteSize.FromGiB(4) }, new(@"D:\c.vhdx")] };

        Assert.Equal(ByteSize.FromGiB(7), Assert.Single(CheckpointTree.Of([Point(1) with { DiskPaths = [@"d:\A.vhdx", @"D:\b.vhdx"] }], disks)).Size);
        Assert.Null(Assert.Single(CheckpointTree.Of([Point(1) with { DiskPaths = [@"D:\a.vhdx", @"D:\c.vhdx"] }], disks)).Size);
        Assert.Null(Assert.Single(CheckpointTree.Of([Point(1)], disks)).Size);
    }

    private static Checkpoint Point(int number, int? parent = null) => Sample.Checkpoint with
    {
        Id = Id(number), Name = $"{number}", CreatedAt = Sample.Now.AddHours(number), ParentId = parent is { } p ? Id(p) : null,
    };

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
