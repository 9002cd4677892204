using System.Globalization;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>The image files of a host in the list of files, and the methods of the image service that read their headers.</summary>
internal sealed class DiskMethods(HostTables t)
{
    private const string Service = "Msvm_ImageManagementService";
    private const long NotFound = 32779;
    private const long Loops = 32787;
    private const long ParentNotFound = 0xC03A000D;

    private readonly IReadOnlyDictionary<string, LabImage> _files = LabFiles.Of(t.Description);
    private readonly HashSet<(string, string)> _jobs = [];

    public void Register()
    {
        foreach (var image in _files.Values.Where(i => !i.File.IsMissing && i.Path.Length > 2 && i.Path[1] == ':'))
        {
            WriteFile(image);
        }

        if (t.HasV1)
        {
            t.Host.Answer(Service, "GetVirtualHardDiskInfo", call => Header(call, image => ("Info", Info(image))));
        }

        if (t.HasV2)
        {
            t.Host.Answer(Service, "GetVirtualHardDiskSettingData", call => Header(call, image => ("SettingData", Setting(image))));
            t.Host.Answer(Service, "GetVirtualHardDiskState", call => Header(call, image => ("State", State(image))));
        }

        t.Host.Answer(Service, "ValidateVirtualHardDisk", call => Refused(call, ChainCode(call.Text("Path"))) ?? new LabAnswer(0, ("Job", null)));
    }

    private void WriteFile(LabImage image)
    {
        string path = image.Path.ToLowerInvariant();
        int slash = path.LastIndexOf('\\');
        int dot = path.LastIndexOf('.');
        t.Add(HostTables.Cimv2, new("CIM_DataFile")
        {
            ["Name"] = path, ["Caption"] = path, ["Drive"] = path[..2], ["Path"] = path[2..(slash + 1)], ["FileName"] = path[(slash + 1)..dot], ["Extension"] = path[(dot + 1)..],
            ["CreationDate"] = image.File.ModifiedAt, ["LastModified"] = image.File.ModifiedAt, ["FileSize"] = image.FileBytes, ["Readable"] = true,
            ["Writeable"] = !image.File.IsReadOnly, ["Compressed"] = image.File.IsCompressed, ["Encrypted"] = image.File.IsEncrypted,
        });
    }

    private LabAnswer Header(LabCall call, Func<LabImage, (string Name, string Text)> header)
    {
        var image = _files.GetValueOrDefault(call.Text("Path") ?? "");
        long? code = image is null or { File.IsMissing: true } ? NotFound : image.IsDisk ? image.File.HeaderCode : 32773;
        return Refused(call, code) ?? Answer(header(image!));
    }

    private static LabAnswer Answer((string Name, string Text) header) => new(0, (header.Name, header.Text), ("Job", null));

    /// <summary>Codes of 16 bits are the answer itself; longer ones stand in the text of a job that failed.</summary>
    private LabAnswer? Refused(LabCall call, long? code)
    {
        if (code is null or <= ushort.MaxValue)
        {
            return code is { } number ? new LabAnswer(number) : null;
        }

        string cimNamespace = call.Namespace.Length > 0 ? call.Namespace : t.HasV2 ? HostTables.V2 : HostTables.V1;
        string id = Ids.Of($"job/{call.Method}/{call.Text("Path")}").Upper();
        if (_jobs.Add((cimNamespace, id)))
        {
            t.Add(cimNamespace, new("Msvm_StorageJob")
            {
                ["InstanceID"] = id, ["JobState"] = 10, ["ErrorCode"] = 32768, ["ErrorDescription"] = string.Create(CultureInfo.InvariantCulture, $"'{call.Text("Path")}' (0x{code:X8})."),
                ["PercentComplete"] = 0, ["JobType"] = 0, ["HealthState"] = 5,
            });
        }

        return new LabAnswer(4096, ("Job", new LabReference("Msvm_StorageJob", ("InstanceID", id))));
    }

    private long? ChainCode(string? path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (string? file = path; file is not null; file = _files[file].File.Parent)
        {
            if (!_files.TryGetValue(file, out var image) || image.File.IsMissing)
            {
                return file == path ? NotFound : ParentNotFound;
            }

            if (!seen.Add(file))
            {
                return Loops;
            }

            if (image.File.ChainCode is { } code)
            {
                return code;
            }
        }

        return null;
    }

    private string Setting(LabImage image) => t.Embedded("Msvm_VirtualHardDiskSettingData",
    [
        ("BlockSize", "uint32", image.File.Type == LabDiskType.Fixed ? "0" : "33554432"), ("Format", "uint16", Format(image.Path)), ("LogicalSectorSize", "uint32", "512"),
        ("MaxInternalSize", "uint64", $"{image.MaximumBytes}"), ("ParentPath", "string", image.File.Parent), ("Path", "string", image.Path),
        ("PhysicalSectorSize", "uint32", $"{image.File.PhysicalSectorSize}"), ("Type", "uint16", $"{(int)image.File.Type}"),
        .. t.Since("2012R2") ? new (string, string, string?)[] { ("VirtualDiskId", "string", Ids.Of($"disk/{image.Path.ToUpperInvariant()}").Upper()) } : [],
    ]);

    private string State(LabImage image) => t.Embedded("Msvm_VirtualHardDiskState",
        [("Alignment", "uint32", "1"), ("FileSize", "uint64", $"{image.FileBytes}"), ("FragmentationPercentage", "uint32", "3"), ("InUse", "boolean", "FALSE"), ("PhysicalSectorSize", "uint32", "4096")]);

    private string Info(LabImage image) => t.Embedded("Msvm_VirtualHardDiskInfo",
    [
        ("FileSize", "uint64", $"{image.FileBytes}"), ("InSavedState", "boolean", "FALSE"), ("InUse", "boolean", IsMounted(image) ? "TRUE" : "FALSE"),
        ("MaxInternalSize", "uint64", $"{image.MaximumBytes}"), ("ParentPath", "string", image.File.Parent), ("Type", "uint16", $"{(int)image.File.Type}"),
    ]);

    /// <summary>Before 2008 R2 a disk of a running VM counts as mounted.</summary>
    private bool IsMounted(LabImage image) => !t.Since("2008R2")
        && t.Description.Vms.Any(v => v.HasWorker && v.Controllers.SelectMany(c => c.Drives).Any(d => image.Path.Equals(v.ImageOf(d), StringComparison.OrdinalIgnoreCase)));

    private static string Format(string path) => path.EndsWith(".vhds", StringComparison.OrdinalIgnoreCase) ? "4" : path.EndsWith('x') || path.EndsWith('X') ? "3" : "2";
}
