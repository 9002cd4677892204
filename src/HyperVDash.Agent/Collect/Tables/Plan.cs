namespace HyperVDash.Agent.Collect.Tables;

/// <summary>Every question that the agent asks, one class each. The number of questions does not depend on the number of VMs.</summary>
internal static class Plan
{
    private const int Release2016 = 14393;
    private const int Release2019 = 17763;
    private const int Release2012R2 = 9600;
    private const string Cimv2 = "root/cimv2";
    private const string Standard = "root/StandardCimv2";
    private const string Cluster = "root/MSCluster";

    // Both Hyper-V namespaces, by the one in use.
    public static TableQuery Systems(HostFacts h) => h.IsV1
        ? new(h.HyperV, "Msvm_ComputerSystem", "Name", "ElementName", "EnabledState", "HealthState", "OperationalStatus", "OnTimeInMilliseconds", "ProcessID",
            "TimeOfLastStateChange", "TimeOfLastConfigurationChange") { Identity = "Name" }
        : new(h.HyperV, "Msvm_ComputerSystem", "Name", "ElementName", "EnabledState", "HealthState", "OperationalStatus", "OnTimeInMilliseconds", "ProcessID",
            "TimeOfLastStateChange", "TimeOfLastConfigurationChange", "ReplicationState", "ReplicationHealth", "ReplicationMode", "LastReplicationTime",
            "LastApplicationConsistentReplicationTime", "LastSuccessfulBackupTime") { Identity = "Name" };

    public static TableQuery ManagementService(HostFacts h) => new(h.HyperV, "Msvm_VirtualSystemManagementService",
        "Name", "CreationClassName", "SystemCreationClassName", "SystemName");

    /// <summary>2016 and later, perhaps 2012 and 2012 R2 (nobody has confirmed it); elsewhere a method answers (<see cref="SummaryCall"/>).</summary>
    public static readonly TableQuery Summaries = new(HostFacts.V2, "Msvm_SummaryInformation",
        "Name", "ProcessorLoad", "MemoryUsage", "MemoryAvailable", "AvailableMemoryBuffer", "SwapFilesInUse", "MemorySpansPhysicalNumaNodes", "Heartbeat",
        "IntegrationServicesVersionState") { Identity = "Name" };

    public static TableQuery Settings(HostFacts h) => new(h.HyperV, "Msvm_VirtualSystemSettingData") { Identity = "InstanceID" };

    public static readonly TableQuery GlobalSettings = new(HostFacts.V1, "Msvm_VirtualSystemGlobalSettingData") { Identity = "InstanceID" };

    public static TableQuery Memory(HostFacts h) => new(h.HyperV, "Msvm_MemorySettingData",
        "InstanceID", "VirtualQuantity", "Reservation", "Limit", "Weight", "DynamicMemoryEnabled", "TargetMemoryBuffer") { Identity = "InstanceID" };

    public static TableQuery Processors(HostFacts h) => h is { IsV1: false, Build: >= Release2016 }
        ? new(h.HyperV, "Msvm_ProcessorSettingData",
            "InstanceID", "VirtualQuantity", "Limit", "Reservation", "Weight", "LimitProcessorFeatures", "ExposeVirtualizationExtensions") { Identity = "InstanceID" }
        : new(h.HyperV, "Msvm_ProcessorSettingData", "InstanceID", "VirtualQuantity", "Limit", "Reservation", "Weight", "LimitProcessorFeatures") { Identity = "InstanceID" };

    /// <summary>2016 and later.</summary>
    public static readonly TableQuery Security = new(HostFacts.V2, "Msvm_SecuritySettingData") { Identity = "InstanceID" };

    /// <summary>2012 R2 and later; before, Msvm_ComputerSystem tells.</summary>
    public static readonly TableQuery ReplicationRelations = new(HostFacts.V2, "Msvm_ReplicationRelationship") { Identity = "InstanceID" };

    public static readonly TableQuery ReplicationSettings = new(HostFacts.V2, "Msvm_ReplicationSettingData") { Identity = "InstanceID" };

