using System.Globalization;

namespace HyperVDash.Web.Components.Parts;

/// <summary>Days as they are written in the settings, so that both can be compared.</summary>
public static class CalendarDay
{
    public static string Of(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
