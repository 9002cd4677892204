using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Performance;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>Decides what has to be asked for the wanted sections, and asks it: first which namespace the host has, then each class once.</summary>
internal sealed class HostQuestions(CollectorOptions options, HostMemory memory, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _finding = new(1);
    private readonly TableReader _reader = new(options, time) { NamesNoColumns = true };
    private SummaryQuestion? _summaries;
    private int? _namespace;
    private int? _build;
    private bool _isBeforeRelease = true;
    private bool _knowsBuild;
    private volatile bool _findsAnew;

    /// <summary>The question for vmms.exe and its neighbours, once the folders are known.</summary>
    public TableQuery? Files { get; private set; }

    public HostFacts Facts(string key, TableSet tables, DateTimeOffset now) => new(key, _namespace, _build, _isBeforeRelease, now);

    /// <summary>After a restart of the host: it may be of another release since, so what it is and what it lacks is found out again.</summary>
    public void Forget()
    {
        _reader.Forget();
        _summaries = null;
        _findsAnew = true;
        _knowsBuild = false;
    }

    /// <summary>Fills the table set.</summary>
    /// <param name="isWhole">Sections that do a bounded part of their work a read do all of it.</param>
    /// <returns>Why Hyper-V cannot be asked; null if it can.</returns>
    public async Task<HyperVGap?> AskAsync(ICimSession session, TableSet tables, HostFacts before, HostReading reading, IReadOnlySet<string> wanted, bool isWhole, CancellationToken cancellationToken)
    {
        var readers = SectionReaders.Of(wanted).ToList();
        bool needsHyperV = wanted.Overlaps(["virtualMachines", "performance", "devices", "checkpoints", "guests", "switches", "operatingSystem"]) || readers.Exists(r => r.NeedsHyperV);
        bool goesOn = readers.Count == wanted.Count && readers.TrueForAll(r => r.GoesOn(reading)) && IsFoundOfLate(tables, before);
        var gap = goesOn ? null : await FindAsync(session, tables, before, needsHyperV, cancellationToken).ConfigureAwait(false);
        var facts = Facts(before.Key, tables, before.Now);
        var queries = HostQueries(wanted)
            .Concat(gap is null ? HyperVQueries(wanted, facts, tables) : [])
            .Concat(readers.Where(r => gap is null || !r.NeedsHyperV).SelectMany(r => r.Queries(facts)))
            .DistinctBy(q => q.Key, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var values = RegistryValues(wanted).Concat(readers.SelectMany(r => r.Values(facts))).DistinctBy(v => v.Key, StringComparer.OrdinalIgnoreCase).ToList();
        var tasks = queries.Select(q => _reader.ReadAsync(session, q, cancellationToken)).ToList();
        var calls = values.Select(v => CallAsync(session, v, cancellationToken)).ToList();
        var answers = await Task.WhenAll(tasks).ConfigureAwait(false);
        var silence = WhySilent(answers);
        for (int i = 0; i < queries.Count; i++)
        {
            tables[queries[i]] = silence is not null && answers[i].IsRemembered ? new Table([], silence) : answers[i];
        }

        for (int i = 0; i < values.Count; i++)
        {
            var (reply, error) = await calls[i].ConfigureAwait(false);
            tables.SetCall(values[i].Key, reply, error);
        }

        await AskFilesAsync(session, tables, wanted, cancellationToken).ConfigureAwait(false);
        if (gap is null)
        {
            Contradictions.Mark(tables, facts, session.Target);
        }

        if (gap is null && wanted.Overlaps(["performance", "guests", "virtualMachines"]))
        {
            tables[SummaryRows.Table] = await (_summaries ??= new(_reader, options, time)).AskAsync(session, tables, facts, cancellationToken).ConfigureAwait(false);
            Contradictions.MarkSummaries(tables, facts, session.Target);
        }

        var follow = new FollowUp(session, _reader, tables, facts, memory, reading, options, time) { IsWhole = isWhole };
        foreach (var reader in readers.Where(r => gap is null || !r.NeedsHyperV))
        {
            await reader.FollowUpAsync(follow, cancellationToken).ConfigureAwait(false);
        }

        return gap;
    }

    /// <summary>A host that answers nothing now cannot vouch for what it lacked a while ago; null while it answers anything.</summary>
    private static CimException? WhySilent(IEnumerable<Table> answers)
    {
        var asked = answers.Where(a => !a.IsRemembered).ToList();
        return asked.Count > 0 && asked.TrueForAll(a => a is { IsRead: false, IsAbsent: false }) ? asked[0].Error : null;
    }

    /// <summary>The list of VMs, by which Hyper-V is known to answer, is no older than two rounds of its lane; it has as many rows as the host has VMs.</summary>
    private bool IsFoundOfLate(TableSet tables, HostFacts before) =>
        _knowsBuild && !_findsAnew && _namespace is not null
        && tables[Plan.Systems(Facts(before.Key, tables, before.Now))] is { IsRead: true, ReadAt: { } at } && time.GetUtcNow() - at <= options.StateInterval * 2;

    /// <summary>What the host is; two reads that begin together find it out once.</summary>
    private async Task<HyperVGap?> FindAsync(ICimSession session, TableSet tables, HostFacts before, bool needsHyperV, CancellationToken cancellationToken)
    {
        bool isFirst = !_knowsBuild || _findsAnew || _namespace is null;
        if (isFirst)
        {
            await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await AskBuildAsync(session, tables, cancellationToken).ConfigureAwait(false);
            return needsHyperV ? await FindNamespaceAsync(session, tables, before, cancellationToken).ConfigureAwait(false) : null;
        }
        finally
        {
            if (isFirst)
            {
                _finding.Release();
            }
        }
    }

    public void Dispose() => _finding.Dispose();

    /// <summary>Before anything of the older namespace is asked: a pre-release host must not be asked for columns by name.</summary>
    private async Task AskBuildAsync(ICimSession session, TableSet tables, CancellationToken cancellationToken)
    {
        if (_knowsBuild)
        {
            return;
        }

        var (lab, labError) = await CallAsync(session, RegistryValue.BuildLab, cancellationToken).ConfigureAwait(false);
        tables.SetCall(RegistryValue.BuildLab.Key, lab, labError);
        var (build, buildError) = await CallAsync(session, RegistryValue.CurrentBuild, cancellationToken).ConfigureAwait(false);
        tables.SetCall(RegistryValue.CurrentBuild.Key, build, buildError);
        if (!int.TryParse(RegistryValue.CurrentBuild.TextOf(tables), out int number))
        {
            // What was known before a restart holds until the host says otherwise; without it the system itself tells the build, if not what came before its release.
            _build ??= buildError is null ? null : await BuildOfSystemAsync(session, cancellationToken).ConfigureAwait(false);
            return;
        }

        _build = number;
        string[] parts = (RegistryValue.BuildLab.TextOf(tables) ?? "").Split('.');
        int? revision = parts.Length > 1 && int.TryParse(parts[1], out int value) ? value : null;
        _isBeforeRelease = _build switch
        {
            6001 => revision is null or < 18000,
            _ => false,
        };
        _reader.NamesNoColumns = _isBeforeRelease;
        _knowsBuild = true;
    }

    private async Task<int?> BuildOfSystemAsync(ICimSession session, CancellationToken cancellationToken)
    {
        var system = await _reader.ReadAsync(session, Plan.Os, cancellationToken).ConfigureAwait(false);
        int? build = system.Rows.FirstOrDefault()?.Int32("BuildNumber");
        _isBeforeRelease = build == 6001;
        return build;
    }

    private async Task<HyperVGap?> FindNamespaceAsync(ICimSession session, TableSet tables, HostFacts before, CancellationToken cancellationToken)
    {
        int newest = _findsAnew ? 2 : _namespace ?? 2;
        bool isRemembered = true;
        for (int version = newest; version >= 1; version--)
        {
            var facts = before with { Namespace = version, Build = _build, IsBeforeRelease = _isBeforeRelease };
            var query = Plan.Systems(facts);
            var systems = await _reader.ReadAsync(session, query, cancellationToken).ConfigureAwait(false);
            isRemembered &= systems.IsRemembered;
            if (systems.IsRead)
            {
                if (await RightsGapAsync(session, systems, facts, cancellationToken).ConfigureAwait(false) is { } gap)
                {
                    var empty = new Table([], new CimException(CimErrorKind.AccessDenied, gap.Reason));
                    return await GapOfOneClassAsync(session, tables, query, empty, facts, cancellationToken).ConfigureAwait(false) ? null : gap;
                }

                _namespace = version;
                _findsAnew = false;
                tables[query] = systems;
                return null;
            }

            // A class that is unknown in a namespace that is there, denied, or no answer: not a reason to look elsewhere.
            if (systems.Error is { Kind: not CimErrorKind.NoSuchNamespace } error && (!systems.IsAbsent || _namespace == version))
            {
                return await GapOfOneClassAsync(session, tables, query, systems, facts, cancellationToken).ConfigureAwait(false)
                    ? null
                    : await ServiceGapAsync(session, error, cancellationToken).ConfigureAwait(false);
            }

        }

        // What a host lacked a while ago is no sign of life: one that answers nothing now must not seem to be read.
        if (isRemembered && await _reader.ReadAsync(session, Plan.Os, cancellationToken).ConfigureAwait(false) is { Error: { } silence, IsAbsent: false })
        {
            return new HyperVGap(Outcome.StateOf(silence), silence.Message);
        }

        _namespace = null;
        return new HyperVGap(SectionState.Absent, $"{session.Target} has no Hyper-V namespace: the role is not installed.");
    }

    /// <summary>True if Hyper-V answered before and its management service still does: then only the list of VMs is in trouble, and the rest can be read.</summary>
    private async Task<bool> GapOfOneClassAsync(ICimSession session, TableSet tables, TableQuery query, Table systems, HostFacts facts, CancellationToken cancellationToken)
    {
        if (_namespace != facts.Namespace || !tables[query].IsKnown
            || await _reader.ReadAsync(session, Plan.ManagementService(facts), cancellationToken).ConfigureAwait(false) is not { IsRead: true, Rows.Count: > 0 })
        {
            return false;
        }

        tables[query] = systems;
        return true;
    }

    /// <summary>Without rights the provider answers with empty sets and no error; only the management service's own row tells.</summary>
    private async Task<HyperVGap?> RightsGapAsync(ICimSession session, Table systems, HostFacts facts, CancellationToken cancellationToken)
    {
        if (systems.Rows.Any(r => r.Guid("Name") is not null))
        {
            return null;
        }

        var service = await _reader.ReadAsync(session, Plan.ManagementService(facts), cancellationToken).ConfigureAwait(false);
        if (service is { IsRead: true, Rows.Count: > 0 } && systems.Rows.Count > 0)
        {
            return null;
        }

        var stopped = await StoppedServiceAsync(session, cancellationToken).ConfigureAwait(false);
        return stopped ?? new HyperVGap(SectionState.Denied,
            $"{session.Target} lists no Hyper-V objects for this account. {HyperVRights.Local}");
    }

    private async Task<HyperVGap?> ServiceGapAsync(ICimSession session, CimException error, CancellationToken cancellationToken)
    {
        var stopped = error.Kind == CimErrorKind.Protocol ? await StoppedServiceAsync(session, cancellationToken).ConfigureAwait(false) : null;
        return stopped ?? new HyperVGap(Outcome.StateOf(error), error.Message);
    }

    private async Task<HyperVGap?> StoppedServiceAsync(ICimSession session, CancellationToken cancellationToken)
    {
        var services = await _reader.ReadAsync(session, Plan.Services, cancellationToken).ConfigureAwait(false);
        var vmms = services.Rows.FirstOrDefault(r => "vmms".Equals(r.String("Name"), StringComparison.OrdinalIgnoreCase));
        return vmms?.String("State") is { } state && state != "Running"
            ? new HyperVGap(SectionState.Failed, $"The Virtual Machine Management service (vmms) of {session.Target} is {state}; nothing can be asked of Hyper-V until it runs.")
            : null;
    }

    private static IEnumerable<TableQuery> HostQueries(IReadOnlySet<string> wanted)
    {
        if (wanted.Overlaps(["operatingSystem", "locale"]))
        {
            yield return Plan.Os;
        }

        if (wanted.Contains("computerSystem"))
        {
            yield return Plan.Computer;
            yield return Plan.Product;
        }

        if (wanted.Contains("roles"))
        {
            yield return Plan.Roles;
        }

        if (wanted.Contains("services"))
        {
            yield return Plan.Services;
            yield return Plan.Workers;
        }

    }

    private static IEnumerable<TableQuery> HyperVQueries(IReadOnlySet<string> wanted, HostFacts h, TableSet tables)
    {
        bool needsSettings = wanted.Overlaps(["devices", "checkpoints"]) || (wanted.Contains("virtualMachines") && !tables[Plan.Settings(h)].IsRead);
        if (needsSettings)
        {
            yield return Plan.Settings(h);
            yield return Plan.Memory(h);
            yield return Plan.Processors(h);
            if (h.IsV1)
            {
                yield return Plan.GlobalSettings;
            }

            foreach (var query in Plan.MoreSettings(h))
            {
                yield return query;
            }
        }

        if (wanted.Contains("devices"))
        {
            foreach (var query in Plan.OtherDevices(h))
            {
                yield return query;
            }

            yield return Plan.Resources(h);
            yield return Plan.SyntheticNics(h);
            yield return Plan.LegacyNics(h);
            yield return Plan.DiskDrives(h);
            foreach (var query in h.IsV1
                ? new[] { Plan.SwitchesV1, Plan.SwitchPorts, Plan.BindsTo, Plan.ElementSettings, Plan.VlanEndpoints, Plan.VlanModes }
                : [Plan.Storage(h), Plan.SwitchesV2, Plan.SwitchSettings, Plan.Connections, Plan.Vlans, Plan.PortSecurity, Plan.PortBandwidth, Plan.PortOffload])
            {
                yield return query;
            }
        }
    }

    private static List<RegistryValue> RegistryValues(IReadOnlySet<string> wanted) =>
    [
        .. wanted.Contains("operatingSystem") ? new[] { RegistryValue.BuildLab, RegistryValue.UpdateRevision, RegistryValue.Edition, RegistryValue.InstallationType, RegistryValue.ComputerName } : [],
        .. wanted.Contains("locale") ? new[] { RegistryValue.SystemLocale, RegistryValue.InstallLanguage } : [],
    ];

    private async Task AskFilesAsync(ICimSession session, TableSet tables, IReadOnlySet<string> wanted, CancellationToken cancellationToken)
    {
        if (!wanted.Contains("operatingSystem") || tables[Plan.Os].Rows.FirstOrDefault() is not { } os)
        {
            return;
        }

        Files = Plan.Files(os.String("SystemDirectory") ?? @"C:\Windows\System32", os.String("SystemDrive") ?? "C:");
        tables[Files] = await _reader.ReadAsync(session, Files, cancellationToken).ConfigureAwait(false);
        // Slow; the section updates reads it again, once a day.
        if (os.String("BuildNumber") == "6001" && !tables[Plan.Hotfixes].IsRead)
        {
            tables[Plan.Hotfixes] = await _reader.ReadAsync(session, Plan.Hotfixes, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(CimReply? Reply, CimException? Error)> CallAsync(ICimSession session, RegistryValue value, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.InvokeAsync(value.Call(options.TableTimeout), cancellationToken).ConfigureAwait(false), null);
        }
        catch (CimException error)
        {
            return (null, error);
        }
    }
}
