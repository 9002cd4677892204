using HyperVDash.Agent.Targets;

namespace HyperVDash.Agent.Tests.Targets;

public sealed class LocalHyperVTests
{
    [Theory]
    [InlineData(true, @"SYSTEM\CurrentControlSet\Services\vmms", true)]
    [InlineData(true, @"SYSTEM\CurrentControlSet\Services\Spooler", false)]
    [InlineData(false, @"SYSTEM\CurrentControlSet\Services\vmms", false)]
    public void Role_is_the_key_of_the_management_service_on_Windows(bool isWindows, string present, bool hasRole) =>
        Assert.Equal(hasRole, new LocalHyperV(() => isWindows, key => key == present).HasRole);

    [Fact]
    public void Registry_is_not_touched_elsewhere() =>
        Assert.False(new LocalHyperV(() => false, _ => throw new PlatformNotSupportedException()).HasRole);

    [Fact]
    public void This_computer_is_a_target_without_mistakes_that_Windows_itself_reads()
    {
        var target = new LocalHyperV(() => true, _ => true).Target;

        Assert.Empty(target.Mistakes("Agent:Targets:0"));
        Assert.True(TargetSessions.Mmi(target).IsLocal);
    }
}
