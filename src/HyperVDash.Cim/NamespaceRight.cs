using System.Collections.Immutable;

namespace HyperVDash.Cim;

/// <summary>What an account needs to ask one kind of question in a namespace beyond the way in, as far as Microsoft documents it.</summary>
/// <param name="Namespace">With forward slashes.</param>
/// <param name="Asks">What is asked there, e.g. <c>classes</c> or <c>methods</c>.</param>
/// <param name="Needs">Enough for all that is asked.</param>
/// <param name="Grant">How an administrator gives it; null: the way in is enough.</param>
/// <param name="Without">What a host answers to an account that lacks it.</param>
public sealed record NamespaceRight(string Namespace, string Asks, string Needs, string? Grant, string Without)
{
    /// <summary>The group of a host that lets an account in by WinRM, by its number: its name is localised.</summary>
    public const string RemoteManagement = "S-1-5-32-580";

    private const string HyperV = "Hyper-V Administrators (S-1-5-32-578); Windows has no group that only reads Hyper-V, so this one may do everything with VMs";
    private const string OldHyperV = "on 2008 and 2008 R2 a role of the authorization store, by default only Administrators; on 2012 " + HyperV;
    private const string HyperVGrant = @"Add-LocalGroupMember -SID S-1-5-32-578 -Member DOMAIN\user";
    private const string OldHyperVGrant = @"AzMan.msc, C:\ProgramData\Microsoft\Windows\Hyper-V\InitialStore.xml";
    private const string SecurityOfNamespaces = "wmimgmt.msc";
    private const string Unseen = "empty lists and no error; the agent notices and says denied";
    private const string Denied = "access denied (0x80041003)";
    private const string Nothing = "nothing more";
    private const string Classes = "classes";
    private const string Methods = "methods";

    /// <summary>The classes that need this right; empty: all but those that another line of the namespace names.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Remote Enable is enough.</summary>
    public bool IsForAll => Needs == Nothing;

    /// <summary>Method calls, which need Execute Methods on the namespace too.</summary>
    public bool IsMethods => Asks == Methods;

    /// <summary>An account without the right gets an empty list, and no error that says so.</summary>
    public bool IsSilent { get; init; }

    /// <summary>A column that is null without the right.</summary>
    public string? HiddenColumn { get; init; }

    /// <summary>Every namespace that is asked, with every kind of question that needs a right of its own there.</summary>
    public static ImmutableArray<NamespaceRight> All { get; } =
    [
        new("root/virtualization/v2", Classes, HyperV, HyperVGrant, Unseen) { IsSilent = true },
        new("root/virtualization/v2", Methods, $"{HyperV}; and Execute Methods on the namespace", HyperVGrant, Denied),
        new("root/virtualization", Classes, OldHyperV, OldHyperVGrant, Unseen) { IsSilent = true },
        new("root/virtualization", Methods, $"{OldHyperV}; and Execute Methods on the namespace", OldHyperVGrant, Denied),
        new("root/cimv2", Classes, Nothing, null, Denied),
        new("root/cimv2", "event logs", "Event Log Readers (S-1-5-32-573)", @"Add-LocalGroupMember -SID S-1-5-32-573 -Member DOMAIN\user", "rows are missing") { Only = ["Win32_NTLogEvent"], IsSilent = true },
        new("root/cimv2", "command lines of processes", "administrator rights", null, "the column is empty") { Only = ["Win32_Process"], HiddenColumn = "CommandLine", IsSilent = true },
        new("root/default", Methods, "read access to the keys of the registry, which Users have; and Execute Methods on the namespace", null, "access denied (0x80041003), or return value 5"),
        new("root/StandardCimv2", Classes, Nothing, null, Denied),
        new("root/wmi", Classes, "administrator rights, unless the namespace's security is opened", SecurityOfNamespaces, Denied),
        new("root/MSCluster", Classes, "read access to the cluster, given once for all its nodes", @"Grant-ClusterAccess -User DOMAIN\user -ReadOnly", "access denied, or empty lists") { IsSilent = true },
        new("root/Microsoft/Windows/Storage", Classes, "administrator rights", null, Denied),
        new("root/Microsoft/Windows/SMB", Classes, "administrator rights", null, Denied),
        new("root/Microsoft/Windows/DeviceGuard", Classes, "administrator rights", null, Denied),
        new("root/MicrosoftNLB", Classes, "administrator rights on the node", null, Denied),
        new("root/MicrosoftDNS", Classes, "read access to the DNS server; DnsAdmins has it", "the Security tab of the server in dnsmgmt.msc", Denied),
    ];

    /// <summary>The line that a question falls under; null for one that no line tells of.</summary>
    /// <param name="isMethod">A call; otherwise a list of instances.</param>
    public static NamespaceRight? Of(string cimNamespace, string className, bool isMethod)
    {
        var here = All.Where(r => r.IsMethods == isMethod && r.Namespace.Equals(cimNamespace, StringComparison.OrdinalIgnoreCase)).ToList();
        return here.Find(r => r.Only.Contains(className, StringComparer.OrdinalIgnoreCase)) ?? here.Find(r => r.Only.IsEmpty);
    }

    /// <summary>The same as a sentence for who is denied it from another machine.</summary>
    public string Advice(string className) => Advice(Namespace, className, IsMethods, isLocal: false);

    /// <summary>What to tell an operator whose account was denied an answer.</summary>
    /// <param name="isMethod">A call; otherwise a list of instances.</param>
    /// <param name="isLocal">Asked on the host itself.</param>
    public static string Advice(string cimNamespace, string className, bool isMethod, bool isLocal)
    {
        if (cimNamespace.StartsWith("root/virtualization", StringComparison.OrdinalIgnoreCase))
        {
            return isLocal ? HyperVRights.Local : HyperVRights.Remote;
        }

        var right = Of(cimNamespace, className, isMethod);
        string needs = right is null or { IsForAll: true } ? "" : $", and {right.Needs}";
        string given = right?.Grant is { } grant and not SecurityOfNamespaces ? $" Given by: {grant}" : "";
        return $"The account needs Enable Account{(isLocal ? "" : " and Remote Enable")} on {cimNamespace} ({SecurityOfNamespaces}){needs}.{given}";
    }
}
