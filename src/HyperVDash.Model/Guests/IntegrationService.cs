namespace HyperVDash.Model.Guests;

/// <summary>One integration service of one VM.</summary>
/// <param name="IsEnabled">EnabledState 2; null: the host did not say.</param>
public sealed record IntegrationService(IntegrationServiceKind Kind, bool? IsEnabled, IntegrationState State)
{
    /// <summary>OperationalStatus[0] as it came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>
    /// Switched on in the VM's settings (Msvm_*ComponentSettingData.EnabledState), known for VMs that are off too; null: the host did not say.
    /// </summary>
    public bool? IsConfigured { get; init; }
}

public enum IntegrationServiceKind { Unknown, Heartbeat, KeyValueExchange, Shutdown, TimeSynchronization, VolumeShadowCopy, GuestServiceInterface }

/// <summary>How the guest answers an integration service.</summary>
public enum IntegrationState
{
    /// <summary>Not read, or the release's number says nothing.</summary>
    Unknown,
    Ok,

    /// <summary>The guest speaks another compatible version (3).</summary>
    Degraded,

    /// <summary>No common version (7).</summary>
    Incompatible,

    /// <summary>Never any contact since start (12).</summary>
    NoContact,

    /// <summary>Contact was there and is lost (13).</summary>
    Lost,

    /// <summary>The VM is paused (15).</summary>
    Paused,
}
