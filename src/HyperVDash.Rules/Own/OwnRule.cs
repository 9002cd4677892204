using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Own;

/// <summary>A rule that a user wrote.</summary>
public interface IOwnRule : IRule
{
    /// <summary>File and line where it stands.</summary>
    string Place { get; }

    /// <summary>Its condition as written.</summary>
    string Condition { get; }
}

/// <summary>Makes rules of what a user wrote.</summary>
internal static class OwnRule
{
    /// <exception cref="OwnRuleFile.Wrong">Condition or text cannot be used; it was tried on a healthy host.</exception>
    public static IRule Of(OwnRuleText text)
    {
        var host = new HostSubject(Sample.Host);
        return text.Scope switch
        {
            RuleScope.Host => Tried(new OwnRule<HostSubject>(text, (_, _) => default, s => new Dictionary<string, string?> { ["key"] = s.Reading.Key, ["name"] = s.Reading.Name, ["id"] = s.Reading.Id }), host),
            RuleScope.VirtualMachine => Tried(new OwnRule<VirtualMachineSubject>(text, OfVm, s => s.Vm), new(Sample.Vm, host)),
            RuleScope.Drive => Tried(new OwnRule<DriveSubject>(text, (s, name) => Beside(name == "vm" ? s.Vm : s.Drive.Path is { } path ? s.Host.DiskOf.GetValueOrDefault(path) : null), s => s.Drive), new(Sample.Disk, Sample.Vm, host)),
            RuleScope.NetworkAdapter => Tried(new OwnRule<NetworkAdapterSubject>(text, (s, _) => Beside(s.Vm), s => s.Adapter), new(Sample.Nic, Sample.Vm, host)),
            RuleScope.Switch => Tried(new OwnRule<SwitchSubject>(text, (_, _) => default, s => s.Switch), new(Sample.Switch, host)),
            RuleScope.Cluster => Tried(new OwnRule<ClusterSubject>(text, (_, _) => default, s => s.Cluster), Given.Cluster(Sample.Host, Sample.Host)),
            _ => Tried(new OwnRule<FarmSubject>(text, (_, _) => default, s => new Dictionary<string, string?> { ["name"] = s.Identity.Name }), new([host])),
        };
    }

    /// <summary>What a condition may speak of beside <c>it</c> and <c>host</c>.</summary>
    public static ImmutableArray<string> NamesOf(RuleScope scope, ImmutableArray<string> sections) => scope switch
    {
        RuleScope.VirtualMachine =>
        [
            .. sections.Contains("guests") ? new[] { "guest" } : [],
            .. sections.Contains("devices") ? new[] { "drives", "adapters" } : [],
            .. sections.Contains("checkpoints") ? new[] { "checkpoints" } : [],
            .. sections.Contains("performance") ? new[] { "performance" } : [],
        ],
        RuleScope.Drive => sections.Contains("virtualDisks") ? ["vm", "disk"] : ["vm"],
        RuleScope.NetworkAdapter => ["vm"],
        _ => [],
    };

    /// <summary>A list that was not read at all is not said, and no empty one.</summary>
    private static OwnFact OfVm(VirtualMachineSubject subject, string name) => name switch
    {
        "guest" => Beside(subject.Guest),
        "drives" => Rows(subject.Host.DrivesOf[subject.Vm.Id], () => subject.Host.Reading.Devices.Content?.Drives is not null),
        "adapters" => Rows(subject.Host.AdaptersOf[subject.Vm.Id], () => subject.Host.Reading.Devices.Content?.NetworkAdapters is not null),
        "checkpoints" => Beside(subject.Host.CheckpointsOf[subject.Vm.Id]),
        _ => Beside(subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id)),
    };

    private static OwnFact Rows<T>(ImmutableArray<T> rows, Func<bool> isSaid) => Beside(rows.Length > 0 || isSaid() ? rows : null);

    private static OwnFact Beside(object? content) => new(content, () => JsonSerializer.Serialize(content, AgentJson.Options));

    private static OwnRule<TSubject> Tried<TSubject>(OwnRule<TSubject> rule, TSubject healthy) where TSubject : class, ISubject
    {
        rule.Try(healthy);
        return rule;
    }
}

