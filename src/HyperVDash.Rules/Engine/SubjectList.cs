using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>The subjects of one kind, each made when a rule first examines it in this round.</summary>
/// <param name="vms">The VM each belongs to; null for kinds without one.</param>
/// <param name="own">What a subject itself is made of.</param>
internal sealed class SubjectList<TSubject>(ObjectList objects, Guid[]? vms, SectionReads own, Func<int, TSubject> make) where TSubject : class, ISubject
{
    private readonly TSubject?[] _made = new TSubject?[objects.Count];

    public ObjectList Objects => objects;

    public SectionReads Own => own;

    public int Count => objects.Count;

    public TSubject this[int index] => _made[index] ??= make(index);

    public Guid VmOf(int index) => vms is null ? Guid.Empty : vms[index];

    /// <summary>For one subject alone.</summary>
    public static SubjectList<TSubject> Of(TSubject subject) => new(new ObjectList([subject.Identity]), null, default, _ => subject);

    /// <summary>For subjects that are made already, since their names are needed.</summary>
    public static SubjectList<TSubject> Of(TSubject[] subjects, SectionReads own, Func<TSubject, Guid>? vm)
    {
        var objects = new ObjectRef[subjects.Length];
        var vms = vm is null ? null : new Guid[subjects.Length];
        for (int i = 0; i < subjects.Length; i++)
        {
            objects[i] = subjects[i].Identity;
            if (vms is not null)
            {
                vms[i] = vm!(subjects[i]);
            }
        }

        return new(new ObjectList(objects), vms, own, i => subjects[i]);
    }

    /// <summary>The same objects after a newer reading.</summary>
    public SubjectList<TSubject> With(Func<int, TSubject> again) => new(objects, vms, own, again);
}
