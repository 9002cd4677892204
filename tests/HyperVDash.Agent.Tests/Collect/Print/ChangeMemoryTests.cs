using HyperVDash.Agent.Collect.Memory;

namespace HyperVDash.Agent.Tests.Collect.Print;

/// <summary>When a setting was seen to change, so that a service that started before is known to work with the old one.</summary>
public sealed class ChangeMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private readonly HostMemory _memory = HostMemory.Volatile();

    [Fact]
    public void The_first_look_is_no_change()
    {
        Assert.Equal(new SeenChange(null, null), Look("Disabled", 0));
        Assert.Equal(new SeenChange(null, null), Look("Disabled", 10));
    }

    [Fact]
    public void A_change_lies_between_the_last_look_at_the_old_value_and_the_first_at_the_new()
    {
        Look("Disabled", 0);
        Look("Disabled", 10);

        Assert.Equal(new SeenChange(Start.AddMinutes(20), Start.AddMinutes(10)), Look("Enabled", 20));
        Assert.Equal(new SeenChange(Start.AddMinutes(20), Start.AddMinutes(10)), Look("Enabled", 30));
    }

    private SeenChange Look(string value, int minutes) => ChangeMemory.Of(_memory, "print/policy", value, Start.AddMinutes(minutes));
}
