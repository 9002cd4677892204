using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>StdRegProv over the few keys that matter here.</summary>
internal sealed class RegistryMethods(HostTables t)
{
    private const string LocalMachine = "2147483650";
    private const string Users = "2147483651";
    private const long NotFound = 2;
    private const long TypeMismatch = 2147749893;

    private readonly Dictionary<string, Dictionary<string, object>> _keys = new(StringComparer.OrdinalIgnoreCase);

    public void Register()
    {
        Fill();
        foreach (string method in (string[])["GetStringValue", "GetExpandedStringValue", "GetDWORDValue", "GetQWORDValue", "GetMultiStringValue", "GetBinaryValue"])
        {
            t.Host.Answer("StdRegProv", method, Value);
        }

        t.Host.Answer("StdRegProv", "EnumValues", Values);
        t.Host.Answer("StdRegProv", "EnumKey", Keys);
    }

    private void Fill()
    {
        var d = t.Description;
        var windows = Key(LocalMachine, @"SOFTWARE\Microsoft\Windows NT\CurrentVersion");
        windows["BuildLabEx"] = d.BuildLab;
        windows["CurrentBuild"] = d.Build;
        windows["CurrentBuildNumber"] = d.Build;
        windows["EditionID"] = t.Since("2012") ? "ServerDatacenter" : "ServerEnterprise";
        windows["InstallationType"] = "Server";
        windows["ProductName"] = $"Windows Server {d.Release}";
        if (d.UpdateRevision is { } revision)
        {
            windows["UBR"] = revision;
        }

        var language = Key(LocalMachine, @"SYSTEM\CurrentControlSet\Control\Nls\Language");
        language["InstallLanguage"] = d.Locale.InstallLanguage;
        language["Default"] = d.Locale.SystemLocale;
        Key(LocalMachine, @"SYSTEM\CurrentControlSet\Control\Nls\CodePage")["ACP"] = d.Locale.OsLanguage == 1041 ? "932" : "1252";
        Key(Users, @".DEFAULT\Control Panel\International")["Locale"] = $"0000{d.Locale.FormatLocale}";
        Key(Users, @".DEFAULT\Control Panel\Desktop")["PreferredUILanguages"] = d.Locale.DisplayLanguages.ToArray();
        if (!t.Since("2016"))
        {
            Key(LocalMachine, @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestInstaller\Version")["Microsoft-Hyper-V-Guest-Installer-Win6x-Package"] = d.HyperVVersion;
        }

        HostRegistry.Fill(t, path => Key(LocalMachine, path));
        PrintRegistry.Fill(d.PrintServer ?? new(), path => Key(LocalMachine, path));
        if (t.Lab.Clusters.FirstOrDefault(c => c.Name == d.Cluster) is { } cluster)
        {
            var key = Key(LocalMachine, "Cluster");
            key["ClusterInstanceID"] = cluster.Id.ToString("D");
            key["ClusterName"] = cluster.Name;
        }
    }

    private Dictionary<string, object> Key(string hive, string path) =>
        _keys.TryGetValue($@"{hive}\{path}", out var values) ? values : _keys[$@"{hive}\{path}"] = new(StringComparer.OrdinalIgnoreCase);

    private static string PathOf(LabCall call) => $@"{call.Text("hDefKey") ?? LocalMachine}\{call.Text("sSubKeyName")?.Trim('\\')}";

    private LabAnswer Value(LabCall call)
    {
        bool isNumber = call.Method is "GetDWORDValue" or "GetQWORDValue";
        string result = isNumber || call.Method == "GetBinaryValue" ? "uValue" : "sValue";
        if (!_keys.TryGetValue(PathOf(call), out var values) || !values.TryGetValue(call.Text("sValueName") ?? "", out object? value))
        {
            return new LabAnswer(NotFound, (result, null));
        }

        string right = value switch { string => "GetStringValue", int => "GetDWORDValue", byte[] => "GetBinaryValue", _ => "GetMultiStringValue" };
        bool fits = right == call.Method || (right == "GetStringValue" && call.Method == "GetExpandedStringValue");
        return fits ? new LabAnswer(0, (result, value)) : new LabAnswer(TypeMismatch, (result, null));
    }

    private LabAnswer Values(LabCall call) => _keys.TryGetValue(PathOf(call), out var values)
        ? new LabAnswer(0, ("sNames", values.Keys.ToArray()), ("Types", values.Values.Select(v => v switch { string => 1, byte[] => 3, int => 4, _ => 7 }).ToArray()))
        : new LabAnswer(NotFound);

    private LabAnswer Keys(LabCall call)
    {
        string prefix = PathOf(call).TrimEnd('\\') + @"\";
        var names = _keys.Keys.Where(k => k.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(k => k[prefix.Length..].Split('\\')[0])
            .Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        return names.Length > 0 || _keys.ContainsKey(prefix.TrimEnd('\\')) ? new LabAnswer(0, ("sNames", names)) : new LabAnswer(NotFound);
    }
}
