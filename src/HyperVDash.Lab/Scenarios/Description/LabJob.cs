namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Something the management service is doing.</summary>
/// <param name="VmId">Null: of the host, or of a VM it does not name.</param>
public sealed record LabJob(Guid Id, Guid? VmId, LabJobKind Kind = LabJobKind.Concrete)
{
    public int Percent { get; init; } = 40;

    /// <summary>4 running, 7 completed, 10 exception.</summary>
    public int State { get; init; } = 4;

    public int Type { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The association names the VM's settings and not the VM.</summary>
    public bool NamesSettings { get; init; }
}

/// <summary>The class a job is of.</summary>
public enum LabJobKind { Concrete, Migration, Storage }
