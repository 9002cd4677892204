using HyperVDash.Agent.Tests.Scenarios;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Print;

namespace HyperVDash.Agent.Tests.Collect.Print;

/// <summary>A print server over the real protocol, well and in trouble.</summary>
public sealed class PrintServerTests
{
    private static readonly string[] Section = ["printServer"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Aliases_are_read_by_the_type_that_the_registry_says()
    {
        var first = (await LabReading.OfHostAsync("print-farm", "PRT1", Section, Stop)).PrintServer.Content!.Aliases!;
        var third = (await LabReading.OfHostAsync("print-farm", "PRT3", Section, Stop)).PrintServer.Content!.Aliases!;

        // A list typed into one text stays what it is: the mistake to be shown.
        Assert.Equal((RegistryType.String, "OLDPRN1,OLDPRN2"), (first.OptionalNamesType, Assert.Single(first.OptionalNames!.Value)));
        Assert.Equal(RegistryType.MultiString, third.OptionalNamesType);
        Assert.Equal(["OLDLABEL", "LABELS"], third.OptionalNames!.Value);
        Assert.Equal((true, 1, true, null, 1), (first.IsStrictNameCheckingOff, first.HardeningLevel, first.IsDnsOnWire, first.NtlmRestriction, first.RpcPrivacy));
        Assert.Empty(first.AllowedNames!.Value);
        Assert.Null(first.BackConnectionNames);
        Assert.Equal(["labels", "labels.lab.example"], third.BackConnectionNames!.Value);
        Assert.Empty(first.Unread);
    }

    [Fact]
    public async Task A_value_that_is_absent_is_not_set_and_not_unread()
    {
        var server = (await LabReading.OfHostAsync("print-farm", "PRT2", Section, Stop)).PrintServer.Content!;

        Assert.Equal(SpoolerPolicy.NotConfigured, (await LabReading.OfHostAsync("print-farm", "PRT6", Section, Stop)).PrintServer.Content!.Policy);
        Assert.Equal((false, null, false), (server.Aliases!.IsStrictNameCheckingOff, server.Aliases.HardeningLevel, server.Aliases.IsDnsOnWire));
        Assert.Null(server.Aliases.AllowedNames);
        Assert.Empty(server.Aliases.Unread);
        Assert.NotNull(server.SpoolerStartedAt);
        Assert.NotNull(server.Aliases.ServerServiceStartedAt);
    }

    [Fact]
    public async Task A_pre_release_host_shares_its_queue_with_driver_and_port()
    {
        var section = (await LabReading.OfHostAsync("prerelease-2008", "PRE2", Section, Stop)).PrintServer;

        Assert.Equal(SectionState.Complete, section.Attempt.State);
        var queue = Assert.Single(section.Content!.Queues!.Value);
        Assert.Equal(("Laser", "LASER", "HP LaserJet 4200 PCL6", "3", "6.0.6001.17051"), (queue.Name, queue.ShareName, queue.Driver, queue.DriverVersion, queue.DriverFileVersion));
        Assert.Equal(["Windows NT x86", "Windows x64"], queue.Environments);
        Assert.Equal(("192.168.20.5", 9100, null), (queue.PortAddress, queue.PortNumber, queue.PortQueue));
        Assert.Equal(RegistryType.String, section.Content.Aliases!.OptionalNamesType);
    }

    [Fact]
    public async Task Only_what_is_shared_is_a_queue_and_LPR_names_its_own()
    {
        var queues = (await LabReading.OfHostAsync("print-farm", "PRT1", Section, Stop)).PrintServer.Content!.Queues!.Value;

        Assert.DoesNotContain(queues, q => q.Name.Contains("XPS", StringComparison.Ordinal));
        Assert.Equal(("lp1", 515), (queues.Single(q => q.ShareName == "SCAN").PortQueue, queues.Single(q => q.ShareName == "SCAN").PortNumber));
    }

    [Fact]
    public async Task A_host_without_the_role_is_asked_for_nothing_more_and_is_absent()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "HVP1", Section, Stop, "HVP1/Win32_Printer=denied")).PrintServer;

        Assert.Equal((SectionState.Absent, "The print role is not installed on this host."), (section.Attempt.State, section.Attempt.Reason));
    }

    [Theory]
    [InlineData("Win32_Printer=denied", "queues: ")]
    [InlineData("Win32_PrinterDriver=non-xml", "drivers: ")]
    [InlineData("Win32_TCPIPPrinterPort=missing-class", "ports: ")]
    [InlineData("Win32_Process=denied", "start of the spooler: ")]
    [InlineData("CIM_DataFile=denied", "driver files: ")]
    public async Task What_could_not_be_read_is_named_and_never_empty(string fault, string gap)
    {
        var section = (await LabReading.OfHostAsync("print-farm", "PRT1", Section, Stop, $"PRT1/{fault}")).PrintServer;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Contains(section.Attempt.Missing, m => m.StartsWith(gap, StringComparison.Ordinal));
        if (gap == "queues: ")
        {
            Assert.Null(section.Content!.Queues);
        }
        else
        {
            Assert.Equal(5, section.Content!.Queues!.Value.Length);
        }
    }

    [Fact]
    public async Task Queues_of_a_spooler_that_does_not_run_are_not_none()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "PRT1", Section, Stop, "PRT1/Win32_Process=empty", "PRT1/Win32_Printer=empty")).PrintServer;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Null(section.Content!.Queues);
        Assert.Null(section.Content.SpoolerStartedAt);
        Assert.Contains("queues: the Print Spooler does not run, so it lists none.", section.Attempt.Missing);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_asked_leaves_policy_and_aliases_unknown()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "PRT1", Section, Stop, "PRT1/StdRegProv=denied")).PrintServer;

        Assert.Equal(SectionState.Partial, section.Attempt.State);
        Assert.Equal(SpoolerPolicy.Unknown, section.Content!.Policy);
        Assert.Null(section.Content.Aliases!.IsStrictNameCheckingOff);
        Assert.Contains("OptionalNames", section.Content.Aliases.Unread);
        Assert.Contains("DnsOnWire", section.Content.Aliases.Unread);
        Assert.Equal(5, section.Content.Queues!.Value.Length);
    }

    [Fact]
    public async Task Roles_that_may_not_be_listed_deny_the_section()
    {
        var section = (await LabReading.OfHostAsync("print-farm", "PRT1", Section, Stop, "PRT1/Win32_ServerFeature=denied")).PrintServer;

        Assert.Equal(SectionState.Denied, section.Attempt.State);
    }
}
