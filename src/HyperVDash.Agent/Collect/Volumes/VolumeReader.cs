using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Units;
using HyperVDash.Model.Volumes;

namespace HyperVDash.Agent.Collect.Volumes;

/// <summary>Where VM files can lie: fixed volumes, the disks under them, and the shares the host has open.</summary>
internal sealed class VolumeReader() : SectionReader<VolumeList>("volumes", r => r.Volumes, (r, s) => r with { Volumes = s })
{
    private static readonly TableQuery Fixed = new("root/cimv2", "Win32_Volume", "DeviceID", "Name", "DriveLetter", "Label", "FileSystem", "Capacity", "FreeSpace", "BlockSize")
    {
        Where = "DriveType=3",
        Identity = "DeviceID",
        IsNeverEmpty = true,
    };

    private static readonly TableQuery Connections = new("root/Microsoft/Windows/SMB", "MSFT_SmbConnection", "ServerName", "ShareName", "Dialect", "ContinuouslyAvailable") { Identity = "ServerName" };

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Fixed, Plan.Os, Connections, .. HostDiskReader.Queries(host)];

    protected override SectionResult<VolumeList> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var volumes = tables[Fixed];
        var os = tables[Plan.Os];
        var connections = tables[Connections];
        if (volumes.Error is { } error)
        {
            return SectionResult<VolumeList>.Failed(error);
        }

        string? systemDrive = os.Rows.FirstOrDefault()?.String("SystemDrive");
        var (disks, gaps) = HostDiskReader.Read(tables, sources.Host);
        return SectionResult<VolumeList>.Read(new()
        {
            Items = [.. volumes.Rows.Select(r => Volume(r, systemDrive)).OrderBy(v => v.Path ?? "~", StringComparer.OrdinalIgnoreCase).ThenBy(v => v.Id, StringComparer.OrdinalIgnoreCase)],
            Disks = disks,
            SmbConnections = connections.IsKnown
                ?
                [
                    .. connections.Rows.Select(Connection).OfType<SmbConnection>().Distinct()
                        .OrderBy(c => c.Server, StringComparer.OrdinalIgnoreCase).ThenBy(c => c.Share, StringComparer.OrdinalIgnoreCase).ThenBy(c => c.Dialect, StringComparer.Ordinal),
                ]
                : null,
        }, [.. gaps, Outcome.Gap("SMB connections", connections), os.IsRead ? null : $"system drive: {os.Error!.Message}"]);
    }

    private static Volume Volume(CimRow row, string? systemDrive)
    {
        string id = Text.Cut(row.String("DeviceID"))!;
        string? path = Text.Cut(row.String("Name"));
        string? letter = row.String("DriveLetter");
        return new(id)
        {
            // A volume without a mount point is named like its id.
            Path = id.Equals(path, StringComparison.OrdinalIgnoreCase) ? null : path,
            Label = Text.Cut(row.String("Label")) is { Length: > 0 } label ? label : null,
            FileSystem = Text.Cut(row.String("FileSystem")),
            Size = Size(row.UInt64("Capacity")),
            Free = Size(row.UInt64("FreeSpace")),
            AllocationUnit = row.Int64("BlockSize"),
            IsSystem = systemDrive is null ? null : systemDrive.Equals(letter, StringComparison.OrdinalIgnoreCase),
        };
    }

    private static SmbConnection? Connection(CimRow row) => Text.Cut(row.String("ServerName")) is { } server && Text.Cut(row.String("ShareName")) is { } share
        ? new(server, share, Text.Cut(row.String("Dialect"))) { IsContinuouslyAvailable = row.Boolean("ContinuouslyAvailable") }
        : null;

    internal static ByteSize? Size(ulong? bytes) => bytes is <= long.MaxValue ? new ByteSize((long)bytes.Value) : null;
}
