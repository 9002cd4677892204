using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Web.Features.Guests;

/// <summary>Integration services in the words a page uses.</summary>
public static class ServiceWords
{
    public static string Of(IntegrationServiceKind kind) => kind switch
    {
        IntegrationServiceKind.Heartbeat => "Heartbeat", IntegrationServiceKind.KeyValueExchange => "Key-value exchange", IntegrationServiceKind.Shutdown => "Shutdown",
        IntegrationServiceKind.TimeSynchronization => "Time synchronization", IntegrationServiceKind.VolumeShadowCopy => "Volume shadow copy",
        IntegrationServiceKind.GuestServiceInterface => "Guest service interface", _ => "Unknown service",
    };

    public static string Answer(IntegrationService service, VirtualMachineState state) => service.State switch
    {
        IntegrationState.Ok => "OK", IntegrationState.Degraded => "another version", IntegrationState.Incompatible => "no common version", IntegrationState.NoContact => "no contact",
        IntegrationState.Lost => "contact lost", IntegrationState.Paused => "paused", _ => state == VirtualMachineState.Off ? "the VM is off" : "not said",
    };
}
