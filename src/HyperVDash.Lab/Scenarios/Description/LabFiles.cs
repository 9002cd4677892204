namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>An image file of a host: virtual disk, ISO or floppy.</summary>
public sealed record LabImage(string Path, LabDiskFile File)
{
    public ulong MaximumBytes => (ulong)(File.MaximumGb * (1L << 30));

    public ulong FileBytes => File.Type == LabDiskType.Fixed && File.FileGb is null ? MaximumBytes
        : (ulong)((File.FileGb ?? (File.MaximumGb * (5 + (Ids.Of(Path.ToUpperInvariant()).ToByteArray()[0] % 40)) / 100)) * (1 << 20)) << 10;

    public bool IsDisk => System.IO.Path.GetExtension(Path.Replace('\\', '/')).ToUpperInvariant() is ".VHD" or ".VHDX" or ".AVHD" or ".AVHDX" or ".VHDS";
}

/// <summary>Which files the VMs of a host use: each checkpoint keeps the file that was written before it, and a new one takes what comes after.</summary>
public static class LabFiles
{
    /// <summary>The file that a drive of the VM uses now, or used in a checkpoint.</summary>
    public static string? ImageOf(this LabVm vm, LabDrive drive, Guid? checkpoint = null) =>
        drive.Image is { } image && drive.Kind == LabDriveKind.Disk && vm.Below(checkpoint) is not null ? Layer(image, checkpoint ?? vm.Id) : drive.Image;

    /// <summary>Every image file of a host by its path, with the parents of differencing disks.</summary>
    public static IReadOnlyDictionary<string, LabImage> Of(HostDescription host)
    {
        var files = new Dictionary<string, LabImage>(StringComparer.OrdinalIgnoreCase);
        foreach (var image in host.Images)
        {
            files.TryAdd(image.Path, image);
        }

        foreach (var vm in host.Vms)
        {
            var at = vm.StateChangedAt ?? vm.StartedAt ?? vm.CreatedAt;
            if (vm.FloppyImage is { } floppy)
            {
                files.TryAdd(floppy, new(floppy, new LabDiskFile { FileGb = 1.44 / 1024, ModifiedAt = vm.CreatedAt }));
            }

            foreach (var drive in vm.Controllers.SelectMany(c => c.Drives).Where(d => d.Image is not null))
            {
                files.TryAdd(drive.Image!, new(drive.Image!, drive.Kind == LabDriveKind.Dvd
                    ? drive.File with { FileGb = 4.7, ModifiedAt = vm.CreatedAt }
                    : drive.File with { ModifiedAt = drive.File.ModifiedAt ?? at }));
                foreach (Guid? node in vm.Checkpoints.Select(c => (Guid?)c.Id).Append(null).Where(n => drive.Kind == LabDriveKind.Disk && vm.Below(n) is not null))
                {
                    string layer = Layer(drive.Image!, node ?? vm.Id);
                    files.TryAdd(layer, new(layer, drive.File with
                    {
                        Type = LabDiskType.Differencing, Parent = vm.ImageOf(drive, vm.Below(node)), FileGb = (node is null ? vm.CheckpointFileGb : null) ?? 1 + (Ids.Of(layer).ToByteArray()[0] % 8), ModifiedAt = at,
                    }));
                }
            }
        }

        return files;
    }

    /// <summary>The checkpoint under a checkpoint, or under the running configuration.</summary>
    private static Guid? Below(this LabVm vm, Guid? checkpoint) =>
        checkpoint is { } id ? vm.Checkpoints.First(c => c.Id == id).ParentId : vm.RunsOn ?? vm.Checkpoints.LastOrDefault()?.Id;

    private static string Layer(string image, Guid node)
    {
        int dot = image.LastIndexOf('.');
        return $"{image[..dot]}_{Ids.Of($"layer/{image}/{node}").Upper()}.a{image[(dot + 1)..]}";
    }
}
