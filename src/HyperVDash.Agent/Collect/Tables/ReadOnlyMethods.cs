using System.Collections.Immutable;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>Every method that may be called on a host. None of them changes anything; another one is not called, whoever asks for it.</summary>
internal static class ReadOnlyMethods
{
    /// <summary>Each with what it tells.</summary>
    public static ImmutableArray<(string Class, string Method, string Tells)> All { get; } =
    [
        ("StdRegProv", "GetStringValue", "a text of the registry"),
        ("StdRegProv", "GetExpandedStringValue", "a text of the registry of the other type; for printServer, where the aliases are of it"),
        ("StdRegProv", "GetDWORDValue", "a number of the registry"),
        ("StdRegProv", "GetMultiStringValue", "a list of texts of the registry"),
        ("StdRegProv", "GetBinaryValue", "bytes of the registry"),
        ("StdRegProv", "EnumKey", "the names of a key's subkeys"),
        ("StdRegProv", "EnumValues", "the names and types of a key's values"),
        ("Msvm_VirtualSystemManagementService", "GetSummaryInformation", "load, memory and heartbeat of all VMs; before 2016, where no class tells"),
        ("Msvm_ReplicationService", "GetReplicationStatistics", "missed cycles and what waits, of one VM; for replicaServer"),
        ("Msvm_ImageManagementService", "GetVirtualHardDiskInfo", "the header of a disk file; on the older namespace"),
        ("Msvm_ImageManagementService", "GetVirtualHardDiskSettingData", "the header of a disk file"),
        ("Msvm_ImageManagementService", "GetVirtualHardDiskState", "the size of a disk file that cannot be listed; for virtualDisks, e.g. where a share holds it"),
        ("Msvm_ImageManagementService", "ValidateVirtualHardDisk", "whether a differencing disk fits its parents, which are opened for reading"),
    ];

    /// <exception cref="InvalidOperationException">The method is not one of them: a mistake of ours.</exception>
    public static void Check(CimCall call)
    {
        if (!All.Any(m => m.Class.Equals(call.Class, StringComparison.OrdinalIgnoreCase) && m.Method.Equals(call.Method, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"{call.Class}.{call.Method} is not on the list of methods that only read, so it was not called.");
        }
    }
}
