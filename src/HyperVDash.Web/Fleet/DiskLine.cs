using System.Collections.Immutable;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Disks;

namespace HyperVDash.Web.Fleet;

/// <summary>A virtual disk file of a host, with the VMs that lead to it and the volume it lies on.</summary>
/// <param name="Vms">VMs that have it attached, keep it in a checkpoint, or stand on it through a chain of parents.</param>
/// <param name="Volume">Mount point, share or drive; null for a path of another shape.</param>
public sealed record DiskLine(VirtualDisk Disk, HostLine Host, ImmutableArray<VirtualMachineLine> Vms, string? Volume)
{
    /// <summary>Read lately, and not the last known state.</summary>
    public bool IsCurrent => Host.IsCurrent && Host.KnowledgeOf("virtualDisks") is SectionKnowledge.Whole or SectionKnowledge.Partial;

    /// <summary>Shape of what its header and chain tell.</summary>
    public string Standing => !IsCurrent ? "unknown"
        : Disk.Exists == false || Disk.IsChainLooping || Disk.ValidationCode is > 0 ? "error"
        : Disk.Error is not null || Disk.ReadAt is null ? "unknown"
        : "ok";

    public static IEnumerable<DiskLine> Of(HostLine host, IEnumerable<VirtualMachineLine> vms)
    {
        if (host.Reading.VirtualDisks.Content is not { Items.IsEmpty: false } content)
        {
            return [];
        }

        var disks = content.Items.DistinctBy(d => d.Path, StringComparer.OrdinalIgnoreCase).ToDictionary(d => d.Path, StringComparer.OrdinalIgnoreCase);
        var users = new Dictionary<string, HashSet<Guid>>(StringComparer.OrdinalIgnoreCase);
        var drives = host.Reading.Devices.Content?.Drives is { } known ? known : ImmutableArray<Drive>.Empty;
        var named = drives.Where(d => d.Path is not null).Select(d => (Path: d.Path!, Vm: d.VirtualMachineId))
            .Concat((host.Reading.Checkpoints.Content?.Items ?? []).SelectMany(c => (c.DiskPaths is { } paths ? paths : []).Select(p => (Path: p, Vm: c.VirtualMachineId))));
        foreach (var (path, vm) in named)
        {
            // A chain that loops ends where the VM stands already.
            for (string? file = path; file is not null && (users.TryGetValue(file, out var of) ? of : users[file] = []).Add(vm); file = disks.GetValueOrDefault(file)?.ParentPath)
            {
            }
        }

        var byId = vms.DistinctBy(v => v.Vm.Id).ToDictionary(v => v.Vm.Id);
        var mounts = (host.Reading.Volumes.Content?.Items ?? []).Select(v => v.Path).OfType<string>().OrderByDescending(p => p.Length).ToList();
        return disks.Values.Select(d => new DiskLine(d, host,
            [.. (users.GetValueOrDefault(d.Path) ?? []).Select(id => byId.GetValueOrDefault(id)).OfType<VirtualMachineLine>().OrderBy(v => v.Vm.Name, StringComparer.OrdinalIgnoreCase)],
            VolumeOf(d.Path, mounts)));
    }

    /// <summary>The file and its parents, as far as they are known; ends where it comes back to itself.</summary>
    public static IReadOnlyList<VirtualDisk> Chain(VirtualDiskList? list, string path)
    {
        var chain = new List<VirtualDisk>();
        for (string? next = path; next is not null && chain.TrueForAll(d => !d.Path.Equals(next, StringComparison.OrdinalIgnoreCase)); next = chain[^1].ParentPath)
        {
            chain.Add(list?.Items.FirstOrDefault(d => d.Path.Equals(next, StringComparison.OrdinalIgnoreCase)) ?? new VirtualDisk(next));
        }

        return chain;
    }

    private static string? VolumeOf(string path, List<string> mounts)
    {
        string[] parts = path.Split('\\', StringSplitOptions.RemoveEmptyEntries);
        return mounts.Find(m => path.StartsWith(m, StringComparison.OrdinalIgnoreCase) && m.Length > 3)
            ?? (path.StartsWith(@"\\", StringComparison.Ordinal) ? parts.Length > 1 ? $@"\\{parts[0]}\{parts[1]}" : null
            : parts is [_, var root, var volume, ..] && root.Equals("ClusterStorage", StringComparison.OrdinalIgnoreCase) ? $@"{parts[0]}\{root}\{volume}\"
            : parts is [[var letter, ':'], ..] ? $@"{char.ToUpperInvariant(letter)}:\" : null);
    }
}
