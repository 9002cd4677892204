using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HyperVDash.Model.Findings;

namespace HyperVDash.Rules.Engine;

/// <summary>The objects of one kind that rules examined, in the order their host lists them.</summary>
internal sealed class ObjectList(ObjectRef[] objects)
{
    private Dictionary<(ObjectKind Kind, string Id), int>? _places;
    private ImmutableArray<ObjectRef> _first;

    public int Count => objects.Length;

    /// <summary>False if two have the same id: then nobody can say which is which.</summary>
    public bool IsUnique => Places.Count == objects.Length;

    private Dictionary<(ObjectKind Kind, string Id), int> Places
    {
        get
        {
            if (_places is null)
            {
                var places = new Dictionary<(ObjectKind Kind, string Id), int>(objects.Length);
                for (int i = 0; i < objects.Length; i++)
                {
                    places.TryAdd((objects[i].Kind, objects[i].Id), i);
                }

                _places = places;
            }

            return _places;
        }
    }

    public ObjectRef this[int index] => objects[index];

    /// <summary>The first ones; the same list each time, for many rules name them.</summary>
    public ImmutableArray<ObjectRef> First(int count)
    {
        var first = _first;
        if (first.IsDefault || first.Length != count)
        {
            _first = first = count == objects.Length ? ImmutableCollectionsMarshal.AsImmutableArray(objects) : [.. objects.AsSpan(0, count)];
        }

        return first;
    }

    /// <summary>-1 if it is not among them.</summary>
    public int Find(ObjectKind kind, string id) => Places.TryGetValue((kind, id), out int place) ? place : -1;

    public bool ListsTheSameAs(ObjectList other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (Count != other.Count)
        {
            return false;
        }

        for (int i = 0; i < Count; i++)
        {
            if (objects[i].Id != other[i].Id || objects[i].Kind != other[i].Kind)
            {
                return false;
            }
        }

        return true;
    }
}
