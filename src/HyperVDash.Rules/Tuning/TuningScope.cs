using System.ComponentModel.DataAnnotations;
using System.IO.Enumeration;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tuning;

/// <summary>A rule, and the objects for which something is set. What is given must all fit; what is left out fits everything.</summary>
public abstract record TuningScope
{
    /// <summary>Id of the rule, e.g. <c>HVD204</c>.</summary>
    public string Rule { get; init => field = value?.Trim() ?? ""; } = "";

    /// <summary>Name or id of a cluster: what is in it.</summary>
    [MinLength(1)]
    public string? Cluster { get; init; }

    /// <summary>Name, key or id of a host: the host and what is on it.</summary>
    [MinLength(1)]
    public string? Host { get; init; }

    /// <summary>Id of a VM: the VM and its devices.</summary>
    public Guid? VirtualMachine { get; init; }

    /// <summary>Name of the object or of its VM, where <c>*</c> stands for any text and <c>?</c> for one character, e.g. <c>test-*</c>.</summary>
    [MinLength(1)]
    public string? Name { get; init; }

    /// <summary>A tag of the object, its VM or its host (see <c>Tags</c>).</summary>
    [MinLength(1)]
    public string? Tag { get; init; }

    /// <summary>Who set it; the dashboard writes it beside what is saved from its pages.</summary>
    [MinLength(1)]
    public string? SetBy { get; init; }

    /// <summary>The day on which it was set, in UTC.</summary>
    public DateOnly? SetOn { get; init; }

    /// <summary>Nothing is left out.</summary>
    public virtual bool IsEverywhere => Cluster is null && Host is null && VirtualMachine is null && Name is null && Tag is null;

    /// <summary>What it is for, as a phrase such as "on host HV1, tagged lab"; "everywhere" without a limit.</summary>
    public string Words => string.Join(", ", Phrases() is { Count: > 0 } phrases ? phrases : ["everywhere"]);

    private protected virtual List<string> Phrases() =>
    [
        .. Cluster is null ? Array.Empty<string>() : [$"in cluster {VisibleText.Of(Cluster)}"],
        .. Host is null ? Array.Empty<string>() : [$"on host {VisibleText.Of(Host)}"],
        .. VirtualMachine is null ? Array.Empty<string>() : [$"for VM {VirtualMachine}"],
        .. Name is null ? Array.Empty<string>() : [$"for names like {VisibleText.Of(Name)}"],
        .. Tag is null ? Array.Empty<string>() : [$"tagged {VisibleText.Of(Tag)}"],
    ];

    /// <summary>The object is in it; null: nobody knows, because which cluster its host is in was never read. What it looks at in a reading is noted like a rule's own looks.</summary>
    /// <param name="subject">What the rule examined.</param>
    /// <param name="at">What its verdict is about.</param>
    internal bool? Covers(ISubject subject, ObjectRef at, RuleSettings settings) =>
        (Host is null || IsOnHost(subject, at)) && (VirtualMachine is null || VirtualMachine == VmOf(subject, at).Id)
        && (Name is null || IsNamed(at.Name) || IsNamed(VmOf(subject, at).Name)) && (Tag is null || IsTagged(subject, at, settings))
            ? Cluster is null ? true : IsInCluster(subject, at) : false;

    private bool IsNamed(string? name) => name is not null && FileSystemName.MatchesSimpleExpression(Name, name, ignoreCase: true);

    private bool IsOnHost(ISubject subject, ObjectRef at) =>
        (HostOf(subject, at) is { } host && (Is(Host, host.Name) || Is(Host, host.Id) || Is(Host, host.Reading.Key))) || (at.Kind == ObjectKind.ClusterNode && Is(Host, at.Name));

    private bool? IsInCluster(ISubject subject, ObjectRef at)
    {
        if (subject is ClusterSubject { Cluster: var own })
        {
            return Is(own);
        }

        if (HostOf(subject, at)?.Reading.Cluster is not { } section)
        {
            return false;
        }

        return section.Content is { } cluster ? Is(cluster) : section.State is SectionState.Absent or SectionState.Off or SectionState.Unsupported ? false : null;
    }

    private bool Is(ClusterView cluster) => Is(Cluster, cluster.Name) || Is(Cluster, cluster.Id);

    private bool IsTagged(ISubject subject, ObjectRef at, RuleSettings settings) =>
        // A switch is tagged by its own id, which stands behind its host's.
        settings.HasTag(at.Id, Tag!) || settings.HasTag(at.Id[(at.Id.LastIndexOf('/') + 1)..], Tag!)
        || settings.HasTag(VmOf(subject, at).Id?.ToString(), Tag!) || settings.HasTag(HostOf(subject, at)?.Id, Tag!);

    /// <summary>The host that the object is, or is on; null if that is none or several.</summary>
    private static HostSubject? HostOf(ISubject subject, ObjectRef at)
    {
        string? id = at.Kind == ObjectKind.Host ? at.Id : at.HostId;
        return subject is ClusterSubject or FarmSubject ? id is null ? null : subject.Hosts.FirstOrDefault(h => Is(h.Id, id)) : subject.Hosts.FirstOrDefault();
    }

    private static (Guid? Id, string? Name) VmOf(ISubject subject, ObjectRef at) => (at.Kind, subject) switch
    {
        (ObjectKind.VirtualMachine, _) => (Guid.TryParse(at.Id, out var id) ? id : null, at.Name),
        (_, VirtualMachineSubject s) => (s.Vm.Id, s.Vm.Name),
        (_, DriveSubject s) => (s.Vm.Id, s.Vm.Name),
        (_, NetworkAdapterSubject s) => (s.Vm.Id, s.Vm.Name),
        // "microsoft:", and then the VM's id.
        (ObjectKind.Drive or ObjectKind.NetworkAdapter or ObjectKind.Controller, _) when at.Id.Length > 46 && Guid.TryParse(at.Id.AsSpan(10, 36), out var id) => (id, NameOf(subject, at, id)),
        _ => (null, null),
    };

    /// <summary>As the object's own host calls the VM: while a VM moves, or has a replica, several hosts list it, and one of them may have renamed it.</summary>
    private static string? NameOf(ISubject subject, ObjectRef at, Guid vm) => HostOf(subject, at)?.VmOf.GetValueOrDefault(vm)?.Name ?? subject.Hosts.Select(h => h.VmOf.GetValueOrDefault(vm)?.Name).FirstOrDefault(n => n is not null);

    private static bool Is(string? a, string? b) => a is not null && a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
