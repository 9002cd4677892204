using System.Globalization;
using HyperVDash.Model.Devices;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

/// <summary>The dynamic MAC addresses of a host, as numbers; both ends belong to it.</summary>
internal readonly record struct MacRange(long First, long Last)
{
    public long Size => Last - First + 1;

    /// <summary>Reads <c>hyperVSettings</c>. Null: the host did not say it, or the ends are in the wrong order.</summary>
    public static MacRange? Of(HostSubject host) =>
        host.Reading.HyperVSettings.Content is { } settings && Number(settings.MinimumMacAddress) is { } first && Number(settings.MaximumMacAddress) is { } last && first <= last
            ? new(first, last) : null;

    public bool Contains(long address) => address >= First && address <= Last;

    public MacRange? Shared(MacRange other) =>
        Math.Max(First, other.First) is var first && Math.Min(Last, other.Last) is var last && first <= last ? new(first, last) : null;

    /// <summary>Null where none is assigned.</summary>
    public static long? AddressOf(NetworkAdapter adapter) => Number(adapter.MacAddress) is > 0 and var address ? address : null;

    public static string Text(long address)
    {
        string digits = address.ToString("X12", CultureInfo.InvariantCulture);
        return string.Join('-', Enumerable.Range(0, 6).Select(i => digits.Substring(i * 2, 2)));
    }

    public override string ToString() => $"{Text(First)} to {Text(Last)}";

    private static long? Number(string? text) => text is { Length: 12 } && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number) ? number : null;
}