    /// <summary>What the release tells of a VM's settings beside the settings themselves.</summary>
    public static IEnumerable<TableQuery> MoreSettings(HostFacts h) => h switch
    {
        { IsV1: true } => [],
        { Build: < Release2012R2 } => [ReplicationSettings],
        { Build: < Release2016 } => [ReplicationSettings, ReplicationRelations],
        _ => [ReplicationSettings, ReplicationRelations, Security],
    };

    public static TableQuery Resources(HostFacts h) => h.IsV1
        ? new(h.HyperV, "Msvm_ResourceAllocationSettingData", "InstanceID", "Parent", "Address", "ResourceType", "ResourceSubType", "HostResource", "Connection", "ElementName")
        {
            Where = "ResourceType=5 OR ResourceType=6 OR ResourceType=14 OR ResourceType=16 OR ResourceType=17 OR ResourceType=20 OR ResourceType=21 OR ResourceType=22",
            Identity = "InstanceID",
        }
        : new(h.HyperV, "Msvm_ResourceAllocationSettingData", "InstanceID", "Parent", "Address", "AddressOnParent", "ResourceType", "ResourceSubType", "HostResource", "Connection", "ElementName")
        {
            Where = "ResourceType=5 OR ResourceType=6 OR ResourceType=7 OR ResourceType=14 OR ResourceType=16 OR ResourceType=17 OR ResourceType=21 OR ResourceType=24 OR ResourceType=32769 OR ResourceType=32770 OR ResourceType=32771",
            Identity = "InstanceID",
        };

    /// <summary>Devices of the host given to a VM; 2016 and later.</summary>
    public static readonly TableQuery AssignedDevices = new(HostFacts.V2, "Msvm_PciExpressSettingData") { Identity = "InstanceID" };

    /// <summary>2019 and later.</summary>
    public static readonly TableQuery GpuPartitions = new(HostFacts.V2, "Msvm_GpuPartitionSettingData") { Identity = "InstanceID" };

    /// <summary>Classes beside the resources that give VMs a device, as far as the release can have them.</summary>
    public static IEnumerable<TableQuery> OtherDevices(HostFacts h) => h switch
    {
        { IsV1: true } or { Build: < Release2016 } => [],
        { Build: < Release2019 } => [AssignedDevices],
        _ => [AssignedDevices, GpuPartitions],
    };

    /// <summary>The widest class of all, with a row for each image of each checkpoint too.</summary>
    public static TableQuery Storage(HostFacts h) => h is { Build: < Release2012R2 }
        ? new(HostFacts.V2, "Msvm_StorageAllocationSettingData", "InstanceID", "Parent", "HostResource") { Identity = "InstanceID" }
        : new(HostFacts.V2, "Msvm_StorageAllocationSettingData",
            "InstanceID", "Parent", "HostResource", "PersistentReservationsSupported", "IOPSLimit", "IOPSReservation") { Identity = "InstanceID" };

    public static TableQuery SyntheticNics(HostFacts h) => Nics(h, "Msvm_SyntheticEthernetPortSettingData");

    public static TableQuery LegacyNics(HostFacts h) => Nics(h, "Msvm_EmulatedEthernetPortSettingData");

    public static readonly TableQuery Connections = new(HostFacts.V2, "Msvm_EthernetPortAllocationSettingData",
        "InstanceID", "Parent", "HostResource", "EnabledState", "ElementName", "PoolID", "LastKnownSwitchName") { Identity = "InstanceID" };

    public static readonly TableQuery Vlans = new(HostFacts.V2, "Msvm_EthernetSwitchPortVlanSettingData",
        "InstanceID", "OperationMode", "AccessVlanId", "NativeVlanId", "TrunkVlanIdArray", "PvlanMode", "PrimaryVlanId", "SecondaryVlanId") { Identity = "InstanceID" };

    public static readonly TableQuery PortSecurity = new(HostFacts.V2, "Msvm_EthernetSwitchPortSecuritySettingData",
        "InstanceID", "AllowMacSpoofing", "EnableDhcpGuard", "EnableRouterGuard", "AllowTeaming", "MonitorMode") { Identity = "InstanceID" };

    public static readonly TableQuery PortBandwidth = new(HostFacts.V2, "Msvm_EthernetSwitchPortBandwidthSettingData", "InstanceID", "Reservation", "Weight", "Limit") { Identity = "InstanceID" };

