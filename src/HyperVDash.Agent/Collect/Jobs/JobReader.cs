using System.Globalization;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Agent.Collect.VirtualMachines;
using HyperVDash.Cim;
using HyperVDash.Model.Jobs;

namespace HyperVDash.Agent.Collect.Jobs;

/// <summary>What the management service is doing: two questions, however many jobs there are.</summary>
internal sealed class JobReader() : SectionReader<JobList>("jobs", r => r.Jobs, (r, s) => r with { Jobs = s })
{
    private const string Remembered = "job|";

    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Plan.UnfinishedJobs(host), Plan.AffectedByJobs(host)];

    protected override SectionResult<JobList> Read(SectionSources sources)
    {
        var (tables, host) = (sources.Tables, sources.Host);
        var jobs = tables[Plan.UnfinishedJobs(host)];
        if (!jobs.IsKnown)
        {
            return SectionResult<JobList>.Failed(jobs.Error!);
        }

        var affected = tables[Plan.AffectedByJobs(host)];
        var vmOf = VirtualMachines(affected.Rows, SettingsRows.Checkpoints(tables[Plan.Settings(host)].Rows, host.IsV1).DistinctBy(c => c.Id).ToDictionary(c => c.Id, c => c.Vm));
        var items = jobs.Rows.Select(r => Job(r, vmOf, sources)).DistinctBy(j => j.Id, StringComparer.OrdinalIgnoreCase).OrderBy(j => j.Id, StringComparer.OrdinalIgnoreCase).ToList();
        if (jobs.IsRead)
        {
            sources.Memory.KeepOnly(Remembered, items.Select(j => Remembered + j.Id).ToHashSet(StringComparer.OrdinalIgnoreCase));
        }

        return SectionResult<JobList>.Read(new() { Items = [.. items] },
        [
            jobs.IsRead ? null : $"jobs: {jobs.Error!.Message}",
            Outcome.Gap("VMs of jobs", affected),
        ]);
    }

    private static HyperVJob Job(CimRow row, Dictionary<string, Guid> vmOf, SectionSources sources)
    {
        string id = row.String("InstanceID")!;
        int? percent = row.Int32("PercentComplete") is >= 0 and <= 100 and var value ? value : null;
        return new HyperVJob(id)
        {
            TypeCode = row.Int32("JobType"),
            State = row.Int32("JobState") switch
            {
                2 => JobState.New, 3 => JobState.Starting, 4 => JobState.Running, 5 => JobState.Suspended, 6 => JobState.ShuttingDown, 7 => JobState.Completed,
                8 => JobState.Terminated, 9 => JobState.Killed, 10 => JobState.Exception, 11 => JobState.Service, _ => JobState.Unknown,
            },
            PercentComplete = percent,
            ProgressedAt = percent is null ? null : sources.Memory.Since(Remembered + id, percent.Value.ToString(CultureInfo.InvariantCulture), sources.Host.Now),
            StartedAt = row.DateTime("StartTime") ?? row.DateTime("TimeSubmitted"),
            VirtualMachineId = vmOf.TryGetValue(id, out var vm) ? vm : row.Guid("VirtualSystemName"),
            Caption = Text.Cut(row.String("Caption") is { Length: > 0 } caption ? caption : row.String("ElementName")),
        };
    }

    /// <summary>A job affects a VM, its settings or a device; the VM itself is the surest, and the settings may be those of a checkpoint just made.</summary>
    private static Dictionary<string, Guid> VirtualMachines(IReadOnlyList<CimRow> rows, Dictionary<Guid, Guid> vmOfCheckpoint)
    {
        var vmOf = new Dictionary<string, (Guid Vm, bool IsSure)>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            if (row.KeyOf("AffectingElement", "InstanceID") is not { } job || row.Path("AffectedElement") is not { } affected)
            {
                continue;
            }

            bool isSystem = affected.Is("Msvm_ComputerSystem");
            Guid? vm = isSystem ? Guid.TryParse(affected["Name"], out var id) ? id : null
                : InstanceId.Owner(InstanceId.Of(affected)) ?? (Guid.TryParse(affected["SystemName"], out var owner) ? owner : null);
            if (vm is { } found && (!vmOf.TryGetValue(job, out var known) || (isSystem && !known.IsSure)))
            {
                vmOf[job] = (vmOfCheckpoint.GetValueOrDefault(found, found), isSystem);
            }
        }

        return vmOf.ToDictionary(v => v.Key, v => v.Value.Vm, StringComparer.OrdinalIgnoreCase);
    }
}
