using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The Hyper-V services themselves and their settings; an account without rights does not see them.</summary>
internal static class ServiceRows
{
    public static void Write(HostTables t)
    {
        foreach (string cimNamespace in (string[])[.. t.HasV1 ? [HostTables.V1] : Array.Empty<string>(), .. t.HasV2 ? [HostTables.V2] : Array.Empty<string>()])
        {
            AddService(t, cimNamespace, "Msvm_VirtualSystemManagementService", "vmms");
            AddService(t, cimNamespace, "Msvm_ImageManagementService", cimNamespace == HostTables.V1 ? "vhdsvc" : "vmms");
            var settings = t.Add(cimNamespace, new("Msvm_VirtualSystemManagementServiceSettingData")
            {
                ["InstanceID"] = $"Microsoft:{t.Description.Name}", ["ElementName"] = t.Words.VirtualMachineManagement, ["BiosLockString"] = "",
                ["DefaultExternalDataRoot"] = @"C:\ProgramData\Microsoft\Windows\Hyper-V", ["DefaultVirtualHardDiskPath"] = @"D:\VHD", ["MinimumMacAddress"] = Range(t, "00"),
                ["MaximumMacAddress"] = Range(t, "FF"), ["PrimaryOwnerName"] = @"LAB\Administrators",
            });
            if (cimNamespace == HostTables.V2 || t.Since("2008R2"))
            {
                settings["NumaSpanningEnabled"] = true;
            }
        }

        if (t.HasV2)
        {
            t.Add(HostTables.V2, new("Msvm_VirtualSystemMigrationServiceSettingData")
            {
                ["InstanceID"] = $"Microsoft:{t.Description.Name}", ["EnableVirtualSystemMigration"] = t.Description.Cluster is not null, ["MaximumActiveVirtualSystemMigration"] = 2,
                ["MaximumActiveStorageMigration"] = 2, ["AuthenticationType"] = 1,
            });
        }
    }

    private static string Range(HostTables t, string last) => Ids.Mac($"range/{t.Description.Name}")[..10] + last;

    private static void AddService(HostTables t, string cimNamespace, string className, string name) => t.Add(cimNamespace, new LabInstance(className)
    {
        ["CreationClassName"] = className, ["Name"] = name, ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = t.Description.Name,
        ["ElementName"] = t.Words.VirtualMachineManagement, ["Caption"] = t.Words.VirtualMachineManagement, ["EnabledState"] = 5, ["EnabledDefault"] = 2, ["RequestedState"] = 12,
        ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Started"] = true, ["StartMode"] = "Automatic", ["Status"] = "OK",
    });
}
