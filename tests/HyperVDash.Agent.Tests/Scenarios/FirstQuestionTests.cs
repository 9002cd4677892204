using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Agent.Tests.Scenarios;

public sealed class FirstQuestionTests
{
    [Fact]
    public async Task Method_of_a_host_that_was_asked_nothing_yet_answers()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var lab = await LabServer.StartAsync(LabScenarios.Build("healthy", TimeProvider.System, isFrozen: true).Hosts, new LabServerOptions(), TimeProvider.System, stop);
        await using var session = new WsManSession(new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab" }, TimeProvider.System);

        var reply = await session.InvokeAsync(new CimCall("root/default", "StdRegProv", "GetStringValue")
        {
            Arguments =
            [
                new("hDefKey", CimType.UInt32, 2147483650L),
                new("sSubKeyName", CimType.String, @"SOFTWARE\Microsoft\Windows NT\CurrentVersion"),
                new("sValueName", CimType.String, "BuildLabEx"),
            ],
        }, stop);

        Assert.Equal((0, "20348.1.amd64fre.fe_release.210507-1500"), (reply.ReturnValue, reply.Out.String("sValue")));
    }
}
