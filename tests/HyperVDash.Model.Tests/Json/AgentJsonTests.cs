using System.Text.Json;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Model.Tests.Json;

public sealed class AgentJsonTests
{
    [Fact]
    public void A_reading_survives_its_way_over_the_wire()
    {
        var text = JsonSerializer.Serialize(Sample.Host, AgentJson.Options);

        var back = JsonSerializer.Deserialize<HostReading>(text, AgentJson.Options)!;

        Assert.Equal(text, JsonSerializer.Serialize(back, AgentJson.Options));
        Assert.Contains("\"virtualMachines\":{\"content\":{\"items\":[{\"id\":\"11111111", text, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"running\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_word_of_a_newer_agent_reads_as_unknown()
    {
        var attempt = JsonSerializer.Deserialize<Attempt>("""{"state":"postponed","took":3}""", AgentJson.Options)!;

        Assert.Equal(SectionState.Unknown, attempt.State);
        Assert.Empty(attempt.Missing);
    }
}
