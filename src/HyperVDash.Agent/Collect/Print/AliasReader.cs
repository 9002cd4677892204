using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Print;

namespace HyperVDash.Agent.Collect.Print;

/// <summary>The names a server answers to, and the values that decide whether it does.</summary>
internal static class AliasReader
{
    private static readonly RegistryValue[] Single =
        [PrintTables.StrictNames, PrintTables.Hardening, PrintTables.AllowedNames, PrintTables.DnsOnWire, PrintTables.RpcPrivacy, PrintTables.NtlmRestriction, PrintTables.BackConnectionNames];

    public static ServerAliases Of(SectionSources sources)
    {
        var tables = sources.Tables;
        var names = OptionalNames(tables);
        bool isKnown = IsKnown(tables);
        var since = isKnown ? ChangeMemory.Of(sources.Memory, "print/optionalNames", $"{PrintTables.OptionalNamesType(tables)}:{string.Join('\n', names ?? [])}", sources.Host.Now) : null;
        return new ServerAliases
        {
            OptionalNames = names,
            OptionalNamesType = Type(PrintTables.OptionalNamesType(tables)),
            OptionalNamesSeenAt = since?.SeenAt,
            OptionalNamesOtherUntil = since?.OtherUntil,
            ServerServiceStartedAt = ServerStart(tables),
            IsStrictNameCheckingOff = Switch(PrintTables.StrictNames, tables),
            HardeningLevel = PrintTables.Hardening.NumberOf(tables),
            AllowedNames = Names(PrintTables.AllowedNames.TextsOf(tables)),
            IsDnsOnWire = Switch(PrintTables.DnsOnWire, tables),
            NtlmRestriction = PrintTables.NtlmRestriction.NumberOf(tables),
            BackConnectionNames = Names(PrintTables.BackConnectionNames.TextsOf(tables)),
            RpcPrivacy = PrintTables.RpcPrivacy.NumberOf(tables),
            Unread = [.. isKnown ? Array.Empty<string>() : ["OptionalNames"], .. Single.Where(v => v.Exists(tables) is null).Select(v => v.Name)],
        };
    }

    public static IEnumerable<string?> Gaps(TableSet tables)
    {
        if (!IsKnown(tables) || PrintTables.ServerValues.ErrorOf(tables) is not null || PrintTables.OptionalNamesOf(tables)?.ErrorOf(tables) is not null)
        {
            yield return $"OptionalNames: {(PrintTables.ServerValues.ErrorOf(tables) ?? PrintTables.OptionalNamesOf(tables)?.ErrorOf(tables) ?? "the registry did not tell its value.")}";
        }

        foreach (var value in Single.Where(v => v.Exists(tables) is null || v.ErrorOf(tables) is not null))
        {
            yield return $"{value.Name}: {value.ErrorOf(tables) ?? "the value is of another type than Windows reads."}";
        }
    }

    /// <summary>The key's list was read, and the value too if it is in there.</summary>
    private static bool IsKnown(TableSet tables) =>
        PrintTables.ServerValues.Exists(tables) is not null && (PrintTables.OptionalNamesOf(tables) is not { } value || value.Exists(tables) is not null);

    // One text stays one: a list written into it is the mistake to be shown.
    private static ImmutableArray<string>? OptionalNames(TableSet tables) => PrintTables.OptionalNamesOf(tables) switch
    {
        { Method: "GetMultiStringValue" } texts => Names(texts.TextsOf(tables)),
        { } text => text.TextOf(tables) is { } one ? Names([one]) : null,
        null => null,
    };

    private static ImmutableArray<string>? Names(IReadOnlyList<string>? names) =>
        names is null ? null : [.. names.Where(n => n.Length > 0).Take(256).Select(n => Text.Cut(n)!)];

    private static bool? Switch(RegistryValue value, TableSet tables) => value.Exists(tables) switch
    {
        false => false,
        true => value.NumberOf(tables) is { } number ? number == 1 : null,
        null => null,
    };

    private static DateTimeOffset? ServerStart(TableSet tables)
    {
        var services = tables[PrintTables.RunningServices].Rows;
        return services.FirstOrDefault(s => "LanmanServer".Equals(s.String("Name"), StringComparison.OrdinalIgnoreCase))?.Int64("ProcessId") is > 0 and var process
            && services.Count(s => s.Int64("ProcessId") == process) == 1
                ? tables[PrintTables.Processes].Rows.FirstOrDefault(p => p.Int64("ProcessId") == process)?.DateTime("CreationDate")
                : null;
    }

    private static RegistryType? Type(int? code) => code switch
    {
        null => null,
        1 => RegistryType.String,
        2 => RegistryType.ExpandString,
        3 => RegistryType.Binary,
        4 => RegistryType.Number,
        7 => RegistryType.MultiString,
        11 => RegistryType.Number64,
        _ => RegistryType.Unknown,
    };
}
