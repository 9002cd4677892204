using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Replication;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Agent.Collect.VirtualMachines;

/// <summary>Joins state, settings, memory and processors of every VM.</summary>
internal static class VirtualMachineReader
{
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(5);

    public static SectionResult<VirtualMachineList> Read(TableSet tables, HostFacts host, VirtualMachineList? before)
    {
        var systems = tables[Plan.Systems(host)];
        if (!systems.IsRead)
        {
            return SectionResult<VirtualMachineList>.Failed(systems.Error!);
        }

        var settings = tables[Plan.Settings(host)];
        var memory = tables[Plan.Memory(host)];
        var processors = tables[Plan.Processors(host)];
        var global = host.IsV1 ? tables[Plan.GlobalSettings] : null;
        var settingsOf = SettingsRows.Active(settings.Rows, host.IsV1);
        var globalOf = ByOwner(global?.Rows ?? []);
        var memoryOf = ByOwner(memory.Rows);
        var processorsOf = ByOwner(processors.Rows);
        var securityOf = ByOwner(host.IsV1 ? [] : tables[Plan.Security].Rows);
        var replication = ReplicationRows.Of(tables, host);
        var known = (before?.Items ?? []).ToDictionary(v => v.Id);
        var now = ImmutableArray.CreateBuilder<VirtualMachine>();
        foreach (var row in systems.Rows)
        {
            // Captions are translated; only a GUID as name tells a VM from the host.
            if (row.Guid("Name") is { } id)
            {
                var vm = State(row, id, systems.ReadAt ?? host.Now, known.GetValueOrDefault(id));
                vm = WithSettings(vm, settingsOf.GetValueOrDefault(id), globalOf.GetValueOrDefault(id), host);
                vm = WithResources(vm, memoryOf.GetValueOrDefault(id), processorsOf.GetValueOrDefault(id));
                now.Add(vm with { Security = Security(securityOf.GetValueOrDefault(id)), Replication = Seen(replication.Read(id, row), known.GetValueOrDefault(id)?.Replication, systems.ReadAt ?? host.Now) });
            }
        }

        var seen = now.Select(v => v.Id).ToHashSet();
        var unique = now.DistinctBy(v => v.Id).OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase).ThenBy(v => v.Id);
        var gone = known.Values.Where(v => !seen.Contains(v.Id) && !v.IsGone).Select(v => v with { IsGone = true });
        return SectionResult<VirtualMachineList>.Read(new() { Items = [.. unique, .. gone] },
        [
            settings.IsRead ? null : $"settings: {settings.Error!.Message}",
            memory.IsRead ? null : $"memory: {memory.Error!.Message}",
            processors.IsRead ? null : $"processors: {processors.Error!.Message}",
            global is null ? null : Outcome.Gap("global settings", global),
            .. Plan.MoreSettings(host).Select(q => tables.Has(q) ? Outcome.Gap(q == Plan.Security ? "security" : "replication", tables[q]) : null),
        ]);
    }

    private static VirtualMachineReplication? Seen(VirtualMachineReplication? now, VirtualMachineReplication? before, DateTimeOffset at) =>
        now is null ? null : now with { StateSeenAt = before is { StateSeenAt: { } seen } && (before.State, before.Mode) == (now.State, now.Mode) ? seen : at };

    // 2012 R2.
    private const int FirstBuildWithGenerations = 9600;

    private static VirtualMachine State(CimRow row, Guid id, DateTimeOffset readAt, VirtualMachine? before)
    {
        int? code = row.Int32("EnabledState");
        ImmutableArray<int>? status = row.Numbers("OperationalStatus") is { } numbers ? [.. numbers.Select(n => (int)n)] : null;
        return new VirtualMachine(id, Text.Cut(row.String("ElementName")) ?? id.ToString())
        {
            State = StateWords.State(code),
            StateCode = code,
            Health = StateWords.Health(row.Int32("HealthState"), status),
            OperationalStatus = status,
            Activity = StateWords.Activity(status),
            StartedAt = StartedAt(row.Int64("OnTimeInMilliseconds"), readAt, before?.StartedAt),
            StateChangedAt = row.DateTime("TimeOfLastStateChange"),
            ConfigurationChangedAt = row.DateTime("TimeOfLastConfigurationChange"),
            WorkerProcessId = row.Int64("ProcessID") is > 0 and var pid ? pid : null,
            LastBackupAt = row.DateTime("LastSuccessfulBackupTime"),
        };
    }

    // Derived from two clocks, it would move by milliseconds with every read and change the reading for nothing.
    private static DateTimeOffset? StartedAt(long? onTime, DateTimeOffset now, DateTimeOffset? before)
    {
        if (onTime is not > 0 || onTime > (long)TimeSpan.FromDays(36500).TotalMilliseconds)
        {
            return null;
        }

        var at = now - TimeSpan.FromMilliseconds(onTime.Value);
        return before is { } old && (at - old).Duration() < Jitter ? old : ToSecond(at);
    }

    private static DateTimeOffset ToSecond(DateTimeOffset at) =>
        at.AddTicks((TimeSpan.TicksPerSecond / 2) - ((at.Ticks + (TimeSpan.TicksPerSecond / 2)) % TimeSpan.TicksPerSecond));

    private static VirtualMachine WithSettings(VirtualMachine vm, CimRow? settings, CimRow? global, HostFacts host)
    {
        if (settings is null)
        {
            return vm;
        }

        var start = (global ?? settings).Int32("AutomaticStartupAction");
        var stop = (global ?? settings).Int32("AutomaticShutdownAction");
        // The newer namespace counts both from 2, the older from 0.
        int shift = host.IsV1 ? 0 : 2;
        return vm with
        {
            Generation = host.IsV1 ? 1 : settings.String("VirtualSystemSubType") switch
            {
                { } sub when sub.EndsWith(":2", StringComparison.Ordinal) => 2,
                { } sub when sub.EndsWith(":1", StringComparison.Ordinal) => 1,
                // 2012 knows no second generation and no such column; of any later release, or of one that is not known, it is not said.
                null when host.Build < FirstBuildWithGenerations => 1,
                _ => null,
            },
            ConfigurationVersion = Text.Cut((global ?? settings).String("Version")),
            CreatedAt = settings.DateTime("CreationTime") ?? global?.DateTime("CreationTime"),
            Notes = settings.Strings("Notes") is { } notes ? Text.Cut(string.Join('\n', notes)) is { Length: > 0 } note ? note : null : null,
            ConfigurationPath = Text.Cut(global?.String("ExternalDataRoot") ?? settings.String("ConfigurationDataRoot")),
            BootOrder = settings.Numbers("BootOrder") is { Count: > 0 } order ? [.. order.Select(Boot)] : null,
            StartAction = start is null ? null : (start - shift) switch
            {
                0 => AutomaticStartAction.Nothing, 1 => AutomaticStartAction.RestartIfRunning, 2 => AutomaticStartAction.Always, _ => AutomaticStartAction.Unknown,
            },
            StopAction = stop is null ? null : (stop - shift) switch
            {
                0 => AutomaticStopAction.TurnOff, 1 => AutomaticStopAction.Save, 2 => AutomaticStopAction.ShutDown, _ => AutomaticStopAction.Unknown,
            },
            IsSecureBoot = settings.Boolean("SecureBootEnabled"),
            SecureBootTemplate = settings.Guid("SecureBootTemplateId"),
            CheckpointPath = Text.Cut((global ?? settings).String("SnapshotDataRoot")),
            SmartPagingPath = Text.Cut(settings.String("SwapFileDataRoot")),
            BiosId = settings.Guid("BIOSGUID") ?? global?.Guid("BIOSGUID"),
            CheckpointPolicy = settings.Int32("UserSnapshotType") switch
            {
                null => null, 2 => CheckpointPolicy.Disabled, 3 => CheckpointPolicy.Production, 4 => CheckpointPolicy.ProductionOnly, 5 => CheckpointPolicy.Standard,
                _ => CheckpointPolicy.Unknown,
            },
            TakesAutomaticCheckpoints = settings.Boolean("AutomaticSnapshotsEnabled"),
            AllowsFullScsiCommands = (global ?? settings).Boolean("AllowFullSCSICommandSet"),
            PausesOnStorageLoss = settings.Int32("AutomaticCriticalErrorAction") switch { 0 => false, 1 => true, _ => null },
            StartDelay = (global ?? settings).Interval("AutomaticStartupActionDelay"),
            HasVirtualNuma = settings.Boolean("VirtualNumaEnabled"),
            CurrentCheckpointId = InstanceId.Owner(settings.KeyOf("Parent", "InstanceID")),
        };
    }

    private static VirtualMachine WithResources(VirtualMachine vm, CimRow? memory, CimRow? processors) => vm with
    {
        StartupMemory = MiB(memory?.Int64("VirtualQuantity")),
        MinimumMemory = MiB(memory?.Int64("Reservation")),
        MaximumMemory = MiB(memory?.Int64("Limit")),
        IsDynamicMemory = memory?.Boolean("DynamicMemoryEnabled"),
        MemoryBufferPercent = memory?.Boolean("DynamicMemoryEnabled") == true ? memory.Int32("TargetMemoryBuffer") : null,
        MemoryWeight = memory?.Int32("Weight"),
        Processors = processors?.Int32("VirtualQuantity"),
        ProcessorReservePercent = Percent(processors?.Int64("Reservation")),
        ProcessorLimitPercent = Percent(processors?.Int64("Limit")),
        ProcessorWeight = processors?.Int32("Weight"),
        LimitsProcessorFeatures = processors?.Boolean("LimitProcessorFeatures"),
        ExposesVirtualization = processors?.Boolean("ExposeVirtualizationExtensions"),
    };

    private static VirtualMachineSecurity? Security(CimRow? row) => row is null ? null : new()
    {
        HasTpm = row.Boolean("TpmEnabled"),
        IsShielded = row.Boolean("ShieldingRequested"),
        EncryptsState = row.Boolean("EncryptStateAndVmMigrationTraffic"),
        OptsOutOfVirtualizationBasedSecurity = row.Boolean("VirtualizationBasedSecurityOptOut"),
    };

    /// <summary>The host counts in thousandths of a percent.</summary>
    private static int? Percent(long? value) => value is >= 0 and <= 100_000 ? (int)(value.Value / 1000) : null;

    private static BootDevice Boot(long code) => code switch
    {
        0 => BootDevice.Floppy, 1 => BootDevice.Cd, 2 => BootDevice.IdeDisk, 3 => BootDevice.Network, 4 => BootDevice.ScsiDisk, _ => BootDevice.Unknown,
    };

    private static ByteSize? MiB(long? value) => value is >= 0 and < 1L << 40 ? new ByteSize(value.Value << 20) : null;

    /// <summary>One row a VM; rows of checkpoints have the checkpoint as owner and fall out by themselves.</summary>
    private static Dictionary<Guid, CimRow> ByOwner(IReadOnlyList<CimRow> rows)
    {
        var byOwner = new Dictionary<Guid, CimRow>();
        foreach (var row in rows)
        {
            if (InstanceId.Owner(row.String("InstanceID")) is { } owner)
            {
                byOwner.TryAdd(owner, row);
            }
        }

        return byOwner;
    }
}
