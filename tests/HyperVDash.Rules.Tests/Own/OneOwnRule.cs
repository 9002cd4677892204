using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Own;

namespace HyperVDash.Rules.Tests.Own;

internal static class OneOwnRule
{
    /// <summary>What a rule of the user's says of the only VM of a host.</summary>
    /// <param name="more">Further lines of the rule.</param>
    public static Verdict Judge(string when, VirtualMachine vm, string more = "", HostReading? host = null, string text = "{it.name} has {it.processors}")
    {
        var own = OwnRuleFile.Read("own.yaml", $$"""
            rules:
              - id: LAB001
                scope: virtualMachine
                severity: warning
                when: "{{when}}"
                text: "{{text}}"
                {{more}}
            """);
        Assert.Empty(own.Mistakes.Select(m => m.ToString()));
        host = (host ?? Sample.Host) with { VirtualMachines = Sample.Read(new VirtualMachineList { Items = [vm] }) };
        return Assert.Single(RuleEngine.ExamineHost(new HostSubject(host), new(), Sample.Now, own.Rules).Verdicts).Verdict;
    }
}
