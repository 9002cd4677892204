using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Checkpoints;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Checkpoints;

public sealed class DomainControllerCheckpoint : Rule<VirtualMachineSubject>
{
    // Windows 8 and Server 2012, the first guests that notice they were put back.
    private static readonly Version FirstThatNotices = new(6, 2);

    private static readonly Verdict[] Fine = [Verdict.Passed];
    private static readonly Verdict[] NoController = [NotFor("The guest is no domain controller.")];

    public override RuleCard Card { get; } = new("HVD606", "checkpoint-on-dc", RuleScope.VirtualMachine, RuleKind.Configuration)
    {
        Title = "Checkpoint on a domain controller",
        Why = "Going back in time on a domain controller damages the directory; before 2012, on the host or in the guest, nothing notices it.",
        Fix = "Delete the checkpoint, back up the system state instead, and switch checkpoints off for the VM.",
        Quiet = "Checkpoints of backups; tag lab:forest-snapshots on VMs whose checkpoints were all taken while off (the other domain controllers are not looked at).",
        Sections = ["checkpoints", "virtualMachines", "guests", "operatingSystem"],
        Mentions = ["virtualDisks"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Published guidance for virtual domain controllers; field notes of December 2007, second post, item 1",
    };

    public override IEnumerable<Verdict> Examine(VirtualMachineSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "virtualMachines", "checkpoints", "operatingSystem", "guests") is { } unreadable)
        {
            return [unreadable];
        }

        var checkpoints = subject.Host.CheckpointsOf[subject.Vm.Id];
        bool? isController = IsController(subject, context);
        if (isController == false)
        {
            return NoController;
        }

        if (!checkpoints.Any(c => c.Kind == CheckpointKind.User))
        {
            return Fine;
        }

        if (isController is null)
        {
            return [NotSaid("guests", "whether the guest is a domain controller") with { Variant = "notTold" }];
        }