/// <summary>A user's rule for one kind of object: true fires, false passes, nothing or an unsaid fact is unknown.</summary>
internal sealed class OwnRule<TSubject> : Rule<TSubject>, IOwnRule where TSubject : class, ISubject
{
    // Sections that a scope lists its objects from are handed out object by object, never whole.
    private static readonly string[] Lists = ["virtualMachines", "devices", "guests", "checkpoints", "performance"];

    private const int LongestTitle = 1000;

    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(250);

    // Steps and memory find what has no end; a machine that is starting is slow.
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(5);

    private static readonly ConditionalWeakTable<object, string> Written = [];

    private readonly OwnRuleText _text;
    private readonly Func<TSubject, string, OwnFact> _beside;
    private readonly Func<TSubject, object> _it;
    private readonly bool _isGroup;
    private readonly ImmutableArray<string> _ofHost;
    private readonly string[] _names;
    private readonly OwnScript _when;
    private readonly OwnScript _sentence;

    public OwnRule(OwnRuleText text, Func<TSubject, string, OwnFact> beside, Func<TSubject, object> it)
    {
        (_text, _beside, _it) = (text, beside, it);
        _isGroup = text.Scope is RuleScope.Cluster or RuleScope.Farm;
        _ofHost = _isGroup || text.Scope == RuleScope.Host ? text.Sections : [.. text.Sections.Where(s => !Lists.Contains(s))];
        _names = ["it", _isGroup ? "hosts" : "host", .. OwnRule.NamesOf(text.Scope, text.Sections)];
        _when = OwnScript.Condition(text.When);
        _sentence = OwnScript.Sentence(text.Text);
        Card = new(text.Id, "own", text.Scope, RuleKind.Configuration)
        {
            Title = text.Text.Value,
            Why = text.Why.Length > 0 ? text.Why : "Your own rule.",
            Fix = text.Remedy.Length > 0 ? text.Remedy : "The rule names no remedy.",
            Quiet = "Its condition does not hold.",
            Sections = text.Sections,
            Severities = [text.Severity],
            Origin = $"Your own rule, {Place}",
        };
    }

    public override RuleCard Card { get; }

    public override ImmutableArray<Example<TSubject>> Examples => [];

    public string Place => $"{_text.File}:{_text.Line}";

    public string Condition => _text.When.Value;

    public override IEnumerable<Verdict> Examine(TSubject subject, RuleContext context)
    {
        yield return (_isGroup ? Unreadable(subject, context) : Unreadable(subject.Hosts.First(), context, Card.Sections.AsSpan())) ?? Judge(subject, context);
    }

    /// <summary>Finds slips of the pen before the first host is looked at.</summary>
    /// <exception cref="OwnRuleFile.Wrong">It speaks of what there is not, or takes too much.</exception>
    public void Try(TSubject healthy)
    {
        foreach (var script in new[] { _when, _sentence })
        {
            try
            {
                if (new OwnSandbox(_names, _text.MayBeUnsaid, LongestTry).Run(script, name => Fact(healthy, name)) is string && script == _when)
                {
                    throw _when.Wrong("The condition must be true or false, and is a text.");
                }
            }
            catch (OwnRuleFile.Wrong wrong) when (OwnSandbox.IsOfThisHost(wrong) || wrong.IsSlow)
            {
                // A fact that the healthy host of the examples does not have, and another one may; or a machine that is busy starting.
            }
        }
    }

    /// <summary>A group is judged by all of its hosts: the one that is not read may be the one that differs. What a host does not have is not said by it.</summary>
    private Verdict.Unknown? Unreadable(TSubject group, RuleContext context)
    {
        if (group is ClusterSubject cluster && cluster.Members.FirstOrDefault(m => m.Host is null) is { } unread)
        {
            return new(Card.Sections[0], $"{unread.Node.Name} is not read.");
        }

        if (!group.Hosts.Any())
        {
            return new(Card.Sections[0], "No host is read.");
        }

        foreach (var host in group.Hosts)
        {
            foreach (string section in Card.Sections)
            {
                if (Unreadable(host, context, section) is Verdict.Unknown unknown)
                {
                    return unknown with { Reason = $"{host.Name}: {unknown.Reason}" };
                }
            }
        }

        return null;
    }

    private OwnSandbox Sandbox() => new(_names, _text.MayBeUnsaid, LongestRun);

