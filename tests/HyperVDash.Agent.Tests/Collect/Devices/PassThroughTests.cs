using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Tests.Collect.Disks;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect.Devices;

public sealed class PassThroughTests
{
    private static readonly Guid Vm = new("04fb9e92-0000-4000-8000-000000000001");
    [Theory]
    [InlineData(4L, 4, false)]
    [InlineData(65535L, null, true)]
    [InlineData(null, null, true)]
    public async Task A_disk_of_thehost_that_is_not_there_is_dangling(long? number, int? expected, bool isDangling)
    {
        var host = new PaperHost();
        host.Add(PaperHost.V2, "Msvm_ComputerSystem", ("Name", Vm.ToString()), ("ElementName", "a"), ("EnabledState", 2L));
        host.Add(PaperHost.V2, "Msvm_ResourceAllocationSettingData", ("InstanceID", $@"Microsoft:{Vm}\5F053DDB-3C35-4A44-8E4E-2056CC3A440A\0\0\D"), ("ResourceType", 17L), ("AddressOnParent", "0"),
            ("HostResource", new List<object?> { @"\\HV\root\virtualization\v2:Msvm_DiskDrive.CreationClassName=""Msvm_DiskDrive"",DeviceID=""Microsoft:353B3BE8-310C-4cf4-839E-4E1B14616136\\4"",SystemCreationClassName=""Msvm_ComputerSystem"",SystemName=""HV""" }));
        host.Add(PaperHost.V2, "Msvm_DiskDrive", ("DeviceID", number is null ? "another" : @"Microsoft:353B3BE8-310C-4cf4-839E-4E1B14616136\4"), ("DriveNumber", number ?? 1));
        await using var collector = new HostCollector("h", "wsman", Origin.Host, "paper", () => host, new CollectorOptions(), "t", new FakeTimeProvider());

        var drive = Assert.Single((await collector.ReadAsync(["devices"], TestContext.Current.CancellationToken)).Devices.Content!.Drives!.Value);

        Assert.Equal((DriveContent.PassThrough, expected, isDangling), (drive.Content, drive.HostDiskNumber, drive.IsDangling));
    }
}
