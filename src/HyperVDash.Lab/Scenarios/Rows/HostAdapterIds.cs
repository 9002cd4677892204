using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The management operating system's adapters on a switch, and the ids that several tables share.</summary>
internal static class HostAdapterIds
{
    public static IEnumerable<(Guid Id, string Name)> Of(LabSwitch one) => All(one).Select(a => (a.Id, a.Name));

    public static IEnumerable<(Guid Id, string Name, string Kind, LabVlan? Vlan)> All(LabSwitch one)
    {
        if (one.IsSharedWithHost)
        {
            yield return (Ids.Of($"internal/{one.Id}"), one.Name, "host", one.HostVlan);
        }

        foreach (var adapter in one.HostAdapters)
        {
            yield return (Ids.Of($"internal/{one.Id}/{adapter.Name}"), adapter.Name, $"host/{adapter.Name}", adapter.Vlan);
        }
    }
}
