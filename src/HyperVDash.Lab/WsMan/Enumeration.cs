using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.WsMan;

/// <summary>An open enumeration: what is left to send and how.</summary>
internal sealed class Enumeration(Resource resource, string className, IReadOnlyList<LabInstance> rows, IReadOnlyList<string>? columns, string? mode)
{
    public Resource Resource { get; } = resource;

    public string ClassName { get; } = className;

    public IReadOnlyList<LabInstance> Rows { get; } = rows;

    public IReadOnlyList<string>? Columns { get; } = columns;

    /// <summary>Null, <c>EnumerateEPR</c> or <c>EnumerateObjectAndEPR</c>.</summary>
    public string? Mode { get; } = mode;

    /// <summary>Descriptions of classes instead of instances; null: instances.</summary>
    public IReadOnlyList<LabClass>? Classes { get; init; }

    /// <summary>How the descriptions are written.</summary>
    public ClassText ClassText { get; init; }

    public int Next { get; set; }

    /// <summary>How many replies it had, the first included.</summary>
    public int Replies { get; set; }

    /// <summary>Timestamp of the moment from which nobody has pulled it.</summary>
    public long KeptAt { get; set; }

    public bool IsOver => Next >= (Classes?.Count ?? Rows.Count);
}
