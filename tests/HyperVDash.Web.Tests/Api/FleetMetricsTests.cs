using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Web.Api;
using HyperVDash.Web.Fleet;
using HyperVDash.Web.Tests.Fleet;

namespace HyperVDash.Web.Tests.Api;

public sealed class FleetMetricsTests
{
    private static readonly AgentLink Mute = new("far \"agent\"", new Uri("http://127.0.0.1:2/"), null, false, "Connection refused.");

    [Fact]
    public void Before_the_first_reading_there_is_no_number_of_findings_that_could_be_taken_for_health()
    {
        string text = FleetMetrics.Of(new FleetView(Sample.Now, [Mute], [], [], [], 0));

        Assert.DoesNotContain("hypervdash_findings", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hypervdash_unknown_checks", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_hosts_expected 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_agent_connected{agent=\"far \\\"agent\\\"\"} 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void While_a_host_was_not_tried_yet_neither()
    {
        string text = FleetMetrics.Of(new FleetView(Sample.Now, [Fleets.Agent(true, Sample.Host)], [Sample.Host], [], [], 2));

        Assert.DoesNotContain("hypervdash_findings", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_hosts_expected 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_hosts_tried 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_open_is_told_while_other_hosts_were_not_tried_yet_and_no_severity_is_called_free_of_findings()
    {
        string text = FleetMetrics.Of(new FleetView(
            Sample.Now, [Fleets.Agent(true, Sample.Host)], [Sample.Host], [Fleets.Finding(Severity.Critical, Fleets.Ref(Sample.Host))], [new RuleTally("HVD401", 4, 3, 0, 1, 0)], 2));

        Assert.Contains("\nhypervdash_findings{severity=\"critical\",origin=\"host\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_unknown_checks{origin=\"host\"} 1\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.StartsWith("hypervdash_findings{", StringComparison.Ordinal));
    }

    [Fact]
    public void With_every_host_read_the_numbers_are_there()
    {
        string text = FleetMetrics.Of(new FleetView(Sample.Now, [Fleets.Agent(true, Sample.Host)], [Sample.Host], [], [], 1));

        Assert.Contains("\nhypervdash_findings{severity=\"critical\",origin=\"host\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_unknown_checks{origin=\"host\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_agent_connected{agent=\"lab agent\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_host_current{host=\"HV01\",origin=\"host\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhypervdash_section_complete{host=\"HV01\",section=\"switches\",origin=\"host\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_whose_agent_is_silent_is_not_current_and_nothing_of_it_counts_as_read()
    {
        string text = FleetMetrics.Of(new FleetView(Sample.Now, [Fleets.Agent(false, Sample.Host)], [Sample.Host], [], [], 1));

        Assert.Contains("\nhypervdash_host_current{host=\"HV01\",origin=\"host\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("hypervdash_section_complete", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
    }
}
