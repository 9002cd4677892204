using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Agent.Tests.Collect.VirtualMachines;

public sealed class StateWordsTests
{
    [Theory]
    [InlineData(32768, VirtualMachineActivity.CreatingCheckpoint), InlineData(32769, VirtualMachineActivity.ApplyingCheckpoint), InlineData(32770, VirtualMachineActivity.DeletingCheckpoint)]
    [InlineData(32771, VirtualMachineActivity.WaitingToStart), InlineData(32772, VirtualMachineActivity.MergingDisks), InlineData(32773, VirtualMachineActivity.Exporting)]
    [InlineData(32774, VirtualMachineActivity.Migrating), InlineData(32775, null), InlineData(2, null)]
    public void The_second_number_tells_what_the_host_does(int number, VirtualMachineActivity? expected) => Assert.Equal(expected, StateWords.Activity([2, number]));

    [Fact]
    public void One_number_or_none_tells_no_activity()
    {
        // 32772 in the first place is no activity.
        Assert.Null(StateWords.Activity([32772]));
        Assert.Null(StateWords.Activity(null));
    }
}
