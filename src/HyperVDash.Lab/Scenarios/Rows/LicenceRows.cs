using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Activation and installed updates.</summary>
internal static class LicenceRows
{
    private const string Windows = "55c92734-d682-4d71-983e-d6ec3f16059f";
    private const string Office = "0ff1ce15-a989-479d-af46-f275c6370663";

    public static void Write(HostTables t)
    {
        var d = t.Description;
        t.Add(HostTables.Cimv2, new("SoftwareLicensingProduct")
        {
            ["ID"] = Ids.Of($"licence/{d.Release}").ToString(), ["ApplicationID"] = Windows, ["Name"] = "Windows(R), ServerDatacenter edition", ["LicenseStatus"] = d.Licence.Status,
            ["GracePeriodRemaining"] = d.Licence.GraceMinutes, ["EvaluationEndDate"] = d.Licence.EvaluationEndsAt ?? WellKnown.Never, ["PartialProductKey"] = d.Licence.PartialKey,
        });

        // Editions that could be licensed but are not, and the licence of something else.
        t.Add(HostTables.Cimv2, new("SoftwareLicensingProduct")
        {
            ["ID"] = Ids.Of($"licence/{d.Release}/standard").ToString(), ["ApplicationID"] = Windows, ["Name"] = "Windows(R), ServerStandard edition", ["LicenseStatus"] = 0,
            ["GracePeriodRemaining"] = 0, ["EvaluationEndDate"] = WellKnown.Never,
        });
        t.Add(HostTables.Cimv2, new("SoftwareLicensingProduct")
        {
            ["ID"] = Ids.Of("licence/office").ToString(), ["ApplicationID"] = Office, ["Name"] = "Office 16", ["LicenseStatus"] = 5, ["GracePeriodRemaining"] = 0, ["PartialProductKey"] = "OFFIC",
            ["EvaluationEndDate"] = WellKnown.Never,
        });
        WriteUpdates(t);
    }

    private static void WriteUpdates(HostTables t)
    {
        // Old releases write a FILETIME, later ones a date in the order of the United States.
        foreach (string id in t.Description.Hotfixes)
        {
            AddUpdate(t, id, "01c85a1f7b3c8000");
        }

        if (t.Since("2012"))
        {
            foreach (var update in t.Description.Updates ?? [new("KB5034129", "1/9/2026"), new("KB5034770", "2/13/2026")])
            {
                AddUpdate(t, update.Id, update.InstalledOn);
            }
        }
    }

    private static void AddUpdate(HostTables t, string id, string installedOn) => t.Add(HostTables.Cimv2, new("Win32_QuickFixEngineering")
    {
        ["HotFixID"] = id, ["ServicePackInEffect"] = "", ["CSName"] = t.Description.Name, ["Description"] = "Update", ["InstalledOn"] = installedOn,
    });
}
