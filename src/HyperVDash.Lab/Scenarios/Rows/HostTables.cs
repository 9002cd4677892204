using System.Security;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Turns a described host into the rows and methods of its release.</summary>
internal sealed class HostTables(LabHost host, HostDescription description, LabDescription lab)
{
    public const string Cimv2 = "root/cimv2";
    public const string V1 = "root/virtualization";
    public const string V2 = "root/virtualization/v2";

    private readonly List<Action<DateTimeOffset>> _moving = [];
    private readonly List<Action<DateTimeOffset>> _happening = [];

    public LabHost Host { get; } = host;

    public HostDescription Description { get; } = description;

    public LabDescription Lab { get; } = lab;

    public LabWords Words => Description.Locale.Words;

    /// <summary>Replaces all rows of the host.</summary>
    public static HostTables Write(LabHost host, HostDescription description, LabDescription lab)
    {
        var tables = new HostTables(host, description, lab);
        host.Clear();
        WindowsRows.Write(tables);
        PhysicalNetworkRows.Write(tables);
        IpRows.Write(tables);
        CounterRows.Write(tables);
        PrintRows.Write(tables);
        LoadBalancingRows.Write(tables);
        DnsRows.Write(tables);
        new RegistryMethods(tables).Register();
        if (description.Cluster is not null)
        {
            ClusterRows.Write(tables);
        }

        if (tables.HasV1)
        {
            new Version1.VmRows(tables).Write();
            Version1.SwitchRows.Write(tables);
        }

        if (tables.HasV2)
        {
            new Version2.VmRows(tables).Write();
            Version2.SwitchRows.Write(tables);
        }

        if (description.HasHyperV)
        {
            ServiceRows.Write(tables);
            new DiskMethods(tables).Register();
            JobRows.Write(tables);
            new SummaryMethod(tables).Register();
            new ReplicationMethod(tables).Register();
        }

        return tables;
    }

    public bool HasV1 => Host.HasNamespace(V1);

    public bool HasV2 => Host.HasNamespace(V2);

    /// <summary>The host's release is this one or newer.</summary>
    public bool Since(string release) => LabRelease.Keys.IndexOf(Host.Release.Key) >= LabRelease.Keys.IndexOf(release);

    public LabInstance Add(string cimNamespace, LabInstance row)
    {
        Host.Add(cimNamespace, row);
        return row;
    }

    /// <summary>A path in a text property.</summary>
    public string Path(string cimNamespace, string className, params IReadOnlyList<(string, string)> keys) =>
        new LabReference(className, keys).ToPath(Description.Name.ToUpperInvariant(), cimNamespace);

    /// <summary>Keeps a value that moves with the clock.</summary>
    public void Moves(Action<DateTimeOffset> move) => _moving.Add(move);

    /// <summary>Values that depend on what goes on, and stand still in a frozen lab.</summary>
    public void Happens(Action<DateTimeOffset> move) => _happening.Add(move);

    /// <param name="clock">What the host's clock says.</param>
    /// <param name="told">The instant whose happenings are told; a frozen lab's is its start.</param>
    public void MoveTo(DateTimeOffset clock, DateTimeOffset told)
    {
        foreach (var move in _moving)
        {
            move(clock);
        }

        foreach (var move in _happening)
        {
            move(told);
        }
    }

    /// <summary>An embedded instance as text, in the form of the release.</summary>
    public string Embedded(string className, (string Name, string Type, string? Value)[] values) => Since("2022")
        ? $"<p:{className} xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/{className}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
            + string.Concat(values.Select(v => v.Value is null ? $"<p:{v.Name} xsi:nil=\"true\"/>" : $"<p:{v.Name}>{SecurityElement.Escape(v.Value)}</p:{v.Name}>")) + $"</p:{className}>"
        : $"<INSTANCE CLASSNAME=\"{className}\">"
            + string.Concat(values.Select(v => $"<PROPERTY NAME=\"{v.Name}\" TYPE=\"{v.Type}\">{(v.Value is null ? "" : $"<VALUE>{SecurityElement.Escape(v.Value)}</VALUE>")}</PROPERTY>")) + "</INSTANCE>";
}
