using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HyperVDash.Model.Disks;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Documentation;

/// <summary>Prints the release profiles as docs/rules/releases.md.</summary>
public static class ReleasesPage
{
    public static string Render()
    {
        var all = ReleaseProfiles.All;
        var page = new StringBuilder("""
            # Release profiles

            Limits and facts of each Windows release, from the profiles that rules ask; no rule holds such a number itself. A host gets its profile by its build; one between two
            releases that of the older, one beyond all of them the newest, and the rules about limits then say that they cannot tell. What is marked with * rests on one secondary
            source or on practice: more than that is a warning at most. Generated; the [index of rules](README.md) lists the rules.


            """.ReplaceLineEndings("\n"));
        Table(page, "## One virtual machine", all,
        [
            ("Builds", p => Of(p.Builds)),
            ("Processors", p => Pair(p, p.VirtualMachine.Processors, p.VirtualMachine.ProcessorsGenerationOne, n => Number(n)) + Star(p.VirtualMachine.Unverified, "processors")),
            ("Memory", p => Pair(p, p.VirtualMachine.MemoryGiB, p.VirtualMachine.MemoryGiBGenerationOne, Size) + Star(p.VirtualMachine.Unverified, "memory")),
            ("SCSI", p => $"{p.ScsiControllers} × {p.ScsiDevices}"),
            ("IDE", p => $"{p.IdeControllers} × {p.IdeDevices}"),
            ("Network adapters, legacy ones", p => $"{p.VirtualMachine.NetworkAdapters}, {p.VirtualMachine.LegacyAdapters}" + Star(p.VirtualMachine.Unverified, "networkAdapters")),
            ("Checkpoints", p => Number(p.VirtualMachine.Checkpoints)),
            ("Disk files", p => string.Join(", ", p.DiskFormats.Select(Word))),
            ("Configuration versions", p => p.VmVersions.IsEmpty ? "none" : (p.VmVersions.Length == 1 ? $"{p.VmVersions[0]}" : $"{p.VmVersions[0]} to {p.VmVersions[^1]}, new ones {p.DefaultVmVersion}") + (p.AreVmVersionsUnverified ? " *" : "")),
        ]);
        Table(page, "## Host and cluster", all,
        [
            ("Logical processors", p => Number(p.Host.LogicalProcessors) + (p.Host.RaisedLogicalProcessors is { } raised ? $", {raised} with {p.Host.RaisedBy}" : "") + Star(p.Host.Unverified, "logicalProcessors")),
            ("Memory", p => (p.Host.MemoryGiB is { } memory ? Size(memory) : "not known") + (p.Host.MemoryGiBFiveLevelPaging is { } five ? $", {Size(five)} with five levels of paging" : "") + Star(p.Host.Unverified, "memory")),
            ("Running VMs", p => Number(p.Host.RunningVms) + (p.Host.RaisedRunningVms is { } raised ? $", {raised} with {p.Host.RaisedBy}" : "") + Star(p.Host.Unverified, "runningVms")),
            ("Their processors", p => p.Host.VirtualProcessors is { } total ? Number(total) : p.Host.ProcessorsPerLogical is { } each ? $"{each} for each logical one" + (p.Host.ProcessorsPerLogicalWindows7 is { } seven ? $", {seven} of Windows 7" : "") : "not known"),
            ("Nodes, clustered VMs", p => $"{Number(p.Cluster.Nodes)}, {Number(p.Cluster.VirtualMachines)}" + Star(p.Cluster.Unverified, "nodes", "virtualMachines")),
            ("Namespaces", p => string.Join(" and ", p.Namespaces.Select(n => $"v{n}")) + (p.PowerShell ? "; PowerShell" : "; console only")),
            ("End of support", p => p.EndOfSupport is { } end ? end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + (p.IsEndOfSupportUnverified ? " *" : "") : "never supported"),
        ]);
        page.Append("## What somebody who runs it should know\n\n");
        foreach (var profile in all.Where(p => !p.Advisories.IsEmpty))
        {
            page.Append(CultureInfo.InvariantCulture, $"- **{profile.Name}** {string.Join(" ", profile.Advisories)}\n");
        }

        return page.ToString();
    }

    private static void Table(StringBuilder page, string title, ImmutableArray<ReleaseProfile> profiles, ImmutableArray<(string Head, Func<ReleaseProfile, string> Of)> columns)
    {
        page.Append(CultureInfo.InvariantCulture, $"{title}\n\n| Release | {string.Join(" | ", columns.Select(c => c.Head))} |\n|---|{string.Concat(columns.Select(_ => "---|"))}\n");
        foreach (var profile in profiles)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {profile.Name} | {string.Join(" | ", columns.Select(c => c.Of(profile)))} |\n");
        }

        page.Append('\n');
    }

    private static string Of(ImmutableArray<int> builds) => string.Join(", ", builds.Select(b => b.ToString(CultureInfo.InvariantCulture)));

    private static string Pair(ReleaseProfile profile, long two, long one, Func<long, string> words) => profile.GenerationTwo && one != two ? $"{words(two)}, generation 1 {words(one)}" : words(two);

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "not known";

    private static string Size(long gibibytes) => gibibytes switch
    {
        >= 1 << 20 when gibibytes % (1 << 20) == 0 => $"{gibibytes >> 20} PB", >= 1024 when gibibytes % 1024 == 0 => $"{gibibytes >> 10} TB", _ => $"{gibibytes} GB",
    };

    private static string Star(ImmutableArray<string> unverified, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (unverified.Contains(name))
            {
                return " *";
            }
        }

        return "";
    }

    private static string Word(VirtualDiskFormat format) => format switch { VirtualDiskFormat.Vhd => "VHD", VirtualDiskFormat.Vhdx => "VHDX", VirtualDiskFormat.VhdSet => "VHD set", _ => $"{format}" };
}
