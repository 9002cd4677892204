using System.Collections.Immutable;
using Native = Microsoft.Management.Infrastructure;

namespace HyperVDash.Cim.Mmi;

/// <summary>
/// An instance taken out of its native shell, which cannot be made off Windows: what <see cref="MmiRows"/> converts.
/// Instances and references inside are of this type too.
/// </summary>
internal sealed record MmiInstance(string Class, ImmutableArray<MmiValue> Values)
{
    private const int MaxDepth = 8;

    /// <summary>Copies everything: the native one dies when the observer returns.</summary>
    public static MmiInstance Of(Native.CimInstance instance, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new CimException(CimErrorKind.Protocol, $"An instance of {instance.CimSystemProperties.ClassName} is nested too deeply.");
        }

        return new(instance.CimSystemProperties.ClassName ?? "",
            [.. instance.CimInstanceProperties.Select(p => new MmiValue(p.Name, p.CimType, Taken(p.Value, depth)) { IsKey = p.Flags.HasFlag(Native.CimFlags.Key) })]);
    }

    public static MmiValue Of(Native.CimMethodParameter parameter) => new(parameter.Name, parameter.CimType, Taken(parameter.Value, 0));

    private static object? Taken(object? value, int depth) => value switch
    {
        Native.CimInstance one => Of(one, depth + 1),
        Native.CimInstance[] many => many.Select(i => i is null ? null : Of(i, depth + 1)).ToArray(),
        _ => value,
    };
}
