using System.Globalization;
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
            if (cimNamespace == HostTables.V2)
            {
                AddService(t, cimNamespace, "Msvm_ReplicationService", "vmms");
            }

            AddService(t, cimNamespace, "Msvm_ImageManagementService", cimNamespace == HostTables.V1 ? "vhdsvc" : "vmms");
            var settings = t.Add(cimNamespace, new("Msvm_VirtualSystemManagementServiceSettingData")
            {
                ["InstanceID"] = $"Microsoft:{t.Description.Name}", ["ElementName"] = t.Words.VirtualMachineManagement, ["BiosLockString"] = "",
                ["DefaultExternalDataRoot"] = t.Description.DefaultVmPath, ["DefaultVirtualHardDiskPath"] = t.Description.DefaultDiskPath, ["MinimumMacAddress"] = MacRange(t).First,
                ["MaximumMacAddress"] = MacRange(t).Last, ["PrimaryOwnerName"] = @"LAB\Administrators",
            });
            if (cimNamespace == HostTables.V2 || t.Since("2008R2"))
            {
                settings["NumaSpanningEnabled"] = t.Description.IsNumaSpanning;
            }

            if (cimNamespace == HostTables.V2 && t.Since("2012R2"))
            {
                settings["EnhancedSessionModeEnabled"] = false;
            }
        }

        if (t.HasV2)
        {
            WriteMigration(t);
            WriteReplica(t);
        }
    }

    private static void WriteMigration(HostTables t)
    {
        var migration = t.Description.Migration ?? new LabMigration { IsEnabled = t.Description.Cluster is not null };
        var row = t.Add(HostTables.V2, new("Msvm_VirtualSystemMigrationServiceSettingData")
        {
            ["InstanceID"] = $"Microsoft:{t.Description.Name}", ["EnableVirtualSystemMigration"] = migration.IsEnabled, ["MaximumActiveVirtualSystemMigration"] = migration.Maximum,
            ["MaximumActiveStorageMigration"] = 2, ["AuthenticationType"] = migration.Authentication,
        });
        if (t.Since("2012R2"))
        {
            row["EnableCompression"] = true;
            row["EnableSmbTransport"] = migration.UsesSmb;
        }

        foreach (var (network, i) in migration.Networks.Select((n, i) => (n, i)))
        {
            string[] parts = network.Split('/');
            t.Add(HostTables.V2, new("Msvm_VirtualSystemMigrationNetworkSettingData")
            {
                ["InstanceID"] = $@"Microsoft:{t.Description.Name}\{i}", ["SubnetNumber"] = parts[0], ["PrefixLength"] = byte.Parse(parts[1], CultureInfo.InvariantCulture), ["Metric"] = (uint)i,
                ["Tags"] = (string[])["Microsoft:UserManagedAllNetworks"],
            });
        }
    }

    private static void WriteReplica(HostTables t)
    {
        var replica = t.Description.Replica;
        t.Add(HostTables.V2, new("Msvm_ReplicationServiceSettingData")
        {
            ["InstanceID"] = $@"Microsoft:{t.Description.Name}\HVR", ["RecoveryServerEnabled"] = replica.IsEnabled, ["AllowedAuthenticationType"] = replica.Authentication, ["HttpPort"] = 80,
            ["HttpsPort"] = 443, ["CertificateThumbPrint"] = replica.Thumbprint ?? "", ["MonitoringInterval"] = 43_200, ["MonitoringStartTime"] = 0,
        });
        foreach (var (primary, i) in replica.AllowedPrimaries.Select((p, i) => (p, i)))
        {
            t.Add(HostTables.V2, new("Msvm_ReplicationAuthorizationSettingData")
            {
                ["InstanceID"] = $@"Microsoft:{t.Description.Name}\HVR\{i}", ["AllowedPrimaryHostSystem"] = primary, ["TrustGroup"] = "default", ["ReplicaStorageLocation"] = @"D:\Replica",
            });
        }
    }

    /// <summary>First or last address of the host's own range.</summary>
    public static (string First, string Last) MacRange(HostTables t) => t.Description.MacRange ?? (Ids.Mac($"range/{t.Description.Name}")[..10] + "00", Ids.Mac($"range/{t.Description.Name}")[..10] + "FF");

    private static void AddService(HostTables t, string cimNamespace, string className, string name) => t.Add(cimNamespace, new LabInstance(className)
    {
        ["CreationClassName"] = className, ["Name"] = name, ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = t.Description.Name,
        ["ElementName"] = t.Words.VirtualMachineManagement, ["Caption"] = t.Words.VirtualMachineManagement, ["EnabledState"] = 5, ["EnabledDefault"] = 2, ["RequestedState"] = 12,
        ["HealthState"] = 5, ["OperationalStatus"] = (ushort[])[2], ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally], ["Started"] = true, ["StartMode"] = "Automatic", ["Status"] = "OK",
    });
}
