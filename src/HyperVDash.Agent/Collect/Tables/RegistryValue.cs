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

    /// <summary>The host's own name as it is spelled in the registry; it counts from the next start on.</summary>
    public static readonly RegistryValue ComputerName = Text(@"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName", "ComputerName");

    /// <summary>The same value asked by another method is another question.</summary>
    public string Key => $"{Method}|{SubKey}|{Name}";

    public CimCall Call(TimeSpan timeout) => new("root/default", "StdRegProv", Method)
    {
        Arguments =
        [
            new("hDefKey", CimType.UInt32, LocalMachine),
            new("sSubKeyName", CimType.String, SubKey),
            .. Name.Length == 0 ? Array.Empty<CimArgument>() : [new("sValueName", CimType.String, Name)],
        ],
        Timeout = timeout,
    };

    /// <summary>REG_SZ.</summary>
    public static RegistryValue Text(string key, string name) => new("GetStringValue", key, name);

    /// <summary>REG_DWORD.</summary>
    public static RegistryValue Number(string key, string name) => new("GetDWORDValue", key, name);

    /// <summary>REG_MULTI_SZ.</summary>
    public static RegistryValue Texts(string key, string name) => new("GetMultiStringValue", key, name);

    /// <summary>REG_BINARY.</summary>
    public static RegistryValue Bytes(string key, string name) => new("GetBinaryValue", key, name);

    /// <summary>The names of a key's subkeys, and with them whether the key exists.</summary>
    public static RegistryValue Keys(string key) => new("EnumKey", key, "");

    /// <summary>The names and types of a key's values.</summary>
    public static RegistryValue Names(string key) => new("EnumValues", key, "");

    /// <summary>True if the key or value is there, false if it is not, null if it could not be asked.</summary>
    public bool? Exists(TableSet tables) => tables.Call(Key) switch
    {
        { Reply.ReturnValue: 0 } => true,
        { Reply.ReturnValue: 1 or 2 } => false,
        _ => null,
    };

    public IReadOnlyList<string>? TextsOf(TableSet tables) => tables.Call(Key) is { Reply: { ReturnValue: 0 } reply } ? reply.Out.Strings(Method == "EnumKey" || Method == "EnumValues" ? "sNames" : "sValue") ?? [] : null;

    /// <summary>Type code of one of the names that <see cref="Names"/> asked for; null if it is absent or was not read.</summary>
    public int? TypeOf(TableSet tables, string name)
    {
        if (tables.Call(Key) is not { Reply: { ReturnValue: 0 } reply } || reply.Out.Strings("sNames") is not { } names || reply.Out.Numbers("Types") is not { } types)
        {
            return null;
        }

        int at = names.ToList().FindIndex(n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
        return at >= 0 && at < types.Count ? (int)types[at] : null;
    }

    /// <summary>The text of a string value; null if there is none or it was not read.</summary>
    public string? TextOf(TableSet tables) => tables.Call(Key) is { Reply: { ReturnValue: 0 } reply } ? reply.Out.String("sValue") : null;

    /// <summary>The bytes of a binary value; null if there is none or it was not read.</summary>
    public byte[]? BytesOf(TableSet tables) =>
        tables.Call(Key) is { Reply: { ReturnValue: 0 } reply } && reply.Out.Numbers("uValue") is { } numbers && numbers.All(n => n is >= 0 and <= 255)
            ? [.. numbers.Select(n => (byte)n)]
            : null;

    public int? NumberOf(TableSet tables) => tables.Call(Key) is { Reply: { ReturnValue: 0 } reply } ? reply.Out.Int32("uValue") : null;

    /// <summary>Why it is not known, other than that the host has no such value.</summary>
    public string? ErrorOf(TableSet tables) => tables.Call(Key) switch
    {
        { Error: { } error } => error.Message,
        { Reply.ReturnValue: 5 } => $@"HKLM\{SubKey} may not be read: access denied.",
        _ => null,
    };
}
