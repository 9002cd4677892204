using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;
using HyperVDash.Model.Units;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Capacity;

public sealed class HostOverTotals : Rule<HostSubject>, IExamines<ClusterSubject>
{
    private const long GiB = 1L << 30;

    public override RuleCard Card { get; } = new("HVD705", "host-or-cluster-over-limits", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Host or cluster exceeds supported totals",
        Why = "Beyond the tested totals support ends and starts fail.",
        Fix = "Spread VMs over more hosts, or split the cluster.",
        Quiet = "Below 95 % of every total. VMs that are off count only where the limit is one of configured VMs: in a cluster.",
        Sections = ["virtualMachines", "computerSystem", "operatingSystem"],
        Mentions = ["cluster"],
        Severities = [Severity.Warning, Severity.Error],
        Origin = "Best Practices Analyzer for Hyper-V, rules 13 and 15; published limits of each release",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "virtualMachines", "computerSystem", "operatingSystem") ?? Without(subject)) is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        bool isWhole = true;
        foreach (var verdict in Totals(subject).Select(t => Judge(subject, t)).OfType<Verdict>())
        {
            isWhole = false;
            yield return verdict;
        }

        if (isWhole)
        {
            yield return Verdict.Passed;
        }
    }

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        var told = subject.Hosts.Where(h => Unreadable(h, context, "operatingSystem") is null && Without(h) is null).ToList();
        if (told.Count < subject.Members.Length || told.Count == 0)
        {
            yield return new Verdict.Unknown("operatingSystem", $"The release is not known on {string.Join(", ", subject.Members.Where(m => m.Host is null || !told.Contains(m.Host)).Select(m => m.Node.Name))}.");
            yield break;
        }

        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } unread)
        {
            yield return unread;
            yield break;
        }

        // The oldest node decides.
        var host = told.MinBy(h => h.Profile!.Profile.Order)!;
        var limits = host.Profile!.Profile.Cluster;
        bool isWhole = true;
        foreach (var verdict in new[]
        {
            Judge(host, new Total("nodes", "nodes", "cluster", subject.Members.Length, limits.Nodes, limits.Unverified.Contains("nodes"), subject.Cluster.Name)),
            Judge(host, new Total("virtualMachines", "clustered VMs", "cluster", subject.Cluster.VirtualMachines?.Length, limits.VirtualMachines, limits.Unverified.Contains("virtualMachines"), subject.Cluster.Name)),
        }.OfType<Verdict>())
        {
            isWhole = false;
            yield return verdict;
        }

        if (isWhole)
        {
            yield return Verdict.Passed;
        }
    }

    private static IEnumerable<Total> Totals(HostSubject host)
    {
        var limits = host.Profile!.Profile.Host;
        var os = host.Reading.OperatingSystem.Content!;
        var running = host.Reading.VirtualMachines.Content!.Items.Where(v => v.State == VirtualMachineState.Running).ToList();
        var system = host.Reading.ComputerSystem.Content!;
        bool isRaised = limits.RaisedBy is { } update && (os.ServicePack >= 2 || os.Build > host.Profile.Profile.Builds[0] || os.Hotfixes?.Contains(update, StringComparer.OrdinalIgnoreCase) == true);
        yield return new("runningVms", "running VMs", "virtualMachines", running.Count, isRaised ? limits.RaisedRunningVms : limits.RunningVms, limits.Unverified.Contains("runningVms"), host.Name);
        yield return new("virtualProcessors", "virtual processors in use", "virtualMachines", running.Exists(v => v.Processors is null) ? null : running.Sum(v => v.Processors!.Value), limits.VirtualProcessors, limits.Unverified.Contains("virtualProcessors"), host.Name);
        yield return new("logicalProcessors", "logical processors", "computerSystem", system.LogicalProcessors, isRaised ? limits.RaisedLogicalProcessors : limits.LogicalProcessors, limits.Unverified.Contains("logicalProcessors"), host.Name);
        yield return new("memory", "GiB of memory", "computerSystem", system.Memory is { } memory ? (memory.Bytes + GiB - 1) / GiB : null, limits.MemoryGiBFiveLevelPaging ?? limits.MemoryGiB, limits.Unverified.Contains("memory"), host.Name);
    }

    private static Verdict? Without(HostSubject host) => host.Profile switch
    {
        null => NotSaid("operatingSystem", "its build"),
        { IsBeyondKnown: true } => new Verdict.Unknown("operatingSystem", "The limits of this build are not known (HVD801)."),
        _ => null,
    };

    /// <summary>Null if it is well within the limit, or has none.</summary>
    private static Verdict? Judge(HostSubject host, Total total)
    {
        if (total.Limit is not { } limit)
        {
            return null;
        }

        if (total.Value is not { } value)
        {
            return NotSaid(total.Section, $"its {total.Name}");
        }

        return value * 100 < limit * 95 ? null : new Verdict.Fire(total.Key, value > limit && !total.IsUnverified ? Severity.Error : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{total.Of} has {value:N0} {total.Name}; {host.Profile!.Profile.Name} supports {limit:N0}{(total.IsUnverified ? ", by a source that is not confirmed" : "")}"))
        {
            Impact = value > limit ? "Beyond the tested total support ends, and VMs may not start." : null,
            Remedy = Mend(host, RemedyRisk.Online, $"Move VMs from {total.Of} to others, or split the cluster.",
                Raising(host.Profile.Profile.Host, total.Key, limit) is { } update ? $"Move VMs to other hosts; the update {update} raises this limit." : "Move VMs to other hosts.",
                PowerShell.Line($"Move-VM -ComputerName {host} -Name <VM> -DestinationHost <host>")),
            Evidence = [Said(host, total, value.ToString(CultureInfo.InvariantCulture), $"at most {limit.ToString(CultureInfo.InvariantCulture)} ({host.Profile.Profile.Key})")],
        };
    }

    /// <summary>The update that raises a limit which is not raised yet; null: none.</summary>
    private static string? Raising(HostLimits limits, string total, long limit) =>
        (total switch { "logicalProcessors" => limits.RaisedLogicalProcessors, "runningVms" => limits.RaisedRunningVms, _ => null }) > limit ? limits.RaisedBy : null;

    private static Evidence Said(HostSubject host, Total total, string value, string expected) => (total.Section, total.Key) switch
    {
        ("cluster", "nodes") => Fact(host, "cluster", total.Name, value, expected, "MSCluster_Node.Name"),
        ("cluster", _) => Fact(host, "cluster", total.Name, value, expected, "MSCluster_Resource.Type"),
        (_, "runningVms") => Fact(host, "virtualMachines", total.Name, value, expected, "Msvm_ComputerSystem.EnabledState"),
        (_, "virtualProcessors") => Fact(host, "virtualMachines", total.Name, value, expected, "Msvm_ProcessorSettingData.VirtualQuantity"),
        (_, "logicalProcessors") => Fact(host, "computerSystem", total.Name, value, expected, "Win32_ComputerSystem.NumberOfLogicalProcessors"),
        _ => Fact(host, "computerSystem", total.Name, value, expected, "Win32_ComputerSystem.TotalPhysicalMemory"),
    };

    /// <param name="Of">Name of the host or cluster.</param>
    private sealed record Total(string Key, string Name, string Section, long? Value, long? Limit, bool IsUnverified, string Of);

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Error, "390 running VMs on 2008 R2", Host("2008R2", 390)),
        Passes("40 running VMs on 2022", Host("2022", 40)),
        Fires(Severity.Warning, "exactly 384 running VMs on 2008 R2", Host("2008R2", 384)),
        Fires(Severity.Warning, "365 running VMs on 2008 R2, just above 95 %", Host("2008R2", 365)),
        Passes("364 running VMs on 2008 R2, just below 95 %", Host("2008R2", 364)),
        Fires(Severity.Error, "65 logical processors on 2008 R2", Host("2008R2", 1, 65)),
        Fires(Severity.Error, "25 logical processors on 2008 with service pack 2, which holds the update", Host("2008", 1, 25)),
        Passes("20 logical processors on 2008 with service pack 2", Host("2008", 1, 20)),
        Fires(Severity.Error, "20 logical processors on 2008 without the update", new(Machine(Given.Host().With(Array.Empty<VirtualMachine>()).With(new HostOperatingSystem { Build = 6001, BuildLab = "6001.18000.x", Hotfixes = ["KB950050"] }), 20))),
        CannotTell("a host that did not say its processors", Host("2022", 1, null)),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("1,001 clustered VMs on 2008 R2, whose limit is not confirmed", Cluster("2008R2", 1001), "fires Warning"),
        new("8,001 clustered VMs on 2022", Cluster("2022", 8001), "fires Error"),
        new("7,599 clustered VMs on 2022, just below 95 %", Cluster("2022", 7599), "passes"),
        new("a node that no agent reads", Given.Cluster(Given.Host(), null), "cannot tell for"),
    ];

    private static HostReading Machine(HostReading host, int? logical) => host with { ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { LogicalProcessors = logical, Memory = ByteSize.FromGiB(64) }) };

    private static HostSubject Host(string release, int vms, int? logical = 16) =>
        new(Machine(Given.Host(release).With([.. Enumerable.Range(0, vms).Select(i => Sample.Vm with { Id = new(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), Processors = 1 })]), logical));

    private static ClusterSubject Cluster(string release, int vms) => Given.Cluster(Given.Host(release).With(new ClusterView
    {
        Id = "c", Name = "LAB", VirtualMachines = [.. Enumerable.Range(0, vms).Select(i => new ClusteredVirtualMachine(new(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), $"VM {i}"))],
    }));
}
