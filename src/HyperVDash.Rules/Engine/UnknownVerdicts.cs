using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>What nobody can tell, by what it is about: of thousands of objects each finds at once whether somebody could see it at all.</summary>
internal sealed class UnknownVerdicts
{
    private readonly Dictionary<string, List<(int Place, Examined Verdict)>> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(int Place, Examined Verdict)> _ofAll = [];

    public UnknownVerdicts(IEnumerable<Examined> verdicts)
    {
        int place = 0;
        foreach (var verdict in verdicts)
        {
            if (verdict.Verdict is not Verdict.Unknown)
            {
                continue;
            }

            if (verdict.Subject.Kind == ObjectKind.Cluster || verdict.Subject is { Kind: ObjectKind.Farm, Id: FarmSubject.WholeId })
            {
                _ofAll.Add((place++, verdict));
                continue;
            }

            if (!_byId.TryGetValue(verdict.Subject.Id, out var same))
            {
                _byId[verdict.Subject.Id] = same = [];
            }

            same.Add((place++, verdict));
        }
    }

    /// <summary>In the order in which they were said.</summary>
    public IEnumerable<Examined> About(ObjectRef subject)
    {
        List<(int Place, Examined Verdict)> about = [.. _ofAll];
        for (int end = subject.Id.IndexOf('/', StringComparison.Ordinal); end >= 0; end = subject.Id.IndexOf('/', end + 1))
        {
            about.AddRange(_byId.GetValueOrDefault(subject.Id[..end]) ?? []);
        }

        if (subject.HostId is { } host)
        {
            about.AddRange((_byId.GetValueOrDefault(host) ?? []).Where(v => v.Verdict.Subject.Kind == ObjectKind.Host && v.Verdict.Subject.Id == host));
        }

        return about.DistinctBy(v => v.Place).OrderBy(v => v.Place).Select(v => v.Verdict);
    }
}
