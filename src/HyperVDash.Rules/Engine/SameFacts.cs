using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;

namespace HyperVDash.Rules.Engine;

/// <summary>
/// Compares facts by what they say. Records of the model compare their lists by reference, and every answer of an agent brings new lists; so this
/// compares each property, and lists element by element. A type it does not know counts as changed unless it is equal, which only costs an examination.
/// </summary>
internal static class SameFacts<T>
{
    private static readonly Func<T, T, bool> Compare = Build();

    public static bool Are(T a, T b) => Compare(a, b);

    private static Func<T, T, bool> Build()
    {
        var type = typeof(T);
        if (Nullable.GetUnderlyingType(type) is { } inner && IsList(inner))
        {
            return Made(nameof(SameFactsOf.Optional), inner);
        }

        if (IsList(type))
        {
            return Made(nameof(SameFactsOf.List), type.GenericTypeArguments[0]);
        }

        return type.IsClass && type.Assembly == typeof(Model.Fleet.Section).Assembly ? Properties(type) : EqualityComparer<T>.Default.Equals;
    }

    private static Func<T, T, bool> Properties(Type type)
    {
        var a = Expression.Parameter(type);
        var b = Expression.Parameter(type);
        // The simple ones first: they tell most differences.
        var same = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.PropertyType.IsValueType ? IsList(p.PropertyType) ? 1 : 0 : 2)
            .Select(p => (Expression)Expression.Call(typeof(SameFacts<>).MakeGenericType(p.PropertyType).GetMethod(nameof(Are))!, Expression.Property(a, p), Expression.Property(b, p)))
            .Aggregate((Expression)Expression.Constant(true), Expression.AndAlso);
        var compare = Expression.Lambda<Func<T, T, bool>>(same, a, b).Compile();
        return (x, y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.GetType() == y.GetType() && compare(x, y));
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static Func<T, T, bool> Made(string method, Type argument) =>
        typeof(SameFactsOf).GetMethod(method)!.MakeGenericMethod(IsList(argument) ? argument.GenericTypeArguments[0] : argument).CreateDelegate<Func<T, T, bool>>();
}

internal static class SameFactsOf
{
    private static readonly ConcurrentDictionary<Type, Func<object, object, bool>> Comparers = new();

    /// <summary>Contents of one section, whatever their type.</summary>
    public static bool Content(object? a, object? b) =>
        a is null || b is null ? ReferenceEquals(a, b) : a.GetType() == b.GetType() && Comparers.GetOrAdd(a.GetType(), ComparerOf)(a, b);

    public static bool List<TItem>(ImmutableArray<TItem> a, ImmutableArray<TItem> b)
    {
        if (a == b)
        {
            return true;
        }

        if (a.IsDefault || b.IsDefault || a.Length != b.Length)
        {
            return false;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!SameFacts<TItem>.Are(a[i], b[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static Func<object, object, bool> ComparerOf(Type type) =>
        typeof(SameFactsOf).GetMethod(nameof(Cast))!.MakeGenericMethod(type).CreateDelegate<Func<object, object, bool>>();

    public static bool Cast<TContent>(object a, object b) where TContent : class => SameFacts<TContent>.Are((TContent)a, (TContent)b);

    public static bool Optional<TItem>(ImmutableArray<TItem>? a, ImmutableArray<TItem>? b) =>
        a is { } x && b is { } y ? List(x, y) : a is null && b is null;
}
