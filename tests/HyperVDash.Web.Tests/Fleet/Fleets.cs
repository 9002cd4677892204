using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>Small fleets to vary.</summary>
internal static class Fleets
{
    public static FleetView Of(params HostReading[] hosts) => new(Sample.Now, [], [.. hosts], [], [], hosts.Length);

    public static FleetView With(this HostReading host, params Finding[] findings) => new(Sample.Now, [], [host], [.. findings], [], 1);

    public static HostReading Named(string name, params VirtualMachine[] vms) => Sample.Host with
    {
        Key = name,
        Name = name,
        Id = $"33333333-3333-3333-3333-333333333333-{name.ToLowerInvariant()}",
        ComputerSystem = Sample.Read(Sample.Host.ComputerSystem.Content! with { NetBiosName = name }),
        VirtualMachines = Sample.Read(new VirtualMachineList { Items = [.. vms] }),
    };

    public static VirtualMachine Vm(int number, string name, VirtualMachineState state = VirtualMachineState.Running) =>
        Sample.Vm with { Id = new Guid(number, 0, 0, new byte[8]), Name = name, State = state };

    public static Finding Finding(Severity severity, ObjectRef subject, string rule = "HVD401") =>
        new($"{rule}-{severity}-{subject.Id}".ToLowerInvariant(), rule, "a", severity, subject) { Title = $"{subject.Name} is not right", FirstSeen = Sample.Now, LastSeen = Sample.Now };

    public static ObjectRef Ref(VirtualMachine vm, HostReading? host = null) => new(ObjectKind.VirtualMachine, vm.Id.ToString(), vm.Name, (host ?? Sample.Host).Id);

    public static ObjectRef Ref(HostReading host) => new(ObjectKind.Host, host.Id!, host.Name, host.Id);

    public static AgentLink Agent(bool isConnected, params HostReading[] hosts) =>
        new("lab agent", new Uri("http://127.0.0.1:1/"), Sample.Now, isConnected, isConnected ? null : "Connection refused.") { HostIds = [.. hosts.Select(h => h.Id!)] };
}
