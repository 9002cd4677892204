using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class UplinkDown : OneVerdictRule<SwitchSubject>
{
    // Adapters are read every ten minutes: a second sample would come too late for what cuts VMs off.
    public override RuleCard Card { get; } = new("HVD207", "switch-uplink-down", RuleScope.Switch, RuleKind.Configuration)
    {
        Title = "External switch without link, or with lost redundancy",
        Why = "Every VM on the switch loses the outside world; with one of several uplinks gone the next failure does it.",
        Fix = "Check cable, switch port and driver.",
        Quiet = "No running VM is attached (information); a host in maintenance (tag host:maintenance). That a single adapter runs slower than it could is not told, only what differs from the others of its kind.",
        Sections = ["physicalNetwork", "switches", "devices", "virtualMachines"],
        Mentions = ["operatingSystem"],
        Severities = [Severity.Info, Severity.Warning, Severity.Critical],
        Origin = "Faults of the Health Service: a network adapter is disconnected; field practice",
    };

    public override Verdict Decide(SwitchSubject subject, RuleContext context) =>
        Unreadable(subject.Host, context, "switches", "physicalNetwork", "virtualMachines", "devices") ?? subject.Switch.Uplinks switch
        {
            null => NotSaid("switches", "what the switch is bound to"),
            { IsEmpty: true } => NotFor("The switch has no uplink."),
            _ when context.Settings.HasTag(subject.Host.Id, "host:maintenance") => NotFor("Tagged host:maintenance."),
            _ => Judge(subject, SwitchMembers.Of(subject.Host, subject.Switch)),
        };

    private static Verdict Judge(SwitchSubject subject, SwitchMembers members)
    {
        var down = members.Adapters.Where(a => HasLink(a) == false).ToList();
        bool isUnsure = !members.IsComplete || members.Adapters.Any(a => HasLink(a) is null);
        if (members.IsComplete && down.Count == members.Adapters.Length)
        {
            var running = Running(subject);
            string name = VisibleText.Of(subject.Switch.Name);
            return Fire(subject, members, "down", running.Count > 0 ? Severity.Critical : Severity.Info,
                $"Switch '{name}' on {subject.Host.Name} has no link; {(running.Count == 0 ? "no running VM is attached" : $"{running.Count} running VM{(running.Count == 1 ? " is" : "s are")} cut off")}", running);
        }

        return down.Count > 0
            ? Fire(subject, members, "degraded", Severity.Warning, $"{down.Count} of {members.Adapters.Length} uplinks of '{VisibleText.Of(subject.Switch.Name)}' on {subject.Host.Name} {(down.Count == 1 ? "has" : "have")} no link", Running(subject))
            : Speeds(members.Adapters) is var (has, could) && has * 2 < could
                ? Fire(subject, members, "slow", Severity.Warning, $"The uplinks of '{VisibleText.Of(subject.Switch.Name)}' on {subject.Host.Name} run at {Words(has)} of {Words(could)}", Running(subject))
                : isUnsure ? NotSaid("physicalNetwork", "whether the switch's adapters have a link") : Verdict.Passed;
    }

    private static bool? HasLink(PhysicalAdapter adapter) =>
        adapter.IsConnected == false || adapter.IsEnabled == false || adapter.IsUp == false ? false : adapter.IsConnected ?? adapter.IsUp;

    /// <summary>What adapters have, and what they would have if each were as fast as the fastest of its kind.</summary>
    private static (long Has, long Could) Speeds(ImmutableArray<PhysicalAdapter> adapters)
    {
        var told = adapters.Where(a => a.BitsPerSecond is > 0).ToList();
        return (told.Sum(a => a.BitsPerSecond!.Value), told.GroupBy(a => SwitchMembers.ModelOf(a), StringComparer.OrdinalIgnoreCase).Sum(g => g.Count() * g.Max(a => a.BitsPerSecond!.Value)));
    }

    private static List<VirtualMachine> Running(SwitchSubject subject)
    {
        var users = subject.Host.AdaptersOf.SelectMany(a => a).Where(n => subject.Switch.Id.Equals(n.SwitchId, StringComparison.OrdinalIgnoreCase)).Select(n => n.VirtualMachineId).ToHashSet();
        return [.. subject.Host.Reading.VirtualMachines.Content!.Items.Where(v => v.State == VirtualMachineState.Running && users.Contains(v.Id))];
    }

    private static string Words(long bitsPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e9:0.###} Gbit/s");

    private static Verdict.Fire Fire(SwitchSubject subject, SwitchMembers members, string variant, Severity severity, string title, List<VirtualMachine> running) => new(variant, severity, title)
    {
        Impact = severity switch
        {
            Severity.Critical => "The VMs on it reach nothing outside the host.", Severity.Warning => "The next failure cuts its VMs off, or they get less than they need.", _ => null,
        },
        Remedy = Mend(subject.Host, RemedyRisk.Online, "Check cable, switch port and driver of the adapter, then start it anew.", $"Check cable, switch port and driver of the adapter in Network Connections of {subject.Host.Name}.",
            [
                PowerShell.Line($"Get-NetAdapter -CimSession {subject.Host} | Format-Table Name,Status,LinkSpeed"),
                .. members.Adapters.Where(a => variant == "slow" || HasLink(a) == false).Take(4).Select(a => PowerShell.Line($"Restart-NetAdapter -CimSession {subject.Host} -Name {a.Name}")),
            ]),
        Evidence =
        [
            .. members.Adapters.Select(a => Fact(subject.Host, "physicalNetwork", SwitchMembers.NameOf(a), HasLink(a) switch { true => $"link, {(a.BitsPerSecond is { } speed ? Words(speed) : "speed not said")}", false => "no link", null => null }, "link", "MSFT_NetAdapter.MediaConnectState, InterfaceOperationalStatus, Speed")),
        ],
        Affected = [.. running.Select(v => new AffectedObject(AffectedRole.Impacted, new(ObjectKind.VirtualMachine, v.Id.ToString(), v.Name, subject.Host.Id)))],
    };

    public override ImmutableArray<Example<SwitchSubject>> Examples { get; } =
    [
        Fires(Severity.Critical, "neither of two adapters has a link, and a VM runs on the switch", Switch(false, false).Switch()),
        Passes("two adapters with 25 Gbit/s", Switch(true, true).Switch()),
        Fires(Severity.Warning, "one of two adapters has no link", Switch(true, false).Switch()),
        Fires(Severity.Critical, "the only adapter is disabled", Switch([Nic(0, true) with { IsEnabled = false }]).Switch()),
        Fires(Severity.Critical, "the only adapter has a link and is not up", Switch([Nic(0, true) with { IsUp = false }]).Switch()),
        Fires(Severity.Info, "no link, and no VM is attached", Switch(false).With(Sample.Nic with { SwitchId = "other" }).Switch()),
        Fires(Severity.Info, "no link, and the VM is off", Switch(false).With(Sample.Vm with { State = VirtualMachineState.Off }).Switch()),
        Skips("a host in maintenance", Switch(false).Switch(), Given.Tagged("host:maintenance", Sample.Host.Id)),
        Fires(Severity.Warning, "two of three equal adapters run at a tenth", Switch([Nic(0, true), Nic(1, true) with { BitsPerSecond = 2_500_000_000 }, Nic(2, true) with { BitsPerSecond = 2_500_000_000 }]).Switch()),
        Passes("one of two equal adapters runs at a tenth", Switch([Nic(0, true), Nic(1, true) with { BitsPerSecond = 2_500_000_000 }]).Switch()),
        Skips("an internal switch", Given.Host().With(Sample.Switch with { Uplinks = [] }).Switch()),
        CannotTell("an adapter that does not say", Switch([Nic(0, null)]).Switch()),
        CannotTell("adapters that could not be read", (Switch(true) with { PhysicalNetwork = Sample.Failed<PhysicalAdapterList>(SectionState.Denied, "no right") }).Switch()),
    ];

    private static PhysicalAdapter Nic(int number, bool? hasLink) => Sample.Adapter with
    {
        Id = new Guid(number + 1, 0, 0, new byte[8]), Name = $"pNIC{number}", Description = number == 0 ? "Contoso 25G" : $"Contoso 25G #{number + 1}", IsConnected = hasLink, BitsPerSecond = 25_000_000_000,
    };

    private static HostReading Switch(params bool[] links) => Switch([.. links.Select((l, i) => Nic(i, l))]);

    private static HostReading Switch(PhysicalAdapter[] adapters) => Given.Host().With(Sample.Switch with { Uplinks = [.. adapters.Select(a => new SwitchUplink { AdapterId = a.Id, Description = a.Description })] }) with
    {
        PhysicalNetwork = Sample.Read(new PhysicalAdapterList { Items = [.. adapters], Teams = [] }),
    };
}
