using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Runs the rules over one host and what is on it, reading after reading. It remembers each verdict and what it rests on, and asks a rule again only
/// about the objects for which something of that changed or an instant came that the rule named; what comes out is what a first examination would say.
/// Not for several threads at once.
/// </summary>
/// <param name="rules">Null: all of the catalogue.</param>
public sealed class HostExaminer(IReadOnlyCollection<IRule>? rules = null)
{
    // What lists the objects of a scope: where it could not be read, nobody knows which objects were not examined.
    private static readonly ImmutableArray<int> VmLists = [SectionBits.IndexOf("virtualMachines")];
    private static readonly ImmutableArray<int> DeviceLists = [.. VmLists, SectionBits.IndexOf("devices")];
    private static readonly ImmutableArray<int> OwnDevices = [SectionBits.IndexOf("devices")];
    private static readonly ImmutableArray<int> SwitchLists = [SectionBits.IndexOf("switches")];

    private static readonly SectionReads OfVm = new(0, 0, 0, SectionBits.Of("virtualMachines"));
    private static readonly SectionReads OfDevice = new(0, 0, 0, SectionBits.Of("virtualMachines") | SectionBits.Of("devices"));
    private static readonly SectionReads OfSwitch = new(0, SectionBits.Of("switches"), 0, 0);

    private readonly ScopeMemory<HostSubject> _hosts = new(rules);
    private readonly ScopeMemory<VirtualMachineSubject> _vms = new(rules);
    private readonly ScopeMemory<DriveSubject> _drives = new(rules);
    private readonly ScopeMemory<NetworkAdapterSubject> _adapters = new(rules);
    private readonly ScopeMemory<SwitchSubject> _switches = new(rules);
    private (HostSubject Host, RuleSettings Settings, DateTimeOffset Now)? _before;
    private Lists? _lists;

    /// <summary>A captured host is judged as of the time it was captured.</summary>
    public Examination Examine(HostReading reading, RuleSettings settings, DateTimeOffset now) =>
        Examine(_before is { } before ? new HostSubject(reading, before.Host) : new HostSubject(reading), settings, now);

    internal Examination Examine(HostSubject host, RuleSettings settings, DateTimeOffset now)
    {
        var reading = host.Whole;
        bool isCaptured = reading.CapturedAt is not null;
        var at = isCaptured ? reading.Sections().Max(s => s.Section.Attempt.At) ?? reading.CapturedAt!.Value : now;
        var round = new Round(settings, at, _before is { } before && ReferenceEquals(before.Settings, settings) ? HostDifference.Between(before.Host, before.Now, host, at) : HostDifference.Everything);
        var listening = SectionNotes.Current;
        SectionNotes.Current = round.Notes;
        try
        {
            Update(host, round);
        }
        finally
        {
            SectionNotes.Current = listening;
        }

        _before = (host, settings, at);
        return new(at)
        {
            Columns = [.. round.Columns],
            NextInstant = isCaptured ? null : round.NextInstant,
            IsOnlySample = isCaptured,
        };
    }

    private void Update(HostSubject host, Round round)
    {
        ImmutableArray<HostSubject> hosts = [host];
        var before = _lists;
        var lists = _lists = Lists.Of(host, before);
        _hosts.Update(SubjectList<HostSubject>.Of(host), hosts, round);

        // A VM that runs where it stood still is called the same: nothing is named anew.
        bool areVmsSame = !round.Change.IsEverything && lists.NamesVmsAs(before);
        _vms.Update(
            _vms.Subjects is { } vms && areVmsSame ? vms.With(i => new(lists.Vms[i], host))
                : SubjectList<VirtualMachineSubject>.Of([.. lists.Vms.Select(v => new VirtualMachineSubject(v, host))], OfVm, v => v.Vm.Id),
            hosts, round);
        Unlisted(_vms, VmLists, host, round);

        bool areDevicesSame = areVmsSame && !round.Change.TouchesAny(OwnDevices);
        _drives.Update(
            _drives.Subjects is { } drives && areDevicesSame ? drives.With(i => new(lists.Drives[i], lists.VmById[lists.Drives[i].VirtualMachineId], host))
                : SubjectList<DriveSubject>.Of([.. lists.Drives.Select(d => new DriveSubject(d, lists.VmById[d.VirtualMachineId], host))], OfDevice, d => d.Vm.Id),
            hosts, round);
        Unlisted(_drives, DeviceLists, host, round);

        _adapters.Update(
            _adapters.Subjects is { } adapters && areDevicesSame ? adapters.With(i => new(lists.Adapters[i], lists.VmById[lists.Adapters[i].VirtualMachineId], host))
                : SubjectList<NetworkAdapterSubject>.Of([.. lists.Adapters.Select(n => new NetworkAdapterSubject(n, lists.VmById[n.VirtualMachineId], host))], OfDevice, n => n.Vm.Id),
            hosts, round);
        Unlisted(_adapters, DeviceLists, host, round);

        _switches.Update(
            _switches.Subjects is { } switches && !round.Change.TouchesAny(SwitchLists) ? switches.With(i => new(lists.Switches[i], host))
                : SubjectList<SwitchSubject>.Of([.. lists.Switches.Select(s => new SwitchSubject(s, host))], OfSwitch, null),
            hosts, round);
        Unlisted(_switches, SwitchLists, host, round);
    }

