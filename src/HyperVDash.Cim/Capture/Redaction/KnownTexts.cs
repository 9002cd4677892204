using System.Collections.Frozen;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>
/// What the texts of each class are. A text that is not listed here is taken for a secret: it is replaced as a whole, so that a column nobody thought of gives nothing away.
/// A new column that something is joined by, or that decides something, needs its line.
/// </summary>
internal static class KnownTexts
{
    private const string Lines = """
        Kept: *.CreationClassName *.SystemCreationClassName *.CSCreationClassName *.__CLASS *.Status *.Version *.StartMode *.State *.ResourceSubType *.VirtualSystemType *.VirtualSystemSubType
        Kept: *.AllocationUnits *.VirtualQuantityUnits *.FileSystem *.InterfaceType *.MediaType *.PartitionStyle *.OSArchitecture *.SystemType *.MUILanguages *.HotFixID *.InstalledOn *.Vendor *.Manufacturer *.Model *.GuestOperatingSystem
        Kept: *.InterfaceDescription *.DriverVersionString *.DriverProvider *.DriverDescription *.ComponentID *.RegistryKeyword *.RegistryValue *.AdapterType *.ProductName *.DriverName *.SupportedPlatform *.PrintProcessor *.PrintJobDataType
        Kept: *.ProviderName *.SourceName *.Logfile *.Locale *.BuildType *.EventCode *.EventIdentifier *.Type *.QuorumType *.OtherIdentifyingInfo *.InterfaceGuid *.MetricId *.FunctionalLevel *.ResourceType *.VirtualSystemIdentifier
        Kept: Win32_OperatingSystem.Caption Win32_OperatingSystem.Name Win32_OperatingSystem.WindowsDirectory Win32_OperatingSystem.SystemDirectory Win32_OperatingSystem.SystemDrive Win32_OperatingSystem.SystemDevice Win32_OperatingSystem.BootDevice Win32_OperatingSystem.CSDVersion
        Kept: Win32_ServerFeature.Name Win32_Service.Name Win32_Process.Name Win32_Processor.Name Win32_Processor.Caption Win32_Processor.DeviceID Win32_Processor.Description Win32_ComputerSystemProduct.Name SoftwareLicensingProduct.Name SoftwareLicensingProduct.Description
        Kept: Win32_NetworkAdapter.Description Win32_NetworkAdapter.Name MSFT_NetAdapter.Description MSNdis_PhysicalMediumType.InstanceName Msvm_ExternalEthernetPort.ElementName Msvm_ExternalEthernetPort.Name Msvm_WiFiPort.ElementName Msvm_WiFiPort.Name MSCluster_NetworkInterface.Adapter
        Kept: MSFT_NetLbfoTeamNic.InterfaceDescription Win32_DiskDrive.Name Win32_DiskDrive.DeviceID Win32_DiskPartition.Name Win32_DiskPartition.DeviceID Win32_LogicalDisk.DeviceID Win32_LogicalDisk.Name Win32_Volume.DriveLetter Win32_PrinterDriver.Name
        Kept: Msvm_EthernetSwitchExtension.ElementName Msvm_VirtualSystemManagementService.Name Msvm_ImageManagementService.Name Msvm_ReplicationService.Name Msvm_PciExpressSettingData.ElementName Msvm_SummaryInformation.Version MSFT_SmbShare.ScopeName
        Kept: Win32_PnPSignedDriver.DeviceName Win32_PnPSignedDriver.DriverVersion MSFT_Disk.BusType Win32_TimeZone.StandardName Win32_TimeZone.DaylightName Msvm_NumaNode.NodeID Msvm_ConcreteJob.Name Msvm_ConcreteJob.JobType Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor.Name
        Built: *.InstanceID *.DeviceID *.ObjectId *.HostResource *.Parent *.Connection *.Antecedent *.Dependent *.GroupComponent *.PartComponent *.AffectedElement *.AffectingElement *.ExtensionOrder *.PoolID *.CommandLine *.TestReplicaSwitchName
        Built: MicrosoftNLB_ClusterSetting.Name MicrosoftNLB_NodeSetting.Name MicrosoftNLB_Node.Name MicrosoftNLB_PortRuleEx.Name MicrosoftNLB_Cluster.Name MicrosoftDNS_AType.TextRepresentation MicrosoftDNS_CNAMEType.TextRepresentation
        Host: *.CSName *.DNSHostName *.ComputerName *.SystemName *.OwnerNode *.HostComputerSystemName *.MachineName *.__SERVER *.PSComputerName *.ServerName *.NodeName
        Host: Win32_ComputerSystem.Name Win32_ComputerSystem.Caption MSCluster_Node.Name MSCluster_Node.Caption Msvm_ComputerSystem.Name
        Cluster: MSCluster_Cluster.Name MSCluster_Cluster.Caption
        Domain: Win32_ComputerSystem.Domain Win32_ComputerSystem.Workgroup MicrosoftDNS_Zone.Name MicrosoftDNS_Zone.ContainerName *.DomainName *.DNSDomain *.ContainerName
        DnsName: *.Fqdn *.DnsServerName *.OwnerName *.PrimaryName *.RecordData *.RecoveryConnectionPoint *.RecoveryHostSystem *.PrimaryConnectionPoint *.PrimaryHostSystem *.RecoveryServerName MicrosoftNLB_ClusterSetting.ClusterName MicrosoftNLB_Cluster.ClusterName Win32_TCPIPPrinterPort.HostAddress *.HostName *.AllowedPrimaryServer *.PrimaryServerName *.NtpServer
        VirtualMachine: Msvm_ComputerSystem.ElementName Msvm_SummaryInformation.ElementName Win32_PerfFormattedData_BalancerStats_HyperVDynamicMemoryVM.Name Msvm_PlannedComputerSystem.ElementName
        Checkpoint: Msvm_VirtualSystemSettingData.ElementName
        Switch: Msvm_VirtualEthernetSwitch.ElementName Msvm_VirtualEthernetSwitchSettingData.ElementName Msvm_VirtualSwitch.ElementName Msvm_InternalEthernetPort.ElementName Msvm_InternalEthernetPort.Name *.LastKnownSwitchName *.VirtualSwitchNames Win32_PerfFormattedData_NvspSwitchStats_HyperVVirtualSwitch.Name
        Switch: Msvm_EthernetPortAllocationSettingData.ElementName
        Adapter: MSFT_NetAdapter.Name MSFT_NetAdapter.ElementName MSFT_NetAdapterAdvancedPropertySettingData.Name MSFT_NetAdapterRssSettingData.Name MSFT_NetAdapterVmqSettingData.Name *.NetConnectionID *.InterfaceAlias MSFT_NetLbfoTeamMember.Name MSFT_NetLbfoTeamNic.Name MSCluster_NetworkInterface.Name
        Adapter: Msvm_SyntheticEthernetPortSettingData.ElementName Msvm_EmulatedEthernetPortSettingData.ElementName
        Network: MSCluster_Network.Name MSCluster_Network.Caption MSCluster_NetworkInterface.Network MSFT_NetLbfoTeam.Name MSFT_NetLbfoTeamMember.Team MSFT_NetLbfoTeamNic.Team
        Group: MSCluster_ResourceGroup.Name MSCluster_ResourceGroup.Caption MSCluster_Resource.Name MSCluster_Resource.Caption *.OwnerGroup
        Volume: *.Label *.VolumeLabel *.FileSystemLabel *.FriendlyName
        Note: *.Notes *.Comment *.Comments *.Location
        Path: *.Path *.ParentPath *.ConfigurationFile *.ConfigurationDataRoot *.ExternalDataRoot *.SnapshotDataRoot *.SuspendDataRoot *.SwapFileDataRoot *.LogDataRoot *.GuestStateDataRoot *.DefaultExternalDataRoot *.DefaultVirtualHardDiskPath *.MountPoints *.SharedVolumesRoot
        Path: Win32_PerfFormattedData_CsvFsPerfProvider_ClusterCSVFileSystem.Name CIM_DataFile.Name Win32_PrinterDriver.DriverPath Win32_Volume.Name MSCluster_ClusterSharedVolume.Name MSCluster_ClusterSharedVolume.VolumeName *.AccessPaths *.AttachedDiskPath
        Printer: Win32_Printer.Name Win32_Printer.Caption Win32_Printer.DeviceID Win32_TCPIPPrinterPort.Queue
        Port: Win32_TCPIPPrinterPort.Name Win32_Printer.PortName
        Share: *.ShareName
        Account: *.PrimaryOwnerName *.UserName *.StartName *.Owner *.RegisteredUser *.User
        Serial: *.SerialNumber *.UniqueId *.BaseBoardSerialNumber *.BIOSSerialNumber *.ChassisSerialNumber *.ChassisAssetTag *.IdentifyingNumber *.UUID *.SMBIOSAssetTag *.AssetTag *.PartialProductKey *.ProductKeyID *.WWN *.WorldWidePortName *.WorldWideNodeName *.WorldWidePortNameA *.WorldWidePortNameB *.WorldWideNodeNameA *.WorldWideNodeNameB *.CertificateThumbPrint
        Mac: *.PermanentAddress *.MACAddress *.NetworkAddresses *.MinimumMacAddress *.MaximumMacAddress *.ClusterMACAddress Msvm_SyntheticEthernetPortSettingData.Address Msvm_EmulatedEthernetPortSettingData.Address
        Device: *.PnPDeviceID *.PNPDeviceID
        Counter: Win32_PerfFormattedData_Counters_HyperVVirtualStorageDevice.Name Win32_PerfFormattedData_HvStats_HyperVHypervisorVirtualProcessor.Name Win32_PerfFormattedData_NvspNicStats_HyperVVirtualNetworkAdapter.Name
        """;

