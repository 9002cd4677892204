using System.Text;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

/// <summary>Names of switches between cluster nodes: equal exactly, nearly, or not.</summary>
public static class SwitchNames
{
    /// <summary>The switch that every client Windows makes by itself; it is on no list.</summary>
    public const string ClientDefault = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

    /// <summary>A name that people would take for the wanted one: equal but for blanks, case or look-alike letters, or within two edits.</summary>
    public static string? NearMatch(string wanted, IEnumerable<string> names)
    {
        string folded = Fold(wanted);
        return names.Where(n => !n.Equals(wanted, StringComparison.Ordinal))
            .Select(n => (Name: n, Distance: Fold(n) == folded ? 0 : Distance(Fold(n), folded)))
            .Where(n => n.Distance <= 2 && n.Distance < Math.Max(1, folded.Length / 2))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    /// <summary>What differs, in words.</summary>
    public static string Difference(string wanted, string found) =>
        wanted.Equals(found, StringComparison.OrdinalIgnoreCase) ? "letter case"
        : wanted.Trim().Equals(found.Trim(), StringComparison.Ordinal) ? "a leading or trailing blank"
        : Fold(wanted) == Fold(found) ? "letters that look alike" : "a few letters";

    public static string Fold(string name) => name.Normalize(NormalizationForm.FormKC).Trim().ToUpperInvariant();

    /// <summary>The names that clustered VMs use, each with the VMs.</summary>
    /// <param name="isRead">Which nodes' VMs and adapters may be used.</param>
    public static ILookup<string, UsedSwitch> Used(ClusterSubject cluster, Func<HostSubject, bool> isRead)
    {
        var used = new List<UsedSwitch>();
        var clustered = (cluster.Cluster.VirtualMachines ?? []).DistinctBy(v => v.VirtualMachineId).ToDictionary(v => v.VirtualMachineId);
        foreach (var host in cluster.Members.Select(m => m.Host).OfType<HostSubject>().Where(isRead))
        {
            foreach (var vm in host.Reading.VirtualMachines.Content?.Items ?? [])
            {
                if (clustered.TryGetValue(vm.Id, out var resource))
                {
                    // A connection from a resource pool names no single switch.
                    used.AddRange(host.AdaptersOf[vm.Id].Where(n => n.SwitchName is { Length: > 0 } && n.Connection != ConnectionState.Pooled)
                        .Select(n => new UsedSwitch(n.SwitchName!, vm, resource, host)));
                }
            }
        }

        return used.DistinctBy(u => (u.Name, u.Vm.Id)).ToLookup(u => u.Name, StringComparer.Ordinal);
    }

    public static IEnumerable<VirtualSwitch> Of(HostSubject host) =>
        (host.Reading.Switches.Content?.Items ?? []).Where(s => !s.Id.Trim('{', '}').Equals(ClientDefault, StringComparison.OrdinalIgnoreCase));

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2 || a.Length > 256 || b.Length > 256)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

/// <summary>A clustered VM that uses a switch by name.</summary>
public sealed record UsedSwitch(string Name, Model.VirtualMachines.VirtualMachine Vm, Model.Clusters.ClusteredVirtualMachine Resource, HostSubject Host);
