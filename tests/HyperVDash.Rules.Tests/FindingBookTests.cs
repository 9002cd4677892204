using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

public sealed class FindingBookTests
{
    private static readonly RuleSettings Settings = new();

    [Fact]
    public void A_variant_that_cannot_be_told_does_not_hold_another_variant_open()
    {
        var subject = new Finding("", "", "", Severity.Info, new(ObjectKind.Host, "h", "h", "h")).Subject;
        var card = RuleCatalogue.Find("HVD405")!.Card;
        var fire = new Examined(card, subject, new Verdict.Fire("position", Severity.Info, "…"), Sample.Now);
        var book = new FindingBook { IsSingleSample = true }.Apply(new Examination(Sample.Now) { Verdicts = [fire] });
        Assert.Single(book.Findings);

        book = book.Apply(new Examination(Sample.Now.AddMinutes(1))
        {
            Verdicts = [new(card, subject, new Verdict.Unknown("performance", "not collected") { Variant = "busy" }, Sample.Now), new(card, subject, new Verdict.Pass(), Sample.Now)],
        });

        Assert.Empty(book.Findings);
    }

    [Theory]
    [InlineData("passes")]
    [InlineData("is not spoken of, and its host cannot be told")]
    public void What_it_takes_to_close_the_findings_of_a_farm_grows_as_their_number_does(string afterwards)
    {
        double Bytes(int count)
        {
            var rule = new RuleOfMany(count);
            var farm = new FarmSubject([new HostSubject(Sample.Host)]);
            var book = new FindingBook { IsSingleSample = true }.Apply(RuleEngine.ExamineFarm(farm, Settings, Sample.Now, [rule]));
            Assert.Equal(count, book.Findings.Length);
            rule.Afterwards = (host, vm) => afterwards == "passes" ? new Verdict.Pass { Object = vm } : new Verdict.Unknown("devices", "Not read.") { Object = host };
            var after = RuleEngine.ExamineFarm(farm, Settings, Sample.Now.AddMinutes(1), [rule]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            book = book.Apply(after);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(afterwards == "passes" ? 0 : count, book.Findings.Length);
            Assert.All(book.Findings, f => Assert.Equal("Not read.", f.StaleReason));
            return bytes;
        }

        Bytes(10);

        Assert.InRange(Bytes(2000) / Bytes(500), 2, 6);
    }

    /// <summary>Fires once for each of many VMs of a farm, on a host of its own each; afterwards it says something else.</summary>
    private sealed class RuleOfMany(int count) : Rule<FarmSubject>
    {
        public Func<ObjectRef, ObjectRef, Verdict>? Afterwards { get; set; }

        public override RuleCard Card { get; } = RuleCatalogue.Find("HVD514")!.Card;

        public override System.Collections.Immutable.ImmutableArray<Example<FarmSubject>> Examples => [];

        public override IEnumerable<Verdict> Examine(FarmSubject subject, RuleContext context)
        {
            for (int i = 0; i < count; i++)
            {
                var host = new ObjectRef(ObjectKind.Host, $"h{i}", $"HV{i}", $"h{i}");
                var vm = new ObjectRef(ObjectKind.VirtualMachine, $"vm{i}", $"VM{i}", host.Id);
                yield return Afterwards?.Invoke(host, vm) ?? new Verdict.Fire("id", Severity.Error, "…") { Object = vm };
            }
        }
    }
}
