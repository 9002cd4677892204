using Native = Microsoft.Management.Infrastructure;

namespace HyperVDash.Cim.Mmi;

/// <summary>A property or out parameter as the library hands it out: its name, its CIM type and a .NET value of that type, or null.</summary>
internal sealed record MmiValue(string Name, Native.CimType Type, object? Value)
{
    /// <summary>True if it takes part in the instance's path.</summary>
    public bool IsKey { get; init; }
}