        var verdict = Judge(subject, context, [.. checkpoints.Where(c => c.Kind == CheckpointKind.User)]);
        return verdict is Verdict.Fire { Variant: "present" }
            ? [verdict, NotCollected("applied", "checkpoints", "A checkpoint that was applied and deleted afterwards leaves no trace; only one that newer ones followed is seen.")]
            : [verdict];
    }

    private static bool? IsController(VirtualMachineSubject subject, RuleContext context) =>
        context.Settings.HasTag(subject.Identity.Id, "role:dc") || subject.Guest?.ProductType == 2 ? true
        : subject.Guest is { Family: GuestFamily.Linux } or { ProductType: not null } || context.Settings.HasTag(subject.Identity.Id, "os:linux") ? false
        : null;

    private static Verdict Judge(VirtualMachineSubject subject, RuleContext context, List<Checkpoint> counted)
    {
        if (context.Settings.HasTag(subject.Identity.Id, "lab:forest-snapshots"))
        {
            if (counted.TrueForAll(c => c.HasSavedState == false))
            {
                return NotFor("Tagged lab:forest-snapshots, and every checkpoint was taken while off.");
            }

            if (!counted.Exists(c => c.HasSavedState == true))
            {
                return NotSaid("checkpoints", "whether the checkpoint was taken while off");
            }
        }

        // Taking a checkpoint makes it the one the VM runs on: if newer ones exist, somebody went back.
        var current = counted.Find(c => c.Id == subject.Vm.CurrentCheckpointId);
        bool wasApplied = current?.CreatedAt is { } at && counted.Exists(c => c.CreatedAt > at);
        bool goesUnnoticed = subject.Host.Profile?.IsFrom("2012") == false || (VersionOf(subject.Guest) is { } version && version < FirstThatNotices);
        return Fire(subject, counted, current, wasApplied, wasApplied && goesUnnoticed ? Severity.Critical : goesUnnoticed ? Severity.Error : Severity.Warning);
    }

    private static Version? VersionOf(Guest? guest) => guest is { OsMajor: { } major, OsMinor: { } minor } ? new(major, minor) : null;

    private static Verdict.Fire Fire(VirtualMachineSubject subject, List<Checkpoint> counted, Checkpoint? current, bool wasApplied, Severity severity) => new(wasApplied ? "applied" : "present", severity,
        wasApplied ? $"Domain controller {subject.Vm.Name} was put back to its checkpoint {VisibleText.Of(current!.Name)}" : $"Domain controller {subject.Vm.Name} has {counted.Count} checkpoint{(counted.Count == 1 ? "" : "s")}")
    {
        Impact = severity == Severity.Warning ? "Applying it takes the directory back and makes this controller replicate anew." : "Applying it takes the directory back without anybody noticing (USN rollback); objects are lost or come back.",
        Remedy = Mend(subject.Host, RemedyRisk.Online, $"Delete the checkpoints of {subject.Vm.Name}, never apply them; back up its system state. If one was applied, compare its replication with the other controllers first.",
            $"In Hyper-V Manager delete the checkpoints of {subject.Vm.Name}, never apply them, and shut it down so that its disks merge; back up its system state.",
            subject.Host.Profile?.IsFrom("2016") == true
                ? [PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Remove-VMSnapshot"), PowerShell.Line($"Set-VM -ComputerName {subject.Host} -Name {subject.Vm.Name} -CheckpointType Disabled")]
                : [PowerShell.Line($"Get-VMSnapshot -ComputerName {subject.Host} -VMName {subject.Vm.Name} | Remove-VMSnapshot")]),
        Evidence =
        [
            .. CheckpointFacts.List(subject.Host, counted, "none", (host, name, value, expected) => Fact(host, "checkpoints", name, value, expected, "Msvm_VirtualSystemSettingData.CreationTime")),
            Fact(subject.Host, "virtualMachines", "Runs on", current is null ? null : VisibleText.Of(current.Name), null, "Msvm_VirtualSystemSettingData.Parent"),
            Fact(subject.Host, "guests", "Guest", subject.Guest?.OsVersion ?? VersionOf(subject.Guest)?.ToString(), "6.2 or later notices", "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
            Fact(subject.Host, "operatingSystem", "Host", subject.Host.Profile?.Profile.Name, "Windows Server 2012 or later tells the guest", "Win32_OperatingSystem.BuildNumber"),
            Fact(subject.Host, "guests", "Product type", subject.Guest?.ProductType?.ToString(CultureInfo.InvariantCulture), null, "Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems"),
        ],
    };

    public override ImmutableArray<Example<VirtualMachineSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "2008 R2 in a checkpoint on a 2008 R2 host", Vm("2008R2", Controller with { OsMajor = 6, OsMinor = 1, OsBuild = 7601 }, First)),
        Passes("a domain controller without checkpoints", Vm("2022", Controller)),
        Fires(Severity.Warning, "Server 2022 on 2022 with a checkpoint", Vm("2022", Controller, First)),
        Fires(Severity.Error, "2008 R2 on a 2022 host", Vm("2022", Controller with { OsMajor = 6, OsMinor = 1 }, First)),
        Fires(Severity.Warning, "Server 2012, the first that notices, on a 2012 host", Vm("2012", Controller with { OsMajor = 6, OsMinor = 2 }, First)),
        Fires(Severity.Critical, "2008 R2 that runs on the older of two checkpoints: it was put back", Vm("2008R2", Controller with { OsMajor = 6, OsMinor = 1 }, First, First with { Id = Guid.Empty, CreatedAt = Sample.Now })),
        Passes("the checkpoint of a backup", Vm("2022", Controller, First with { Kind = CheckpointKind.Backup })),
        Fires(Severity.Warning, "a silent guest that the tag calls a domain controller", Vm("2022", Given.SilentGuest, First), Given.Tagged("role:dc")),
        Skips("a member server", Vm("2022", Sample.Guest, First)),
        Skips("taken while off, in a lab that does this to its forest", Vm("2022", Controller, First with { HasSavedState = false }), Given.Tagged("lab:forest-snapshots")),
        CannotTell("a silent guest with a checkpoint", Vm("2022", Given.SilentGuest, First)),
    ];

    private static Guest Controller => Sample.Guest with { ProductType = 2 };

    private static Checkpoint First => Sample.Checkpoint;

    private static VirtualMachineSubject Vm(string release, Guest guest, params Checkpoint[] checkpoints) =>
        Given.Host(release).With(Sample.Vm with { CurrentCheckpointId = First.Id }).With(guest).With(checkpoints).Vm();
}
