using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>Findings of one rule that can explain others, by what ties them to those: of thousands nobody compares each with each.</summary>
internal sealed class InhibitingFindings
{
    private readonly Dictionary<string, List<Finding>> _byHost = new(StringComparer.Ordinal);
    private readonly Dictionary<(ObjectKind Kind, string Id), List<Finding>> _bySubject = [];
    private readonly Dictionary<string, List<(ObjectKind Kind, Finding Finding)>> _byImpacted = new(StringComparer.Ordinal);

    public void Add(Finding cause)
    {
        if (cause.Subject.HostId is { } host)
        {
            ListOf(_byHost, host).Add(cause);
        }

        ListOf(_bySubject, (cause.Subject.Kind, cause.Subject.Id)).Add(cause);
        foreach (var affected in cause.Affected)
        {
            if (affected.Role == AffectedRole.Impacted)
            {
                ListOf(_byImpacted, affected.Object.Id).Add((affected.Object.Kind, cause));
            }
        }
    }

    /// <summary>The ids of those on the effect's host, and on hosts that the effect names as its cause.</summary>
    /// <param name="isItselfToo">Whether the effect may be among them.</param>
    public void AddOnHostOf(Finding effect, bool isItselfToo, SortedSet<string> ids)
    {
        AddOn(effect.Subject.HostId);
        foreach (var affected in effect.Affected)
        {
            if (affected is { Role: AffectedRole.Cause, Object.Kind: ObjectKind.Host })
            {
                AddOn(affected.Object.Id);
            }
        }

        void AddOn(string? host)
        {
            if (host is not null && _byHost.TryGetValue(host, out var causes))
            {
                foreach (var cause in causes)
                {
                    AddUnless(isItselfToo ? null : effect, cause, ids);
                }
            }
        }
    }

    /// <summary>The ids of those that are so related to the effect, without the effect itself.</summary>
    public void AddRelated(Finding effect, Relation relation, SortedSet<string> ids)
    {
        switch (relation)
        {
            case Relation.SameHost:
                AddOnHostOf(effect, isItselfToo: false, ids);
                break;
            case Relation.ImpactedHost:
                AddImpacting(effect, effect.Subject.Id, ofHost: false, ids);
                AddImpacting(effect, effect.Subject.HostId, ofHost: true, ids);
                break;
            default:
                foreach (var cause in _bySubject.GetValueOrDefault((effect.Subject.Kind, effect.Subject.Id)) ?? [])
                {
                    AddUnless(effect, cause, ids);
                }

                break;
        }
    }

    private void AddImpacting(Finding effect, string? id, bool ofHost, SortedSet<string> ids)
    {
        if (id is not null && _byImpacted.TryGetValue(id, out var causes))
        {
            foreach (var (kind, cause) in causes)
            {
                if (!ofHost || kind == ObjectKind.Host)
                {
                    AddUnless(effect, cause, ids);
                }
            }
        }
    }

    private static void AddUnless(Finding? effect, Finding cause, SortedSet<string> ids)
    {
        if (cause.Id != effect?.Id)
        {
            ids.Add(cause.Id);
        }
    }

    private static List<TItem> ListOf<TKey, TItem>(Dictionary<TKey, List<TItem>> lists, TKey key) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
