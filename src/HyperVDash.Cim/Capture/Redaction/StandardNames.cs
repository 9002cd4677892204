using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>Names that Windows gives and everybody has.</summary>
internal static partial class StandardNames
{
    private static readonly FrozenSet<string> PathParts = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Windows", "System32", "SysWOW64", "ClusterStorage", "ProgramData", "Program Files", "Program Files (x86)", "Microsoft", "Hyper-V", "Virtual Hard Disks", "Virtual Machines", "Snapshots",
        "Planned Virtual Machines", "Undo Log Configuration", "UndoLog Configuration", "Hyper-V Replica", "Virtual hard disks", "Users", "Public", "Documents", "Public Documents", "Resource Types", "Resources", "data", "InitialStore", "vmms",
        "spool", "drivers", "x64", "W32X86", "Device", "GLOBALROOT", "UNC", "Temp", "vmguest.iso", "vmms.exe", "vmwp.exe", "svchost.exe", "spoolsv.exe", "clussvc.exe");

    private static readonly FrozenSet<string> Accounts = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Administrators", "Administrator", "SYSTEM", "LocalSystem", "NETWORK SERVICE", "LOCAL SERVICE", "NetworkService", "LocalService", "NT AUTHORITY", "BUILTIN", "NT SERVICE", "NT VIRTUAL MACHINE", "Windows User");

    public static bool IsPathPart(string part) => PathParts.Contains(part) || Numbered().IsMatch(part);

    public static bool IsAccount(string name) => Accounts.Contains(name);

    /// <summary>Names that may be looked for inside other texts: none that an id of Windows has too.</summary>
    public static bool IsWord(string text) => Words().IsMatch(text);

    /// <summary>What is kept as a name is kept everywhere.</summary>
    public static bool IsAny(string text) => Is(TextKind.Group, text) || Is(TextKind.Network, text) || Is(TextKind.Adapter, text) || Is(TextKind.Switch, text);

    public static bool Is(TextKind kind, string name) => kind switch
    {
        TextKind.Group => Groups().IsMatch(name),
        TextKind.Network => Networks().IsMatch(name),
        TextKind.Adapter => Adapters().IsMatch(name),
        TextKind.Switch => name.StartsWith("Microsoft:Hyper-V:", StringComparison.OrdinalIgnoreCase) || Ports().IsMatch(name),
        TextKind.Domain => name.Equals("WORKGROUP", StringComparison.OrdinalIgnoreCase),
        TextKind.Checkpoint => name.StartsWith("Microsoft:", StringComparison.OrdinalIgnoreCase),
        TextKind.Port => PrinterPorts().IsMatch(name),
        TextKind.DnsName => name.Equals("cluster.domain.com", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    [GeneratedRegex(@"\A(PHYSICALDRIVE\d+|Harddisk\w*\d+|Partition\d+|Volume\{[0-9a-f-]{36}\}|\?|\.|\.\.|\?\?|\d{1,2})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\A(Cluster Group|Available Storage|Cluster Name|Cluster IP Address( \d+)?|File Share Witness|Cloud Witness|Cluster Disk \d+|Virtual Machine Cluster WMI|Storage Qos Resource|Cluster Pool \d+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Groups();

    [GeneratedRegex(@"\ACluster Network \d+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Networks();

    [GeneratedRegex(@"\A((Local Area Connection|Ethernet|Wi-Fi|Wireless Network Connection)\*?( \d+)?|((Legacy )?Network Adapter)|Microsoft (Synthetic|Emulated) Ethernet Port|Microsoft:Hyper-V:.*)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Adapters();

    [GeneratedRegex(@"\A((LPT|COM)\d+:?|FILE:|NUL:|PORTPROMPT:|XPSPort:|SHRFAX:|(USB|TS)\d+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PrinterPorts();

    [GeneratedRegex(@"\A(Dynamic Ethernet Switch Port|Ethernet Connection)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ports();

    [GeneratedRegex(@"\A(.{0,2}|[\d\W]*|Microsoft|Hyper-V|Definition|Default|Minimum|Maximum|Increment|Global|GuestNetwork|HVR|Device|Disk|Partition|Name|Memory|Virtual|Machine|Network|Adapter|Cluster|Root|Class|Property|Value|Error|Path|String|Windows|lab)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
