using System.Collections.Immutable;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The registry values around printing and server names. The keys are there on every host, most values are not.</summary>
internal static class PrintRegistry
{
    public static void Fill(LabPrintServer server, Func<string, Dictionary<string, object>> key)
    {
        if (server.Policy is { } policy)
        {
            key(@"SOFTWARE\Policies\Microsoft\Windows NT\Printers")["RegisterSpoolerRemoteRpcEndPoint"] = policy;
        }

        var parameters = key(@"SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters");
        parameters["AutoShareServer"] = 1;
        parameters["ServiceDll"] = @"C:\Windows\system32\srvsvc.dll";
        if (server.OptionalName is { } name)
        {
            parameters["OptionalNames"] = name;
        }

        Put(parameters, "OptionalNames", server.OptionalNames);
        Put(parameters, "DisableStrictNameChecking", server.DisableStrictNameChecking);
        Put(parameters, "SmbServerNameHardeningLevel", server.HardeningLevel);
        Put(parameters, "SrvAllowedServerNames", server.AllowedNames);
        var print = key(@"SYSTEM\CurrentControlSet\Control\Print");
        print["MajorVersion"] = 3;
        Put(print, "DnsOnWire", server.DnsOnWire);
        Put(print, "RpcAuthnLevelPrivacyEnabled", server.RpcPrivacy);
        var signIn = key(@"SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0");
        signIn["NtlmMinServerSec"] = 536870912;
        Put(signIn, "RestrictReceivingNTLMTraffic", server.NtlmRestriction);
        Put(signIn, "BackConnectionHostNames", server.BackConnectionNames);
    }

    private static void Put(Dictionary<string, object> key, string name, int? value)
    {
        if (value is { } number)
        {
            key[name] = number;
        }
    }

    private static void Put(Dictionary<string, object> key, string name, ImmutableArray<string>? value)
    {
        if (value is { } texts)
        {
            key[name] = texts.ToArray();
        }
    }
}
