using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect;

/// <summary>The grammar of InstanceID and DeviceID: <c>Microsoft:&lt;owner GUID&gt;\…</c>.</summary>
internal static class InstanceId
{
    private const string Prefix = "Microsoft:";

    /// <summary>Default, minimum, maximum and increment rows of every settings class; never a thing of a VM.</summary>
    public static bool IsTemplate(string id) => id.StartsWith("Microsoft:Definition", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first GUID: a VM, a checkpoint or a switch; null for host rows and templates.</summary>
    public static Guid? Owner(string? id)
    {
        if (id is null || !id.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || IsTemplate(id))
        {
            return null;
        }

        var rest = id.AsSpan(Prefix.Length);
        if (rest.StartsWith(@"GuestNetwork\", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[@"GuestNetwork\".Length..];
        }

        int end = rest.IndexOf('\\');
        return Guid.TryParse((end < 0 ? rest : rest[..end]).Trim("{}"), out var owner) ? owner : null;
    }

    /// <summary>Without its last <paramref name="count"/> segments.</summary>
    public static string? Cut(string id, int count)
    {
        int end = id.Length;
        for (; count > 0; count--)
        {
            end = end > 0 ? id.LastIndexOf('\\', end - 1) : -1;
            if (end < 0)
            {
                return null;
            }
        }

        return id[..end];
    }

    /// <summary>The longest of the known ids that this one continues; a legacy adapter's has one segment more than a synthetic one's, so counting segments would miss it.</summary>
    public static string? Longest(string id, HashSet<string> known)
    {
        var names = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var prefix = id.AsSpan();
        while (prefix.LastIndexOf('\\') is var end and >= 0)
        {
            prefix = prefix[..end];
            if (names.TryGetValue(prefix, out string? found))
            {
                return found;
            }
        }

        return null;
    }

    public static string? LastSegment(string id) => id.LastIndexOf('\\') is var at and >= 0 ? id[(at + 1)..] : null;

    /// <summary>The InstanceID that a path in a property points at.</summary>
    public static string? Of(CimPath? path) => path?["InstanceID"];
}
