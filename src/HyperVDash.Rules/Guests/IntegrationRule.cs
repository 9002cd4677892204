using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Guests;

/// <summary>What the rules share that judge integration services as a whole.</summary>
public abstract class IntegrationRule : OneVerdictRule<VirtualMachineSubject>
{
    private protected static ImmutableArray<Evidence> Evidence(VirtualMachineSubject subject) =>
    [
        Fact(subject.Host, "guests", "Heartbeat", $"{subject.Guest?.Heartbeat}{(subject.Guest?.HeartbeatCode is { } code ? $" ({code})" : "")}", "Ok", "Msvm_HeartbeatComponent.OperationalStatus"),
        Fact(subject.Host, "guests", "Key-value exchange", $"{subject.Guest?.KeyValueExchange}", "Ok", "Msvm_KvpExchangeComponent"),
        Fact(subject.Host, "virtualMachines", "Running since", subject.Vm.StartedAt?.ToString("u"), null, "Msvm_ComputerSystem.OnTimeInMilliseconds"),
        Fact(subject.Host, "guests", "Guest system", subject.Guest?.OsName ?? "not said"),
    ];

    private protected static Remedy Install(VirtualMachineSubject subject) => subject.Host.Profile switch
    {
        { Profile.PowerShell: false } => new($"Connect to {subject.Vm.Name}, choose Action, Insert Integration Services Setup Disk, and install in the guest.") { Risk = RemedyRisk.Online },
        { } match when !match.IsFrom("2016") => new("Insert the integration services disc and run its setup in the guest.")
        {
            Commands = [PowerShell.Line($@"Set-VMDvdDrive -ComputerName {subject.Host} -VMName {subject.Vm.Name} -Path C:\Windows\System32\vmguest.iso")],
            Risk = RemedyRisk.Online,
        },
        _ => new("Run Windows Update in the guest; on Linux install the distribution's Hyper-V modules and daemons.") { Risk = RemedyRisk.Online },
    };

    /// <summary>An example: the sample VM with this guest, running so long.</summary>
    private protected static VirtualMachineSubject Vm(Guest? guest, string release = "2022", int minutes = 90, bool isClustered = false, params Drive[] drives)
    {
        var host = Given.Host(release).With(Sample.Vm with { StartedAt = Sample.Now.AddMinutes(-minutes) }).With(drives.Length == 0 ? [Sample.Disk] : drives);
        host = guest is null ? host.With(Array.Empty<Guest>()) : host.With(guest);
        return (isClustered ? host.WithClusteredVm() : host).Vm();
    }
}
