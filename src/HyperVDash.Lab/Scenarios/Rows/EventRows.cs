using System.Globalization;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The classic event logs.</summary>
internal static class EventRows
{
    public static void Write(HostTables t)
    {
        uint number = 40_000;
        foreach (var entry in t.Description.Events.OrderBy(e => e.At))
        {
            number++;
            t.Add(HostTables.Cimv2, new("Win32_NTLogEvent")
            {
                ["Logfile"] = entry.Log, ["RecordNumber"] = number, ["SourceName"] = entry.Provider, ["EventCode"] = entry.Id, ["EventIdentifier"] = (uint)entry.Id, ["EventType"] = entry.Type,
                ["TimeGenerated"] = entry.At, ["TimeWritten"] = entry.At, ["InsertionStrings"] = entry.Data.IsEmpty ? null : entry.Data.ToArray(), ["ComputerName"] = t.Description.Fqdn,
                ["Message"] = string.Format(CultureInfo.InvariantCulture, t.Words.EventText, string.Join(' ', entry.Data)),
            });
        }
    }
}
