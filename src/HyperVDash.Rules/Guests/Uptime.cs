using HyperVDash.Model.Guests;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Guests;

/// <summary>What guest rules ask before they look at integration services.</summary>
internal static class Uptime
{
    /// <summary>Null if the VM runs long enough to judge its guest; otherwise the verdict.</summary>
    public static Verdict? Gate(VirtualMachineSubject subject, RuleContext context)
    {
        if (subject.Vm.State != VirtualMachineState.Running)
        {
            return subject.Vm.State == VirtualMachineState.Unknown
                ? new Verdict.Unknown("virtualMachines", "The host did not say the VM's state.")
                : Verdict.NotFor("The VM is not running.");
        }

        return subject.Vm.StartedAt is not { } startedAt
            ? new Verdict.Unknown("virtualMachines", "The host did not say since when the VM runs.")
            // A guest that still boots has shown nothing yet; that is right.
            : context.Reached(startedAt + context.Settings.GuestBootTime) ? null : Verdict.Passed;
    }

    /// <summary>Neither heartbeat nor key-value exchange ever had contact; null if the host's numbers cannot tell.</summary>
    public static bool? IsSilent(VirtualMachineSubject subject) => subject.Guest switch
    {
        null => null,
        { Heartbeat: IntegrationState.Ok or IntegrationState.Degraded or IntegrationState.Lost or IntegrationState.Paused } => false,
        { KeyValueExchange: IntegrationState.Ok or IntegrationState.Degraded or IntegrationState.Lost } => false,
        { Heartbeat: IntegrationState.Incompatible or IntegrationState.NoContact, KeyValueExchange: IntegrationState.NoContact } => true,
        // On 2008 the heartbeat's word comes from a number that tells by itself.
        { Heartbeat: IntegrationState.NoContact } when subject.Host.Profile?.IsFrom("2008R2") == false => true,
        _ => null,
    };

    public static Verdict.Unknown CannotTell(Guest? guest) => new("guests", guest is null
        ? "The host lists no integration components for this VM."
        : $"Heartbeat {guest.Heartbeat}{(guest.HeartbeatCode is null ? "" : $" ({guest.HeartbeatCode})")}, key-value exchange {guest.KeyValueExchange}: together they do not tell.");
}
