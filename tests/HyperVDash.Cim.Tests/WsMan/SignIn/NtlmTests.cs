using System.Runtime.InteropServices;
using HyperVDash.Cim.WsMan;
using HyperVDash.Cim.WsMan.SignIn;
using static HyperVDash.Cim.Tests.WsMan.SignIn.Asking;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>NTLM over plain HTTP, our managed side against gss-ntlmssp.</summary>
public sealed class NtlmTests(Realm realm)
{
    private static readonly string Plugin = $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/gssntlmssp/gssntlmssp.so";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(@"LAB\reader")]
    [InlineData("reader@LAB")]
    public async Task Questions_and_answers_are_encrypted_both_ways_and_after_a_reconnect(string user)
    {
        await using var host = await PaperHost.OfAsync(Vm(new string('日', 400_000)), Vm("2"), Vm("3"));
        await using var acceptor = await StartAsync(host, "--close-after", "2");
        await using var session = new WsManSession(acceptor.As(user) with { SignIn = SignInWay.Ntlm }, TimeProvider.System);

        Assert.Equal([new string('日', 400_000)], await NamesAsync(session));
        Assert.Equal(["2"], await NamesAsync(session));
        Assert.Equal(["3"], await NamesAsync(session));

        var envelopes = acceptor.Events.Where(e => e.GetProperty("event").GetString() == "envelope").ToList();
        Assert.All(envelopes, e => Assert.Equal(("NTLM", 16, true), (e.GetProperty("mechanism").GetString(), e.GetProperty("header").GetInt32(), e.GetProperty("encrypted").GetBoolean())));
        Assert.Equal(3, envelopes.Count);
        Assert.Equal(2, acceptor.Story.Count(e => e == "signed-in"));
        Assert.DoesNotContain(acceptor.Events, e => e.TryGetProperty("clear", out var clear) && clear.GetBoolean());
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once_and_told()
    {
        await using var host = await PaperHost.OfAsync();
        await using var acceptor = await StartAsync(host);
        await using var session = new WsManSession(acceptor.As(@"LAB\reader", "verkehrt"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));
        var again = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));

        Assert.Equal((CimErrorKind.AccessDenied, error.Message), (error.Kind, again.Message));
        Assert.Contains(@"refused the user 'LAB\reader'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("verkehrt", error.ToString(), StringComparison.Ordinal);
        Assert.Single(acceptor.Story, "refused");
    }

    private async Task<Acceptor> StartAsync(PaperHost host, params string[] options)
    {
        await realm.OpenAsync(Plugin);
        string users = realm.PathOf("ntlm-users");
        await File.WriteAllTextAsync(users, $"LAB:reader:{Realm.Password}\n", Stop);
        return await Acceptor.StartAsync(realm, host.Url, options, environment: new Dictionary<string, string> { ["NTLM_USER_FILE"] = users });
    }
}
