using HyperVDash.Agent.Collect;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>Readings of a demo host over the real protocol: first well, then with a fault.</summary>
internal static class DemoReading
{
    public static async Task<(HostReading Well, HostReading Faulty)> OfAsync(string host, params string[] faults)
    {
        var stop = TestContext.Current.CancellationToken;
        var demo = LabScenarios.Build("demo", TimeProvider.System, isFrozen: true);
        await using var lab = await LabServer.StartAsync([demo.Hosts.Single(h => h.Name == host)], new LabServerOptions(), TimeProvider.System, stop);
        var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab" };
        await using var collector = new HostCollector(host, "wsman", Origin.Lab, host, () => new WsManSession(target, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
        string[] all = [.. collector.Current.Sections().Select(s => s.Name)];
        var well = await collector.ReadAsync(all, stop);
        foreach (string fault in faults)
        {
            lab.Faults.Set(LabFault.Parse(fault));
        }

        return (well, await collector.ReadAsync(all, stop));
    }
}
