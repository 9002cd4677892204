using Microsoft.Win32;

namespace HyperVDash.Agent.Targets;

/// <summary>Whether this computer is itself a Hyper-V host, found without asking for any right.</summary>
/// <param name="isWindows">Asked first.</param>
/// <param name="hasMachineKey">True if HKEY_LOCAL_MACHINE has the key.</param>
public sealed class LocalHyperV(Func<bool> isWindows, Func<string, bool> hasMachineKey)
{
    /// <summary>The management service of Hyper-V; its key is there with the role and not with the tools alone.</summary>
    public const string ServiceKey = @"SYSTEM\CurrentControlSet\Services\vmms";

    public static LocalHyperV Here { get; } = new(OperatingSystem.IsWindows, HasMachineKey);

    public bool HasRole => isWindows() && hasMachineKey(ServiceKey);

    /// <summary>This computer as a host to read.</summary>
    public TargetOptions Target { get; } = new() { Key = Environment.MachineName.ToLowerInvariant(), Door = "mmi", IsWindows = isWindows };

    private static bool HasMachineKey(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return false;
        }

        using var key = Registry.LocalMachine.OpenSubKey(path);
        return key is not null;
    }
}