    public static readonly TableQuery PortOffload = new(HostFacts.V2, "Msvm_EthernetSwitchPortOffloadSettingData", "InstanceID", "VMQOffloadWeight", "IOVOffloadWeight") { Identity = "InstanceID" };

    public static TableQuery DiskDrives(HostFacts h) => new(h.HyperV, "Msvm_DiskDrive", "DeviceID", "DriveNumber", "SystemName", "ElementName") { Identity = "DeviceID" };

    // Switches.
    public static readonly TableQuery SwitchesV2 = new(HostFacts.V2, "Msvm_VirtualEthernetSwitch", "Name", "ElementName") { Identity = "Name" };
    public static readonly TableQuery SwitchSettings = new(HostFacts.V2, "Msvm_VirtualEthernetSwitchSettingData") { Identity = "InstanceID" };
    public static readonly TableQuery SwitchTeaming = new(HostFacts.V2, "Msvm_VirtualEthernetSwitchNicTeamingSettingData", "InstanceID", "TeamingMode", "LoadBalancingAlgorithm") { Identity = "InstanceID" };
    public static readonly TableQuery SwitchOffload = new(HostFacts.V2, "Msvm_EthernetSwitchHardwareOffloadData", "SystemName", "VmqCapacity", "VmqUsage", "IovVfCapacity", "IovVfUsage") { Identity = "SystemName" };
    public static readonly TableQuery SwitchExtensions = new(HostFacts.V2, "Msvm_EthernetSwitchExtension", "Name", "SystemName", "EnabledState", "ElementName") { Identity = "Name", Owner = "SystemName" };
    public static readonly TableQuery PortSap = new(HostFacts.V2, "Msvm_EthernetDeviceSAPImplementation");
    public static readonly TableQuery TeamMembers = new(HostFacts.V2, "Msvm_VirtualEthernetSwitchNicTeamingMember");
    public static readonly TableQuery WiFiPorts = new(HostFacts.V2, "Msvm_WiFiPort", "DeviceID", "ElementName", "PermanentAddress", "Speed", "IsBound") { Identity = "DeviceID" };
    public static readonly TableQuery SwitchesV1 = new(HostFacts.V1, "Msvm_VirtualSwitch", "Name", "ElementName") { Identity = "Name" };
    public static readonly TableQuery SwitchPorts = new(HostFacts.V1, "Msvm_SwitchPort") { Identity = "Name" };
    public static readonly TableQuery GlobalPortSap = new(HostFacts.V1, "Msvm_GlobalEthernetPortSAPImplementation");
    public static readonly TableQuery BindsTo = new(HostFacts.V1, "Msvm_BindsTo");
    public static readonly TableQuery ElementSettings = new(HostFacts.V1, "Msvm_NetworkElementSettingData");
    public static readonly TableQuery VlanModes = new(HostFacts.V1, "Msvm_VLANEndpoint", "Name", "DesiredEndpointMode") { Identity = "Name" };
    public static readonly TableQuery VlanEndpoints = new(HostFacts.V1, "Msvm_VLANEndpointSettingData") { Identity = "InstanceID" };

    public static TableQuery ActiveConnections(HostFacts h) => new(h.HyperV, "Msvm_ActiveConnection");

    public static TableQuery ExternalPorts(HostFacts h) => new(h.HyperV, "Msvm_ExternalEthernetPort",
        "DeviceID", "ElementName", "Name", "PermanentAddress", "Speed", "IsBound") { Identity = "DeviceID" };

    public static TableQuery InternalPorts(HostFacts h) => new(h.HyperV, "Msvm_InternalEthernetPort", "DeviceID", "ElementName", "PermanentAddress") { Identity = "DeviceID" };

    // Guests.
    public static TableQuery KeyValues(HostFacts h) => new(h.HyperV, "Msvm_KvpExchangeComponent",
        "SystemName", "EnabledState", "OperationalStatus", "GuestIntrinsicExchangeItems", "GuestExchangeItems") { Identity = "SystemName" };

    public static TableQuery Component(HostFacts h, string name) => new(h.HyperV, $"Msvm_{name}Component", "SystemName", "EnabledState", "OperationalStatus") { Identity = "SystemName" };

