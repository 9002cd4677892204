using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Jobs of the management service, and what they work on.</summary>
internal static class JobRows
{
    public static void Write(HostTables t)
    {
        foreach (var job in t.Description.Jobs)
        {
            if (t.HasV1 && job.Kind != LabJobKind.Migration)
            {
                Write(t, HostTables.V1, job);
            }

            if (t.HasV2)
            {
                Write(t, HostTables.V2, job);
            }
        }
    }

    private static void Write(HostTables t, string cimNamespace, LabJob job)
    {
        string className = $"Msvm_{job.Kind}Job";
        string id = job.Id.Upper();
        var row = t.Add(cimNamespace, new LabInstance(className)
        {
            ["InstanceID"] = id, ["Caption"] = t.Words.VirtualMachineManagement, ["ElementName"] = t.Words.VirtualMachineManagement, ["JobState"] = job.State, ["JobStatus"] = "OK",
            ["JobType"] = job.Type, ["PercentComplete"] = job.Percent, ["StartTime"] = job.StartedAt, ["TimeSubmitted"] = job.StartedAt, ["ErrorCode"] = 0, ["HealthState"] = 5,
            ["OperationalStatus"] = (ushort[])[2], ["StatusDescriptions"] = (string[])[t.Words.OperatingNormally],
        });
        if (job.VmId is not { } vm)
        {
            return;
        }

        if (job.Kind == LabJobKind.Migration)
        {
            row["VirtualSystemName"] = vm.Upper();
        }

        t.Add(cimNamespace, new("Msvm_AffectedJobElement")
        {
            ["AffectingElement"] = new LabReference(className, ("InstanceID", id)), ["ElementEffects"] = (ushort[])[0],
            ["AffectedElement"] = job.NamesSettings
                ? new LabReference("Msvm_VirtualSystemSettingData", ("InstanceID", $"Microsoft:{vm.Upper()}"))
                : new LabReference("Msvm_ComputerSystem", ("CreationClassName", "Msvm_ComputerSystem"), ("Name", vm.Upper())),
        });
    }
}