    /// <summary>Objects that a host lists: where the list could not be read, each rule is unknown for the host as a whole.</summary>
    private static void Unlisted<TSubject>(ScopeMemory<TSubject> scope, ImmutableArray<int> lists, HostSubject host, Round round) where TSubject : class, ISubject
    {
        foreach (int list in lists)
        {
            var gate = host.Gate(list);
            // Kept content of a failed read still lists its objects, and each of them is unknown by itself.
            if (gate.Section.HasContent() && gate.Section.Attempt.State != SectionState.Partial)
            {
                continue;
            }

            if (gate.At(round.Now) is Verdict.Unknown unknown)
            {
                var objects = new ObjectList([host.Identity]);
                round.Columns.AddRange(scope.Cards.Select(c =>
                {
                    var verdicts = new VerdictList(round.Tuning.For(c.Id)?.Apply(c, host, host.Identity, unknown, round.Context) ?? unknown, 1);
                    return new VerdictColumn(c, objects, verdicts, VerdictSummary.Of(c, objects, verdicts, VerdictSummary.None), ScopeMemory<TSubject>.SampleAt(c, [host], round.Now));
                }));
                return;
            }
        }
    }

    /// <summary>The objects on a host; of two VMs or disks with one id only the first, and no device of a VM that is not listed.</summary>
    private sealed record Lists(
        ImmutableArray<VirtualMachine> Vms, Dictionary<Guid, VirtualMachine> VmById, ImmutableArray<Drive> Drives, ImmutableArray<NetworkAdapter> Adapters, ImmutableArray<VirtualSwitch> Switches,
        VirtualMachineList? VmsFrom, DeviceList? DevicesFrom)
    {
        public bool NamesVmsAs(Lists? before)
        {
            if (before is null || before.Vms.Length != Vms.Length)
            {
                return false;
            }

            for (int i = 0; i < Vms.Length; i++)
            {
                if (!ReferenceEquals(Vms[i], before.Vms[i]) && (Vms[i].Id != before.Vms[i].Id || Vms[i].Name != before.Vms[i].Name))
                {
                    return false;
                }
            }

            return true;
        }

        public static Lists Of(HostSubject host, Lists? before)
        {
            var reading = host.Whole;
            ImmutableArray<VirtualSwitch> switches = reading.Switches.Content?.Items ?? [];
            if (before is not null && ReferenceEquals(before.VmsFrom, reading.VirtualMachines.Content) && ReferenceEquals(before.DevicesFrom, reading.Devices.Content))
            {
                return before with { Switches = switches };
            }

            ImmutableArray<VirtualMachine> vms = reading.VirtualMachines.Content?.Items ?? [];
            var byId = new Dictionary<Guid, VirtualMachine>(vms.Length);
            foreach (var vm in vms)
            {
                byId.TryAdd(vm.Id, vm);
            }

            return new(
                byId.Count == vms.Length ? vms : [.. byId.Values],
                byId,
                [.. (reading.Devices.Content?.Drives ?? []).Where(d => byId.ContainsKey(d.VirtualMachineId))],
                [.. (reading.Devices.Content?.NetworkAdapters ?? []).Where(n => byId.ContainsKey(n.VirtualMachineId))],
                switches, reading.VirtualMachines.Content, reading.Devices.Content);
        }
    }
}