    private static readonly FrozenDictionary<string, TextKind> Kinds = Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(": "))
        .SelectMany(line => line[1].Split(' ').Select(column => KeyValuePair.Create(column, Enum.Parse<TextKind>(line[0]))))
        .DistinctBy(line => line.Key, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // What a guest tells of itself, by the name of the item.
    private static readonly FrozenDictionary<string, TextKind> GuestItems = new Dictionary<string, TextKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["FullyQualifiedDomainName"] = TextKind.DnsName, ["NetworkAddressIPv4"] = TextKind.Built, ["NetworkAddressIPv6"] = TextKind.Built,
        ["RDPAddressIPv4"] = TextKind.Built, ["RDPAddressIPv6"] = TextKind.Built,
        ["OSName"] = TextKind.Kept, ["OSVersion"] = TextKind.Kept, ["OSMajorVersion"] = TextKind.Kept, ["OSMinorVersion"] = TextKind.Kept, ["OSBuildNumber"] = TextKind.Kept,
        ["OSKernelVersion"] = TextKind.Kept, ["OSDistributionName"] = TextKind.Kept, ["OSDistributionData"] = TextKind.Text, ["OSPlatformId"] = TextKind.Kept, ["OSEditionId"] = TextKind.Kept,
        ["OSVendor"] = TextKind.Kept, ["OSSignature"] = TextKind.Kept, ["CSDVersion"] = TextKind.Kept, ["ServicePackMajor"] = TextKind.Kept, ["ServicePackMinor"] = TextKind.Kept, ["SuiteMask"] = TextKind.Kept,
        ["ProductType"] = TextKind.Kept, ["ProcessorArchitecture"] = TextKind.Kept, ["IntegrationServicesVersion"] = TextKind.Kept,

        // Words and numbers of Windows itself, about the renewal of the certificates of Secure Boot.
        ["UEFICA2023Status"] = TextKind.Kept, ["UEFICA2023Error"] = TextKind.Kept, ["UEFICA2023ErrorEvent"] = TextKind.Kept,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // What the registry holds, by the name of the value.
    private static readonly FrozenDictionary<string, TextKind> RegistryValues = new Dictionary<string, TextKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["ComputerName"] = TextKind.Host, ["Hostname"] = TextKind.Host, ["OptionalNames"] = TextKind.DnsName, ["SrvAllowedServerNames"] = TextKind.DnsName, ["BackConnectionHostNames"] = TextKind.DnsName,
        ["BuildLabEx"] = TextKind.Kept, ["BuildLab"] = TextKind.Kept, ["CurrentBuild"] = TextKind.Kept, ["CurrentBuildNumber"] = TextKind.Kept, ["EditionID"] = TextKind.Kept, ["InstallationType"] = TextKind.Kept,
        ["ProductName"] = TextKind.Kept, ["DisplayVersion"] = TextKind.Kept, ["InstallLanguage"] = TextKind.Kept, ["Default"] = TextKind.Kept, ["ClusterInstanceID"] = TextKind.Kept, ["Type"] = TextKind.Kept,
        ["NtpServer"] = TextKind.Built, [""] = TextKind.Kept,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static TextKind Of(string className, string property) =>
        Kinds.TryGetValue($"{className}.{property}", out var own) ? own : Kinds.GetValueOrDefault($"*.{property}", TextKind.Text);

    public static TextKind? GuestItem(string? name) => name is not null && GuestItems.TryGetValue(name, out var kind) ? kind : null;

    public static TextKind RegistryValue(string? name) => RegistryValues.GetValueOrDefault(name ?? "", TextKind.Text);
}