    /// <summary>How a service is switched in the settings, known for VMs that are off too.</summary>
    public static TableQuery ComponentSettings(HostFacts h, string name) => new(h.HyperV, $"Msvm_{name}ComponentSettingData", "InstanceID", "EnabledState") { Identity = "InstanceID" };

    public static readonly TableQuery GuestAdapters = new(HostFacts.V2, "Msvm_GuestNetworkAdapterConfiguration",
        "InstanceID", "IPAddresses", "DefaultGateways", "DNSServers", "DHCPEnabled") { Identity = "InstanceID" };

    // Host.
    public static readonly TableQuery Os = new(Cimv2, "Win32_OperatingSystem",
        "Caption", "Version", "BuildNumber", "ProductType", "OperatingSystemSKU", "ServicePackMajorVersion", "InstallDate", "LastBootUpTime",
        "Locale", "OSLanguage", "MUILanguages", "SystemDirectory", "SystemDrive", "DataExecutionPrevention_Available") { Identity = "BuildNumber", IsNeverEmpty = true };

    public static readonly TableQuery Computer = new(Cimv2, "Win32_ComputerSystem",
        "Name", "Domain", "PartOfDomain", "DomainRole", "Manufacturer", "Model", "TotalPhysicalMemory", "NumberOfLogicalProcessors", "HypervisorPresent") { Identity = "Name", IsNeverEmpty = true };

    public static readonly TableQuery Product = new(Cimv2, "Win32_ComputerSystemProduct", "UUID");

    public static readonly TableQuery Roles = new(Cimv2, "Win32_ServerFeature", "ID", "ParentID", "Name") { Identity = "ID", IsNeverEmpty = true };

    public static readonly TableQuery Services = new(Cimv2, "Win32_Service", "Name", "State", "StartMode", "ExitCode", "ProcessId")
    {
        Identity = "Name",
        IsNeverEmpty = true,
        Where = "Name='vmms' OR Name='nvspwmi' OR Name='vhdsvc' OR Name='vmcompute' OR Name='ClusSvc' OR Name='Spooler'"
            + " OR Name='WinRM' OR Name='LanmanServer' OR Name='W32Time' OR Name='WLBS'",
    };

    public static readonly TableQuery Workers = new(Cimv2, "Win32_Process", "ProcessId", "CommandLine") { Identity = "ProcessId", Where = "Name='vmwp.exe'" };

    public static readonly TableQuery Hotfixes = new(Cimv2, "Win32_QuickFixEngineering", "HotFixID", "InstalledOn") { Identity = "HotFixID" };

    /// <summary>Three files by their exact names; anything less exact would search the disk.</summary>
    public static TableQuery Files(string systemDirectory, string systemDrive)
    {
        string[] names =
        [
            $@"{systemDirectory}\vmms.exe",
            $@"{systemDrive}\ProgramData\Microsoft\Windows\Hyper-V\data.vmcx",
            $@"{systemDrive}\ProgramData\Microsoft\Windows\Hyper-V\InitialStore.xml",
        ];
        return new(Cimv2, "CIM_DataFile", "Name", "Version", "CreationDate") { Where = Named(names), Identity = "Name" };
    }

    /// <summary>Image files by their exact names, fewer than fifty at a time.</summary>
    public static TableQuery ImageFiles(IEnumerable<string> names) => new(Cimv2, "CIM_DataFile",
        "Name", "FileSize", "LastModified", "Writeable", "Compressed", "Encrypted") { Where = Named(names), Name = "images", Identity = "Name" };

    public static TableQuery ImageService(HostFacts h) => new(h.HyperV, "Msvm_ImageManagementService", "Name", "CreationClassName", "SystemCreationClassName", "SystemName");

    /// <summary>One job, that a method started.</summary>
    public static TableQuery Job(HostFacts h, string instanceId) => new(h.HyperV, "Msvm_ConcreteJob") { Where = $"InstanceID='{Quoted(instanceId)}'", Name = "one" };

    /// <summary>Migration and storage jobs are of derived classes, and answer too.</summary>
    public static TableQuery UnfinishedJobs(HostFacts h) => new(h.HyperV, "Msvm_ConcreteJob")
    {
        Where = "JobState=2 OR JobState=3 OR JobState=4 OR JobState=5 OR JobState=6 OR JobState=11",
        Identity = "InstanceID",
    };

