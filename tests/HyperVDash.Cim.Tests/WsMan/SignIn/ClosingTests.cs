using HyperVDash.Cim.WsMan;
using HyperVDash.Cim.WsMan.SignIn;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>A session that is closed while a question signs in, and a password that is refused after it was accepted.</summary>
public sealed class ClosingTests
{
    private static readonly WsManTarget Target = new(new Uri("http://hv01.lab.test:5985/wsman")) { SignIn = SignInWay.Kerberos };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handshake_outlives_the_desk_and_those_behind_it_are_told_that_it_is_closed()
    {
        var desk = new SignInDesk(Target, new SignInMemory(TimeProvider.System), TimeProvider.System);
        var underWay = new TaskCompletionSource();
        var first = desk.InTurnAsync(() => underWay.Task, Stop);
        var second = desk.InTurnAsync(() => Task.CompletedTask, Stop);

        desk.Dispose();
        underWay.SetResult();

        await first;
        Assert.Contains("was closed during the sign-in", (await Assert.ThrowsAsync<CimException>(() => second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_refused_twice_after_it_was_accepted_is_not_sent_again()
    {
        var refused = new PaperAnswer("") { Status = 401, Headers = new() { ["WWW-Authenticate"] = "Basic realm=\"WSMAN\"" } };
        await using var host = await PaperHost.OfAsync([new PaperAnswer(Asking.Vm("1")), refused, refused, new PaperAnswer(Asking.Vm("2"))]);
        await using var session = host.Open();

        Assert.Equal(["1"], await Asking.NamesAsync(session));
        for (int i = 0; i < 4; i++)
        {
            Assert.True((await Assert.ThrowsAsync<CimException>(() => Asking.NamesAsync(session))).IsSignIn);
        }

        Assert.Equal(3, host.Requests.Count);
    }

    [Fact]
    public async Task A_password_refused_once_between_answers_is_sent_again()
    {
        var refused = new PaperAnswer("") { Status = 401, Headers = new() { ["WWW-Authenticate"] = "Basic realm=\"WSMAN\"" } };
        await using var host = await PaperHost.OfAsync([new PaperAnswer(Asking.Vm("1")), refused, new PaperAnswer(Asking.Vm("2")), refused, new PaperAnswer(Asking.Vm("3"))]);
        await using var session = host.Open();

        Assert.Equal(["1"], await Asking.NamesAsync(session));
        await Assert.ThrowsAsync<CimException>(() => Asking.NamesAsync(session));
        Assert.Equal(["2"], await Asking.NamesAsync(session));
        await Assert.ThrowsAsync<CimException>(() => Asking.NamesAsync(session));
        Assert.Equal(["3"], await Asking.NamesAsync(session));
    }
}