    private Verdict Judge(TSubject subject, RuleContext context)
    {
        if (context.Own.Spent(this) is { } spent)
        {
            context.AskAgain();
            return TooMuch(spent);
        }

        var sandbox = context.Own.Of(this, Sandbox);
        sandbox.Begin();
        try
        {
            object? holds = sandbox.Run(_when, name => Fact(subject, name));
            return Unsaid(sandbox) is { } unsaid ? unsaid
                : holds is not bool isSo ? new Verdict.Unknown(Card.Sections[0], "The condition gives neither true nor false.")
                : isSo ? Fire(subject, sandbox) : Verdict.Passed;
        }
        catch (OwnRuleFile.Wrong wrong) when (wrong.IsSlow)
        {
            context.AskAgain();
            return TooMuch(wrong.Message);
        }
        catch (OwnRuleFile.Wrong wrong) when (OwnSandbox.IsOfThisHost(wrong))
        {
            return Unsaid(sandbox) ?? new Verdict.Unknown(Card.Sections[0], $"The condition asks for a part that is not there: {wrong.Message}.");
        }
        catch (OwnRuleFile.Wrong wrong)
        {
            return Unsaid(sandbox) ?? new Verdict.Unknown(VerdictSummary.FaultSection, $"{Card.Id} failed on {subject.Identity.Name}: {wrong.In(_text.File)}");
        }
    }

    private Verdict.Unknown TooMuch(string reason) => new(Card.Sections[0], $"{reason.TrimEnd('.')}; it is asked again. A simpler condition needs less.");

    private Verdict.Unknown? Unsaid(OwnSandbox sandbox) => sandbox.Unsaid is { } path ? NotSaid(Card.Sections[0], path) : null;

    private Verdict.Fire Fire(TSubject subject, OwnSandbox sandbox)
    {
        // The facts of a group come from several hosts, so that no one host and time stands beside them.
        var host = _isGroup ? null : subject.Hosts.First();
        ImmutableArray<Look> looked = [.. sandbox.Looked];
        return new("own", _text.Severity, Title(subject, sandbox))
        {
            Remedy = _text.Remedy.Length > 0 ? new Remedy(_text.Remedy) : null,
            Evidence =
            [
                Told(host, _text.When.Value, "true") with { Expected = "false", Source = Place },
                .. looked.Select(l => Told(host, l.Path, l.Value)),
            ],
        };
    }

    private Evidence Told(HostSubject? host, string fact, string? value) =>
        host is null ? new(fact, value ?? "not said") { Section = Card.Sections[0] } : Fact(host, Card.Sections[0], fact, value);

    private string Title(TSubject subject, OwnSandbox sandbox)
    {
        string title;
        try
        {
            title = sandbox.Run(_sentence, name => Fact(subject, name)) as string ?? _text.Text.Value;
        }
        catch (OwnRuleFile.Wrong)
        {
            // What fires must not be lost for its wording.
            title = _text.Text.Value;
        }

        return title.Length <= LongestTitle ? title : $"{title[..LongestTitle]}…";
    }

    private OwnFact Fact(TSubject subject, string name) => name switch
    {
        "it" => new(subject, () => JsonSerializer.Serialize(_it(subject), AgentJson.Options)),
        "host" => Whole(subject.Hosts.First()),
        "hosts" => All(subject),
        _ => _beside(subject, name),
    };

    private OwnFact Whole(HostSubject host)
    {
        var json = OfHost(host);
        return new(host, () => json(new StringBuilder()).ToString());
    }

    private OwnFact All(TSubject group)
    {
        var hosts = group.Hosts.Select(OfHost).ToList();
        return new(group, () =>
        {
            var text = new StringBuilder("[");
            foreach (var (i, json) in hosts.Index())
            {
                json(i == 0 ? text : text.Append(','));
            }

            return text.Append(']').ToString();
        });
    }

    private Func<StringBuilder, StringBuilder> OfHost(HostSubject host)
    {
        // Asked for each object, also where the interpreter has it already: a verdict rests on what was touched for it.
        object?[] contents = [.. _ofHost.Select(host.Reading.ContentOf)];
        return text =>
        {
            text.Append("{\"key\":").Append(JsonSerializer.Serialize(host.Reading.Key)).Append(",\"name\":").Append(JsonSerializer.Serialize(host.Name));
            for (int i = 0; i < contents.Length; i++)
            {
                text.Append(",\"").Append(_ofHost[i]).Append("\":").Append(contents[i] is not { } content ? "null" : Written.GetValue(content, c => JsonSerializer.Serialize(c, c.GetType(), AgentJson.Options)));
            }

            return text.Append('}');
        };
    }
}
