using System.Collections.Immutable;

namespace HyperVDash.Agent.Targets;

/// <summary>What an account needs to read a namespace beyond the way in, as far as Microsoft documents it.</summary>
/// <param name="Namespace">With forward slashes.</param>
/// <param name="Needs">Enough for all that is read there.</param>
/// <param name="Grant">How an administrator gives it; null: the way in is enough.</param>
/// <param name="Without">What a host answers to an account that lacks it.</param>
internal sealed record NamespaceRight(string Namespace, string Needs, string? Grant, string Without)
{
    /// <summary>The group of a host that lets an account in by WinRM, by its number: its name is localised.</summary>
    public const string RemoteManagement = "S-1-5-32-580";

    private const string HyperV = "Hyper-V Administrators (S-1-5-32-578); Windows has no group that only reads Hyper-V, so this one may do everything with VMs";
    private const string Denied = "access denied (0x80041003)";

    /// <summary>Every namespace that is asked.</summary>
    public static ImmutableArray<NamespaceRight> All { get; } =
    [
        new("root/virtualization/v2", HyperV, @"Add-LocalGroupMember -SID S-1-5-32-578 -Member DOMAIN\user", "empty lists and no error; the agent notices and says denied"),
        new("root/virtualization", "on 2008 and 2008 R2 a role of the authorization store, by default only Administrators; on 2012 " + HyperV,
            @"AzMan.msc, C:\ProgramData\Microsoft\Windows\Hyper-V\InitialStore.xml", "empty lists and no error; the agent notices and says denied"),
        new("root/cimv2", @"nothing more for most classes. The event log: Event Log Readers (S-1-5-32-573). Command lines of other accounts' processes: an administrator", @"Add-LocalGroupMember -SID S-1-5-32-573 -Member DOMAIN\user", "rows or columns are missing"),
        new("root/default", @"read access to the keys, which Users have", null, "return value 5"),
        new("root/StandardCimv2", "nothing more", null, Denied),
        new("root/wmi", "an administrator, unless the namespace's security is opened", "wmimgmt.msc", Denied),
        new("root/MSCluster", "read access to the cluster, given once for all its nodes", @"Grant-ClusterAccess -User DOMAIN\user -ReadOnly", "access denied, or empty lists"),
        new("root/Microsoft/Windows/Storage", "an administrator", null, Denied),
        new("root/Microsoft/Windows/SMB", "an administrator", null, Denied),
        new("root/Microsoft/Windows/DeviceGuard", "an administrator", null, Denied),
        new("root/MicrosoftNLB", "an administrator of the node", null, Denied),
        new("root/MicrosoftDNS", "read access to the DNS server; DnsAdmins has it", "the Security tab of the server in dnsmgmt.msc", Denied),
    ];
}
