using HyperVDash.Agent.Collect.Tables;

namespace HyperVDash.Agent.Collect.Print;

/// <summary>The classes and registry values of a print server.</summary>
internal static class PrintTables
{
    private const string Cimv2 = "root/cimv2";
    private const string ServerKey = @"SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters";
    private const string PrintKey = @"SYSTEM\CurrentControlSet\Control\Print";
    private const string SignInKey = @"SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0";
    private const string OptionalNames = "OptionalNames";

    public static readonly TableQuery Queues = new(Cimv2, "Win32_Printer",
        "Name", "ShareName", "Shared", "DriverName", "PortName", "PrintProcessor", "PrintJobDataType", "Attributes", "Location", "Comment")
    {
        Where = "Shared=TRUE",
        Identity = "Name",
    };

    public static readonly TableQuery Drivers = new(Cimv2, "Win32_PrinterDriver", "Name", "SupportedPlatform", "Version", "DriverPath") { Identity = "Name" };

    public static readonly TableQuery Ports = new(Cimv2, "Win32_TCPIPPrinterPort", "Name", "HostAddress", "PortNumber", "Protocol", "Queue") { Identity = "Name" };

    /// <summary>By name and not by process id, so that the question stays the same when a service starts again.</summary>
    public static readonly TableQuery Processes = new(Cimv2, "Win32_Process", "Name", "ProcessId", "CreationDate") { Where = "Name='spoolsv.exe' OR Name='svchost.exe'", Identity = "ProcessId" };

    /// <summary>Which services share a process.</summary>
    public static readonly TableQuery RunningServices = new(Cimv2, "Win32_Service", "Name", "ProcessId") { Where = "State='Running'", Identity = "Name" };

    public static readonly RegistryValue Policy = RegistryValue.Number(@"SOFTWARE\Policies\Microsoft\Windows NT\Printers", "RegisterSpoolerRemoteRpcEndPoint");
    public static readonly RegistryValue ServerValues = RegistryValue.Names(ServerKey);
    public static readonly RegistryValue OptionalNamesText = RegistryValue.Text(ServerKey, OptionalNames);
    public static readonly RegistryValue OptionalNamesTexts = RegistryValue.Texts(ServerKey, OptionalNames);
    public static readonly RegistryValue OptionalNamesExpand = new("GetExpandedStringValue", ServerKey, OptionalNames);
    public static readonly RegistryValue StrictNames = RegistryValue.Number(ServerKey, "DisableStrictNameChecking");
    public static readonly RegistryValue Hardening = RegistryValue.Number(ServerKey, "SmbServerNameHardeningLevel");
    public static readonly RegistryValue AllowedNames = RegistryValue.Texts(ServerKey, "SrvAllowedServerNames");
    public static readonly RegistryValue DnsOnWire = RegistryValue.Number(PrintKey, "DnsOnWire");
    public static readonly RegistryValue RpcPrivacy = RegistryValue.Number(PrintKey, "RpcAuthnLevelPrivacyEnabled");
    public static readonly RegistryValue NtlmRestriction = RegistryValue.Number(SignInKey, "RestrictReceivingNTLMTraffic");
    public static readonly RegistryValue BackConnectionNames = RegistryValue.Texts(SignInKey, "BackConnectionHostNames");

    public static IReadOnlyList<RegistryValue> Values { get; } =
        [Policy, ServerValues, StrictNames, Hardening, AllowedNames, DnsOnWire, RpcPrivacy, NtlmRestriction, BackConnectionNames];

    /// <summary>The one call that can read OptionalNames, by its type; null if it is absent or of a type that holds no names.</summary>
    public static RegistryValue? OptionalNamesOf(TableSet tables) => ServerValues.TypeOf(tables, OptionalNames) switch
    {
        1 => OptionalNamesText,
        2 => OptionalNamesExpand,
        7 => OptionalNamesTexts,
        _ => null,
    };

    public static int? OptionalNamesType(TableSet tables) => ServerValues.TypeOf(tables, OptionalNames);

    /// <summary>The driver files by their exact names; anything less exact would search the disk.</summary>
    public static TableQuery Files(IReadOnlyCollection<string> paths) => new(Cimv2, "CIM_DataFile", "Name", "Version")
    {
        Where = string.Join(" OR ", paths.Select(p => $"Name='{p.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'")),
    };
}