    public static TableQuery AffectedByJobs(HostFacts h) => new(h.HyperV, "Msvm_AffectedJobElement");

    private static string Named(IEnumerable<string> names) => string.Join(" OR ", names.Select(n => $"Name='{Quoted(n)}'"));

    private static string Quoted(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal);

    public static readonly TableQuery Adapters = new(Standard, "MSFT_NetAdapter",
        "InterfaceGuid", "DeviceID", "Name", "InterfaceDescription", "PermanentAddress", "Speed", "MediaConnectState", "State", "ConnectorPresent",
        "NdisMedium", "NdisPhysicalMedium", "DriverVersionString", "DriverProvider", "ComponentID", "VlanID", "MtuSize", "PnPDeviceID", "InterfaceOperationalStatus") { Identity = "DeviceID", IsNeverEmpty = true };

    public static readonly TableQuery Teams = new(Standard, "MSFT_NetLbfoTeam", "Name", "TeamingMode", "LoadBalancingAlgorithm") { Identity = "Name" };
    public static readonly TableQuery TeamNics = new(Standard, "MSFT_NetLbfoTeamNic", "Team", "Name", "InterfaceDescription", "Default", "VlanID") { Identity = "Name", Owner = "Team" };
    public static readonly TableQuery LbfoMembers = new(Standard, "MSFT_NetLbfoTeamMember", "Name", "Team") { Identity = "Name", Owner = "Team" };

    public static readonly TableQuery JumboPackets = new(Standard, "MSFT_NetAdapterAdvancedPropertySettingData", "InstanceID", "Name", "InterfaceDescription", "RegistryKeyword", "RegistryValue")
    {
        Where = "RegistryKeyword='*JumboPacket'",
        Identity = "InstanceID",
    };

    public static readonly TableQuery VmqSettings = new(Standard, "MSFT_NetAdapterVmqSettingData",
        "InstanceID", "Name", "InterfaceDescription", "Enabled", "NumberOfReceiveQueues", "BaseProcessorNumber", "MaxProcessors") { Identity = "InstanceID" };

    public static readonly TableQuery RssSettings = new(Standard, "MSFT_NetAdapterRssSettingData",
        "InstanceID", "Name", "InterfaceDescription", "Enabled", "NumberOfReceiveQueues", "BaseProcessorNumber", "MaxProcessors") { Identity = "InstanceID" };

    /// <summary>IPv4; the other family has sizes of its own.</summary>
    public static readonly TableQuery IpInterfaces = new(Standard, "MSFT_NetIPInterface", "InterfaceIndex", "NlMtu", "Forwarding", "Store") { Where = "AddressFamily=2", Identity = "InterfaceIndex" };

    public static readonly TableQuery IpConfigurations = new(Cimv2, "Win32_NetworkAdapterConfiguration",
        "SettingID", "InterfaceIndex", "IPAddress", "IPSubnet", "DefaultIPGateway", "DNSServerSearchOrder", "DHCPEnabled", "FullDNSRegistrationEnabled")
    {
        Where = "IPEnabled=TRUE",
        Identity = "SettingID",
    };

    public static readonly TableQuery OldAdapters = new(Cimv2, "Win32_NetworkAdapter",
        "GUID", "DeviceID", "Name", "Description", "NetConnectionID", "NetConnectionStatus", "NetEnabled", "MACAddress", "Speed", "PNPDeviceID")
    {
        Where = "PhysicalAdapter=TRUE",
        Identity = "DeviceID",
    };

    public static readonly TableQuery PhysicalMedia = new("root/wmi", "MSNdis_PhysicalMediumType", "InstanceName", "NdisPhysicalMediumType") { Identity = "InstanceName" };

