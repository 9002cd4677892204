using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;
using HyperVDash.Rules.Engine;

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
            RuleScope.Host => Tried(new OwnRule<HostSubject>(text, s => s, (_, _) => null, s => new Dictionary<string, string?> { ["key"] = s.Reading.Key, ["name"] = s.Reading.Name, ["id"] = s.Reading.Id }), host),
            RuleScope.VirtualMachine => Tried(new OwnRule<VirtualMachineSubject>(text, s => s.Host, OfVm, s => s.Vm), new(Sample.Vm, host)),
            RuleScope.Drive => Tried(new OwnRule<DriveSubject>(text, s => s.Host, (s, name) => name == "vm" ? s.Vm : null, s => s.Drive), new(Sample.Disk, Sample.Vm, host)),
            RuleScope.NetworkAdapter => Tried(new OwnRule<NetworkAdapterSubject>(text, s => s.Host, (s, name) => name == "vm" ? s.Vm : null, s => s.Adapter), new(Sample.Nic, Sample.Vm, host)),
            _ => Tried(new OwnRule<SwitchSubject>(text, s => s.Host, (_, _) => null, s => s.Switch), new(Sample.Switch, host)),
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
        RuleScope.Drive or RuleScope.NetworkAdapter => ["vm"],
        _ => [],
    };

    private static object? OfVm(VirtualMachineSubject subject, string name) => name switch
    {
        "guest" => subject.Guest,
        "drives" => subject.Host.DrivesOf[subject.Vm.Id],
        "adapters" => subject.Host.AdaptersOf[subject.Vm.Id],
        "checkpoints" => subject.Host.CheckpointsOf[subject.Vm.Id],
        _ => subject.Host.PerformanceOf.GetValueOrDefault(subject.Vm.Id),
    };

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

    private static readonly ConditionalWeakTable<object, string> Written = [];

    private readonly OwnRuleText _text;
    private readonly Func<TSubject, HostSubject> _host;
    private readonly Func<TSubject, string, object?> _beside;
    private readonly Func<TSubject, object> _it;
    private readonly ImmutableArray<string> _ofHost;
    private readonly OwnScript _when;
    private readonly OwnScript _sentence;

    public OwnRule(OwnRuleText text, Func<TSubject, HostSubject> host, Func<TSubject, string, object?> beside, Func<TSubject, object> it)
    {
        (_text, _host, _beside, _it) = (text, host, beside, it);
        _ofHost = text.Scope == RuleScope.Host ? text.Sections : [.. text.Sections.Where(s => !Lists.Contains(s))];
        string[] names = ["it", "host", .. OwnRule.NamesOf(text.Scope, text.Sections)];
        _when = OwnScript.Condition(text.When, names);
        _sentence = OwnScript.Sentence(text.Text, names);
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
        yield return Unreadable(_host(subject), context, Card.Sections.AsSpan()) ?? Judge(subject);
    }

    /// <summary>Finds slips of the pen before the first host is looked at.</summary>
    /// <exception cref="OwnRuleFile.Wrong">It speaks of what there is not, or takes too much.</exception>
    public void Try(TSubject healthy)
    {
        foreach (var script in new[] { _when, _sentence })
        {
            try
            {
                if (script.Run(name => Json(healthy, name), []) is string && script == _when)
                {
                    throw new OwnRuleFile.Wrong(_text.When.Line, _text.When.Column, "The condition must be true or false, and is a text.");
                }
            }
            catch (OwnRuleFile.Wrong wrong) when (OwnScript.IsOfThisHost(wrong))
            {
                // A fact that the healthy host of the examples does not have; another one may.
            }
        }
    }

    private Verdict Judge(TSubject subject)
    {
        var looked = new List<Look>();
        try
        {
            return _when.Run(name => Json(subject, name), looked) switch
            {
                true => Fire(subject, looked),
                false => Unsaid(looked) ?? new Verdict.Pass(),
                _ => Unsaid(looked) ?? new Verdict.Unknown(Card.Sections[0], "The condition gives neither true nor false."),
            };
        }
        catch (OwnRuleFile.Wrong wrong)
        {
            return Unsaid(looked) ?? new Verdict.Unknown(VerdictSummary.FaultSection, $"{Card.Id} failed on {subject.Identity.Name}: {wrong.In(_text.File)}");
        }
    }

    private Verdict? Unsaid(List<Look> looked) =>
        looked.FirstOrDefault(l => l.Value is null && !_text.Optional.Contains(l.Path)) is { } unsaid ? NotSaid(Card.Sections[0], unsaid.Path) : null;

    private Verdict.Fire Fire(TSubject subject, List<Look> looked)
    {
        var host = _host(subject);
        return new("own", _text.Severity, _sentence.Run(name => Json(subject, name), []) as string ?? _text.Text.Value)
        {
            Remedy = _text.Remedy.Length > 0 ? new Remedy(_text.Remedy) : null,
            Evidence =
            [
                Fact(host, Card.Sections[0], _text.When.Value, "true", "false", Place),
                .. looked.DistinctBy(l => l.Path).Select(l => Fact(host, Card.Sections[0], l.Path, l.Value)),
            ],
        };
    }

    private string? Json(TSubject subject, string name) => name switch
    {
        "it" => JsonSerializer.Serialize(_it(subject), AgentJson.Options),
        "host" => OfHost(_host(subject)),
        _ => _beside(subject, name) is { } beside ? JsonSerializer.Serialize(beside, AgentJson.Options) : null,
    };

    private string OfHost(HostSubject host)
    {
        var text = new System.Text.StringBuilder();
        text.Append("{\"key\":").Append(JsonSerializer.Serialize(host.Reading.Key)).Append(",\"name\":").Append(JsonSerializer.Serialize(host.Name));
        foreach (string section in _ofHost)
        {
            object? content = host.Reading.ContentOf(section);
            text.Append(",\"").Append(section).Append("\":").Append(content is null ? "null" : Written.GetValue(content, c => JsonSerializer.Serialize(c, c.GetType(), AgentJson.Options)));
        }

        return text.Append('}').ToString();
    }
}
