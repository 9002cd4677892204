using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect.Hosts;

public sealed class HyperVSettingsTests
{
    private const string Registry = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization";

    private static LabInstance Settings(string? first = null, string? last = null) => new("Msvm_VirtualSystemManagementServiceSettingData")
    {
        ["InstanceID"] = "Microsoft:HAND", ["DefaultVirtualHardDiskPath"] = @"D:\VHD", ["MinimumMacAddress"] = first, ["MaximumMacAddress"] = last,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_release_keeps_its_range_of_addresses_in_the_registry_as_bytes_or_as_text(bool isBinary)
    {
        await using var host = new HandMadeHost("2008R2", "6002");
        host.Add(HandMadeHost.V1, Settings());
        host.Key(Registry)["MinimumMacAddress"] = isBinary ? new byte[] { 0, 0x15, 0x5D, 1, 2, 0 } : "00-15-5D-01-02-00";
        host.Key(Registry)["MaximumMacAddress"] = isBinary ? new byte[] { 0, 0x15, 0x5D, 1, 2, 255 } : "00-15-5d-01-02-ff";

        var settings = (await host.ReadAsync("hyperVSettings")).HyperVSettings.Content!;

        Assert.Equal(("00155D010200", "00155D0102FF"), (settings.MinimumMacAddress, settings.MaximumMacAddress));
    }

    [Fact]
    public async Task Nothing_is_made_up_where_the_host_says_nothing()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Add(HandMadeHost.V2, Settings("00155D010200", "00155D0102FF"));

        var section = (await host.ReadAsync("hyperVSettings")).HyperVSettings;

        Assert.Equal(SectionState.Complete, section.Attempt.State);
        Assert.Equal((null, null, null, null, null), (section.Content!.DefaultVirtualMachinePath, section.Content.IsNumaSpanning, section.Content.IsEnhancedSession, section.Content.OfferedIntegrationServices, section.Content.IsCredentialGuardRunning));
        Assert.Equal(0, section.Content.Partitions);
    }

    [Fact]
    public async Task Counters_without_an_instance_are_not_believed_while_a_VM_runs()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Add(HandMadeHost.V2, Settings());
        host.Add(HandMadeHost.V2, new("Msvm_ComputerSystem") { ["Name"] = "4EA7033C-356C-4EBA-9F77-1A3399CFCD72", ["CreationClassName"] = "Msvm_ComputerSystem", ["EnabledState"] = 2 });

        var section = (await host.ReadAsync("hyperVSettings")).HyperVSettings;

        Assert.Null(section.Content!.Partitions);
        Assert.Equal(SectionState.Partial, section.Attempt.State);
    }

    [Fact]
    public async Task An_empty_answer_means_a_right_is_missing_because_every_host_has_its_settings()
    {
        await using var host = new HandMadeHost("2022", "20348");

        Assert.Equal(SectionState.Denied, (await host.ReadAsync("hyperVSettings")).HyperVSettings.Attempt.State);
    }

    [Fact]
    public async Task Offered_integration_services_come_from_the_registry_or_else_from_the_service_itself()
    {
        await using var host = new HandMadeHost("2012R2", "9600");
        host.Add(HandMadeHost.V2, Settings());
        host.Add(HandMadeHost.Cimv2, new("CIM_DataFile") { ["Name"] = @"c:\windows\system32\vmms.exe", ["Version"] = "6.3.9600.18907" });
        var file = (await host.ReadAsync("operatingSystem", "hyperVSettings")).HyperVSettings.Content!;

        host.Key($@"{Registry}\GuestInstaller\Version")["Microsoft-Hyper-V-Guest-Installer-Win6x-Package"] = "6.3.9600.19000";
        var registry = (await host.ReadAsync("operatingSystem", "hyperVSettings")).HyperVSettings.Content!;

        Assert.Equal(("6.3.9600.18907", "file version of vmms.exe"), (file.OfferedIntegrationServices, file.OfferedIntegrationServicesSource));
        Assert.Equal(("6.3.9600.19000", @"registry GuestInstaller\Version"), (registry.OfferedIntegrationServices, registry.OfferedIntegrationServicesSource));
    }

    [Fact]
    public async Task Processors_are_never_asked_for_all_their_columns_because_one_of_them_takes_a_second_a_socket()
    {
        await using var host = new HandMadeHost("2022", "20348");
        host.Add(HandMadeHost.Cimv2, new("Win32_Processor") { ["DeviceID"] = "CPU0", ["Caption"] = "Prozessor" });
        var read = await host.ReadAsync("processors");
        host.Faults.Set(LabFault.Parse("HAND/Win32_Processor=missing-property:MaxClockSpeed"));
        await host.ReadAsync("processors");

        Assert.Null(Assert.Single(read.Processors.Content!.Items).Family);
        Assert.All(host.Log.All.Where(r => r.Class == "Win32_Processor"), r =>
        {
            Assert.DoesNotContain("LoadPercentage", r.Wql, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("*", r.Wql, StringComparison.Ordinal);
        });
    }
}
