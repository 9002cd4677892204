using System.Collections.Immutable;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.LoadBalancing;

/// <summary>A rule about print farms behind Windows NLB: it looks at all hosts, because the nodes of a farm are hosts like others. Beside what a rule names itself, each reads <c>loadBalancing</c>, <c>printServer</c> and <c>dns</c> to find the farms.</summary>
public abstract class PrintFarmRule : Rule<FarmSubject>
{
    public sealed override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
    {
        var farms = PrintFarms.Of(subject.Hosts);
        foreach (var farm in farms)
        {
            foreach (var verdict in Examine(farm, subject, context))
            {
                yield return verdict.Object is null ? verdict with { Object = farm.Identity } : verdict;
            }
        }

        foreach (var verdict in ExamineOthers(subject, farms, context))
        {
            yield return verdict;
        }

        if (PrintFarms.NotKnown(subject.Hosts, context) is { } unknown)
        {
            yield return unknown;
        }
        else if (farms.IsEmpty)
        {
            yield return WithoutFarm;
        }
    }

    /// <summary>Verdicts about one farm; those without an object of their own are about the farm.</summary>
    protected abstract IEnumerable<Verdict> Examine(PrintFarm farm, FarmSubject all, RuleContext context);

    /// <summary>What the rule says of hosts outside all farms.</summary>
    protected virtual IEnumerable<Verdict> ExamineOthers(FarmSubject all, ImmutableArray<PrintFarm> farms, RuleContext context) => [];

    /// <summary>What it says where there is no print farm.</summary>
    protected virtual Verdict WithoutFarm => NotFor("No host is a node of a print farm behind NLB.");

    /// <summary>Why the nodes cannot all be compared: the first one that is not read, or not in these sections; null: all are.</summary>
    protected static Verdict.Unknown? Unseen(PrintFarm farm, RuleContext context, params string[] sections) =>
        farm.Nodes.Select(n => Blocked(n, context, sections)).FirstOrDefault(u => u is not null)
        ?? (farm.Unread is [var first, ..] ? new Verdict.Unknown("loadBalancing", $"{first} is a member of the cluster and read by no agent.") : null);

    /// <summary>Why what a print server's registry says cannot be used. A read in part may do: what it lacks of the registry, the facts name themselves; a stopped spooler only hides queues.</summary>
    protected static Verdict? RegistryUnread(PrintFarmNode node, RuleContext context) =>
        Blocked(node, context, "loadBalancing") ?? (node.Host.Reading.PrintServer is { State: SectionState.Partial } server && server.HasContent() ? null : Unreadable(node.Host, context, "printServer"));

    /// <summary>Why the farm's names cannot be used. A read in part may do: that a DNS server did not answer hides no name that the settings hold.</summary>
    protected static Verdict.Unknown? NamesUnread(PrintFarm farm, RuleContext context) =>
        farm.Nodes.Where(n => n.Host.Reading.Dns.State != SectionState.Partial).Select(n => Blocked(n, context, "dns")).FirstOrDefault(u => u is not null);

    /// <summary>Why one node's sections cannot be used; that it has no such thing is an answer and no reason.</summary>
    protected static Verdict.Unknown? Blocked(PrintFarmNode node, RuleContext context, params string[] sections) =>
        Unreadable(node.Host, context, sections) is Verdict.Unknown unknown ? unknown with { Reason = $"{node.Name}: {unknown.Reason}" } : null;
}
