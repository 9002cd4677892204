using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The four template rows of each kind of setting that every plain enumeration also returns.</summary>
internal static class Templates
{
    private static readonly string[] Kinds = ["Default", "Minimum", "Maximum", "Increment"];

    public static void Write(HostTables t, string cimNamespace, string className, ushort type, string subType, string separator = @"\")
    {
        string pool = Ids.Of($"pool/{subType}").Upper();
        foreach (string kind in Kinds)
        {
            t.Add(cimNamespace, new LabInstance(className)
            {
                ["InstanceID"] = $"Microsoft:Definition{separator}{pool}{separator}{kind}", ["ElementName"] = subType, ["ResourceType"] = type, ["ResourceSubType"] = subType,
                ["PoolID"] = "", ["AutomaticAllocation"] = true, ["AutomaticDeallocation"] = true, ["ConsumerVisibility"] = 3, ["VirtualQuantity"] = 1UL, ["Weight"] = 0,
            });
        }
    }
}