    // Cluster.
    public static readonly TableQuery ClusterItself = new(Cluster, "MSCluster_Cluster") { Identity = "Name" };
    public static readonly TableQuery Nodes = new(Cluster, "MSCluster_Node") { Identity = "Name", IsNeverEmpty = true };
    public static readonly TableQuery Groups = new(Cluster, "MSCluster_ResourceGroup") { Identity = "Name" };
    public static readonly TableQuery ClusterResources = new(Cluster, "MSCluster_Resource") { Identity = "Name" };
    public static readonly TableQuery GroupToResource = new(Cluster, "MSCluster_ResourceGroupToResource");
    public static readonly TableQuery NodeToGroup = new(Cluster, "MSCluster_NodeToActiveGroup");
    public static readonly TableQuery PreferredOwners = new(Cluster, "MSCluster_ResourceGroupToPreferredNode");
    public static readonly TableQuery NodeToResource = new(Cluster, "MSCluster_NodeToActiveResource");
    public static readonly TableQuery ClusterNetworks = new(Cluster, "MSCluster_Network") { Identity = "Name" };
    public static readonly TableQuery ClusterInterfaces = new(Cluster, "MSCluster_NetworkInterface") { Identity = "Name" };
    public static readonly TableQuery SharedVolumes = new(Cluster, "MSCluster_ClusterSharedVolume") { Identity = "Name" };
    public static readonly TableQuery SharedVolumeToPartition = new(Cluster, "MSCluster_ClusterSharedVolumeToPartition");
    public static readonly TableQuery SharedVolumeToResource = new(Cluster, "MSCluster_ClusterSharedVolumeToResource");
    public static readonly TableQuery DiskPartitions = new(Cluster, "MSCluster_DiskPartition") { Identity = "Path" };
    public static readonly TableQuery PossibleOwners = new(Cluster, "MSCluster_ResourceToPossibleOwner");

    // Performance classes: named after things, never translated. Of the first only the sum over all processors.
    public static readonly TableQuery HostProcessorTime = new(Cimv2, "Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor", "Name", "PercentTotalRunTime") { Where = "Name='_Total'" };
    public static readonly TableQuery VirtualProcessorTime = new(Cimv2, "Win32_PerfFormattedData_HvStats_HyperVHypervisorVirtualProcessor", "Name", "PercentTotalRunTime") { Identity = "Name" };
    public static readonly TableQuery SwitchTraffic = new(Cimv2, "Win32_PerfFormattedData_NvspSwitchStats_HyperVVirtualSwitch", "Name", "BytesPersec") { Identity = "Name" };
    public static readonly TableQuery AdapterTraffic = new(Cimv2, "Win32_PerfFormattedData_NvspNicStats_HyperVVirtualNetworkAdapter", "Name", "BytesReceivedPersec", "BytesSentPersec") { Identity = "Name" };
    public static readonly TableQuery DiskTraffic = new(Cimv2, "Win32_PerfFormattedData_Counters_HyperVVirtualStorageDevice",
        "Name", "ReadBytesPersec", "WriteBytesPersec", "ReadOperationsPerSec", "WriteOperationsPerSec") { Identity = "Name" };

    public static readonly TableQuery MemoryPressure = new(Cimv2, "Win32_PerfFormattedData_BalancerStats_HyperVDynamicMemoryVM", "Name", "AveragePressure") { Identity = "Name" };

    /// <summary>Of the node's own file system; only where failover clustering is installed, 2012 and later.</summary>
    public static readonly TableQuery SharedVolumeStates = new(Cimv2, "Win32_PerfFormattedData_CsvFsPerfProvider_ClusterCSVFileSystem", "Name", "VolumeState") { Identity = "Name" };

    /// <summary>A question apart from that for the system itself, which is asked far less often.</summary>
    public static readonly TableQuery FreeMemory = new(Cimv2, "Win32_OperatingSystem", "FreePhysicalMemory") { Where = "Primary=TRUE", IsNeverEmpty = true };

    /// <summary>Key under which a <see cref="TableSet"/> keeps the answer of GetSummaryInformation.</summary>
    public const string SummaryCall = "GetSummaryInformation";

    private static TableQuery Nics(HostFacts h, string name) => h.IsV1
        ? new(h.HyperV, name, "InstanceID", "ElementName", "Address", "StaticMacAddress", "Connection") { Identity = "InstanceID" }
        : new(h.HyperV, name, "InstanceID", "ElementName", "Address", "StaticMacAddress", "ClusterMonitored") { Identity = "InstanceID" };
}
