using System.Globalization;

namespace HyperVDash.Cim;

/// <summary>The ways CIM writes instants and spans: DMTF strings, ISO 8601 and XML durations.</summary>
internal static class CimTime
{
    // WMI says "never" as the first instant of its calendar.
    private const int NeverYear = 1601;

    /// <summary>An instant, or null for what is none, a span, or 1601 ("never").</summary>
    public static DateTimeOffset? Instant(string text)
    {
        text = text.Trim();
        var instant = text.Length == 25 && text[14] == '.' ? Dmtf(text) : Iso(text);
        return instant is { Year: > NeverYear } ? instant.Value.ToUniversalTime() : null;
    }

    /// <summary>A span written as <c>ddddddddHHMMSS.mmmmmm:000</c> or as an XML duration; null for anything else.</summary>
    public static TimeSpan? Interval(string text)
    {
        text = text.Trim();
        if (text.Length == 25 && text[21] == ':')
        {
            return int.TryParse(text.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture, out int days)
                && days < 10_000_000
                && TimeSpan.TryParseExact($"{text.AsSpan(8, 6)}", "hhmmss", CultureInfo.InvariantCulture, out var time)
                ? TimeSpan.FromDays(days) + time
                : null;
        }

        if (!text.StartsWith('P') && !text.StartsWith("-P", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return System.Xml.XmlConvert.ToTimeSpan(text);
        }
        catch (Exception broken) when (broken is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Dmtf(string text)
    {
        if (text[21] is not ('+' or '-')
            || !DateTime.TryParseExact(text.AsSpan(0, 14), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || !int.TryParse(text.AsSpan(22, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)
            || minutes > 14 * 60)
        {
            return null;
        }

        // Microseconds may be stars: not kept.
        int micro = int.TryParse(text.AsSpan(15, 6), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
        var instant = new DateTimeOffset(local, TimeSpan.Zero).AddTicks(micro * 10L);
        var offset = TimeSpan.FromMinutes(text[21] == '+' ? minutes : -minutes);
        return instant - DateTimeOffset.MinValue > offset && DateTimeOffset.MaxValue - instant > -offset ? instant - offset : null;
    }

    private static DateTimeOffset? Iso(string text) =>
        text.Length >= 19 && text[4] == '-' && text[10] == 'T'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;
}
