using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.LoadBalancing;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;
using HyperVDash.Rules.LoadBalancing;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Print;

public sealed class PrintingBehindNlb : PrintFarmRule
{
    private const string Accepted = "print-nlb:accepted-until:";

    public override RuleCard Card { get; } = new("HVD914", "print-nlb-unsupported", RuleScope.Farm, RuleKind.Configuration)
    {
        Title = "Print services behind NLB: support and lifetime notice",
        Why = "The author of the field notes says that Microsoft does not support it, and spoolers share nothing: jobs on a failed node are lost. From Windows Server 2025 on NLB is deprecated.",
        Fix = "Think of a print server as a clustered VM, of a standby server that DNS switches to, or of Universal Print; decide before a node is upgraded to 2025.",
        Quiet = "Accepted until a day: tag print-nlb:accepted-until:2027-06-30 on the virtual address.",
        Sections = ["loadBalancing"],
        Mentions = ["printServer", "dns", "operatingSystem"],
        Severities = [Severity.Info, Severity.Warning],
        Origin = "Field notes of December 2007, third post, introduction; published list of deprecated features",
    };

    /// <summary>Without NLB in front of its printers a lab has nothing to fear here.</summary>
    protected override Verdict WithoutFarm => Verdict.Passed;

    protected override IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context)
    {
        if (context.Settings.TagsOf(farm.Address, Accepted).Select(t => Day(t[Accepted.Length..])).OfType<DateTimeOffset>().Any(until => !context.Reached(until)))
        {
            yield return Verdict.Passed;
            yield break;
        }

        var newest = farm.Nodes.FirstOrDefault(n => Unreadable(n.Host, context, "operatingSystem") is null && n.Host.Profile?.Profile.Capabilities.LoadBalancing == LoadBalancingSupport.Deprecated);
        yield return farm.Nodes.All(n => Blocked(n, context, "loadBalancing") is not null) ? Blocked(farm.Nodes[0], context, "loadBalancing")! : new Verdict.Fire(newest is null ? "unsupported" : "deprecated", newest is null ? Severity.Info : Severity.Warning,
            newest is null ? $"{farm.Title} prints behind NLB, which is not supported" : $"{farm.Title} prints behind NLB, which is deprecated on the release of {newest.Name}")
        {
            Impact = "Jobs of a node that fails are lost, and help from the maker cannot be counted on.",
            Remedy = Mend(farm.Nodes[0].Host, RemedyRisk.Online, "Plan another way: a print server as a clustered VM, a standby server that DNS switches to, or Universal Print.", "Plan another way: a print server as a clustered VM, or a standby server that DNS switches to.",
                "Add-ClusterVirtualMachineRole -VMName <print server>"),
            Evidence =
            [
                .. farm.Nodes.Select(n => Fact(n.Host, "operatingSystem", $"{n.Name}: release", n.Host.Profile?.Profile.Name, newest is null ? null : "one that supports NLB", "Win32_OperatingSystem.BuildNumber")),
                .. farm.Nodes.Select(n => Fact(n.Host, "loadBalancing", $"{n.Name}: node of", farm.Address, "no NLB in front of printers", "MicrosoftNLB_ClusterSetting.ClusterIPAddress")),
                .. farm.Nodes.Select(n => Fact(n.Host, "printServer", $"{n.Name}: shared queues", n.Queues is { } queues ? queues.Length.ToString(CultureInfo.InvariantCulture) : null, null, "Win32_Printer.Shared")),
            ],
            Affected = [.. farm.Nodes.Select(n => new AffectedObject(AffectedRole.Context, n.Host.Identity))],
        };
        if (newest is null && !farm.Unread.IsEmpty)
        {
            yield return new Verdict.Unknown("loadBalancing", $"The release of {string.Join(", ", farm.Unread)} is not known.") { Variant = "deprecated" };
        }
    }

    /// <summary>The end of the day that a tag names.</summary>
    private static DateTimeOffset? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    public override ImmutableArray<Example<FarmSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a node runs Windows Server 2025", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2, "2025"))),
        Passes("no host has NLB in front of printers", GivenPrint.Farm(GivenPrint.Other)),
        Fires(Severity.Info, "both nodes run 2022", GivenPrint.Healthy),
        Fires(Severity.Info, "a node whose release is not known", GivenPrint.Farm(GivenPrint.Node(1), GivenPrint.Node(2) with { OperatingSystem = Sample.Read(new Model.Hosts.HostOperatingSystem()) })),
        Passes("accepted until today", GivenPrint.Healthy, Given.Tagged($"{Accepted}2026-03-02", GivenPrint.Address)),
        Fires(Severity.Info, "accepted until yesterday", GivenPrint.Healthy, Given.Tagged($"{Accepted}2026-03-01", GivenPrint.Address)),
        CannotTell("NLB of a host is denied", GivenPrint.Farm(GivenPrint.Other with { LoadBalancing = Sample.Failed<LoadBalancingState>(SectionState.Denied, "needs Remote Enable") })),
    ];
}
