using System.Collections.Immutable;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Tuning;

namespace HyperVDash.Rules.Tests;

/// <summary>Every rule over every object, remembering nothing: what the engine must say, in the plainest way to work it out.</summary>
internal static class PlainExamination
{
    public static Examination OfHost(HostReading reading, RuleSettings settings, DateTimeOffset now)
    {
        var host = new HostSubject(reading);
        var context = new RuleContext(now, settings);
        var vms = (reading.VirtualMachines.Content?.Items ?? []).ToDictionary(v => v.Id);
        List<Examined> verdicts =
        [
            .. Of([host], host, context, now),
            .. Of(vms.Values.Select(v => new VirtualMachineSubject(v, host)), host, context, now),
            .. Unlisted<VirtualMachineSubject>(host, ["virtualMachines"], now, context),
            .. Of((reading.Devices.Content?.Drives ?? []).Where(d => vms.ContainsKey(d.VirtualMachineId)).Select(d => new DriveSubject(d, vms[d.VirtualMachineId], host)), host, context, now),
            .. Unlisted<DriveSubject>(host, ["virtualMachines", "devices"], now, context),
            .. Of((reading.Devices.Content?.NetworkAdapters ?? []).Where(n => vms.ContainsKey(n.VirtualMachineId)).Select(n => new NetworkAdapterSubject(n, vms[n.VirtualMachineId], host)), host, context, now),
            .. Unlisted<NetworkAdapterSubject>(host, ["virtualMachines", "devices"], now, context),
            .. Of((reading.Switches.Content?.Items ?? []).Select(s => new SwitchSubject(s, host)), host, context, now),
            .. Unlisted<SwitchSubject>(host, ["switches"], now, context),
        ];
        return new Examination(now) { Verdicts = [.. verdicts], NextInstant = context.NextInstant };
    }

    public static Examination Of<TSubject>(TSubject subject, RuleSettings settings, DateTimeOffset now) where TSubject : ISubject
    {
        var context = new RuleContext(now, settings);
        return new Examination(now)
        {
            Verdicts = [.. RuleCatalogue.All.OfType<IExamines<TSubject>>().SelectMany(r => Said(r, subject, context).Select(v => new Examined(r.Card, v.Object ?? subject.Identity, v, SampleAt(r.Card, subject, now))).ToList())],
            NextInstant = context.NextInstant,
        };
    }

    private static List<Examined> Of<TSubject>(IEnumerable<TSubject> subjects, HostSubject host, RuleContext context, DateTimeOffset now) where TSubject : ISubject =>
    [
        .. from rule in RuleCatalogue.All.OfType<IExamines<TSubject>>()
           from subject in subjects
           from verdict in Said(rule, subject, context)
           select new Examined(rule.Card, verdict.Object ?? subject.Identity, verdict, SampleAt(rule.Card, host, now)),
    ];

    private static IEnumerable<Examined> Unlisted<TSubject>(HostSubject host, string[] lists, DateTimeOffset now, RuleContext context) where TSubject : ISubject =>
        lists.Where(l => !host.Section(l).HasContent() || host.Section(l).Attempt.State == SectionState.Partial)
            .Select(l => host.Gate(SectionBits.IndexOf(l)).At(now)).OfType<Verdict.Unknown>().Take(1)
            .SelectMany(unknown => RuleCatalogue.All.OfType<IExamines<TSubject>>().Select(r => new Examined(r.Card, host.Identity, Tuned(r.Card, host, unknown, context), SampleAt(r.Card, host, now))));

    private static IEnumerable<Verdict> Said<TSubject>(IExamines<TSubject> rule, TSubject subject, RuleContext context) where TSubject : ISubject =>
        TuningPlan.Of(context.Settings).For(rule.Card.Id)?.Always is { } off ? [off] : rule.Examine(subject, context).Select(v => Tuned(rule.Card, subject, v, context));

    private static Verdict Tuned(RuleCard card, ISubject subject, Verdict verdict, RuleContext context) =>
        TuningPlan.Of(context.Settings).For(card.Id)?.Apply(card, subject, subject.Identity, verdict, context) ?? verdict;

    private static DateTimeOffset? SampleAt(RuleCard card, ISubject subject, DateTimeOffset now)
    {
        var read = subject.Hosts.Where(h => h.Section(card.Sections[0]).Attempt is { State: SectionState.Complete or SectionState.Partial, At: not null }).ToList();
        var usable = read.Where(h => h.Whole.CapturedAt is null && h.Gate(SectionBits.IndexOf(card.Sections[0])).At(now) is not Verdict.Unknown).ToList();
        return (usable.Count > 0 ? usable : read).Min(h => h.Section(card.Sections[0]).Attempt.At);
    }
}
