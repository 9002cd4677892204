using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>A value of HKEY_LOCAL_MACHINE, asked through StdRegProv.</summary>
internal sealed record RegistryValue(string Method, string SubKey, string Name)
{
    private const long LocalMachine = 2147483650;

    public static readonly RegistryValue BuildLab = Text(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "BuildLabEx");
    public static readonly RegistryValue UpdateRevision = Number(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "UBR");
    public static readonly RegistryValue CurrentBuild = Text(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "CurrentBuild");
    public static readonly RegistryValue Edition = Text(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "EditionID");
    public static readonly RegistryValue InstallationType = Text(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "InstallationType");
    public static readonly RegistryValue SystemLocale = Text(@"SYSTEM\CurrentControlSet\Control\Nls\Language", "Default");
    public static readonly RegistryValue InstallLanguage = Text(@"SYSTEM\CurrentControlSet\Control\Nls\Language", "InstallLanguage");
    public static readonly RegistryValue ClusterInstance = Text("Cluster", "ClusterInstanceID");

    public string Key => $"{SubKey}|{Name}";

    public CimCall Call(TimeSpan timeout) => new("root/default", "StdRegProv", Method)
    {
        Arguments =
        [
            new("hDefKey", CimType.UInt32, LocalMachine),
            new("sSubKeyName", CimType.String, SubKey),
            new("sValueName", CimType.String, Name),
        ],
        Timeout = timeout,
    };

    /// <summary>The text of a string value; null if there is none or it was not read.</summary>
    public string? TextOf(TableSet tables) => tables.Call(Key) is { Reply: { ReturnValue: 0 } reply } ? reply.Out.String("sValue") : null;

    public int? NumberOf(TableSet tables) => tables.Call(Key) is { Reply: { ReturnValue: 0 } reply } ? reply.Out.Int32("uValue") : null;

    /// <summary>Why it is not known, other than that the host has no such value.</summary>
    public string? ErrorOf(TableSet tables) => tables.Call(Key) switch
    {
        { Error: { } error } => error.Message,
        { Reply.ReturnValue: 5 } => $@"HKLM\{SubKey} may not be read: access denied.",
        _ => null,
    };

    private static RegistryValue Text(string key, string name) => new("GetStringValue", key, name);

    private static RegistryValue Number(string key, string name) => new("GetDWORDValue", key, name);
}
