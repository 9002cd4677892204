using HyperVDash.Cim.WsMan;
using Microsoft.Extensions.Time.Testing;
using static HyperVDash.Cim.Tests.WsMan.SignIn.Asking;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>Kerberos over plain HTTP against a real KDC and an acceptor of MIT's.</summary>
public sealed class KerberosTests(Realm realm)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Questions_and_answers_are_encrypted_and_no_envelope_leaves_before()
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Envelopes.Started("uuid:A"), Envelopes.Pulled(Envelopes.Instance("Msvm_ComputerSystem", "<p:Name>日本</p:Name>"), null));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        Assert.Equal(["日本"], await NamesAsync(session));
        Assert.Equal(["token", "signed-in", "envelope", "envelope"], acceptor.Story);
        Assert.Equal("watcher@LAB.TEST", acceptor.Events[1].GetProperty("user").GetString());
        Assert.Equal(0, acceptor.Events[0].GetProperty("body").GetInt32());
        var sealedEnvelope = acceptor.Events[2];
        Assert.Equal((true, 60, 28), (sealedEnvelope.GetProperty("encrypted").GetBoolean(), sealedEnvelope.GetProperty("header").GetInt32(), sealedEnvelope.GetProperty("rotation").GetInt32()));
        Assert.Contains("Msvm_ComputerSystem", host.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_a_megabyte_arrives_whole()
    {
        await realm.OpenAsync();
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:x8} --Encrypted Boundary-- 日本\r\n"));
        await using var host = await PaperHost.OfAsync(Vm(text), Vm("after"));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        Assert.True(text.Length > 700_000);
        Assert.Equal([text.ReplaceLineEndings("\n")], (await NamesAsync(session)).Select(n => n!.ReplaceLineEndings("\n")));
        Assert.Equal(["after"], await NamesAsync(session));
        Assert.Single(acceptor.Story, "signed-in");
    }

    [Fact]
    public async Task A_host_that_closed_the_connection_is_signed_in_to_again_and_asked_again()
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Enumerable.Repeat(Vm("1"), 3));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url, ["--close-after", "1"]);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(["1"], await NamesAsync(session));
        }

        Assert.Equal(3, acceptor.Story.Count(e => e == "signed-in"));
        Assert.Equal(3, host.Requests.Count);
        Assert.DoesNotContain(acceptor.Events, e => e.TryGetProperty("clear", out var clear) && clear.GetBoolean());
    }

    [Fact]
    public async Task Questions_at_the_same_time_go_over_connections_of_their_own()
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Enumerable.Repeat(Vm("1"), 12));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => NamesAsync(session)));

        Assert.Equal(12, acceptor.Story.Count(e => e == "envelope"));
        Assert.InRange(acceptor.Story.Count(e => e == "signed-in"), 1, 4);
        Assert.DoesNotContain(acceptor.Story, e => e is "unreadable" or "refused" or "unknown");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task A_connection_closed_between_sign_in_and_question_is_no_wrong_password(int times, bool answers)
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Vm("1"), Vm("2"));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url, ["--close-signed-in", $"{times}"]);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        if (!answers)
        {
            var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));
            Assert.Equal(CimErrorKind.Unreachable, error.Kind);
        }

        // Nothing was refused, so nothing is kept from being tried.
        Assert.Equal(["1"], await NamesAsync(session));
        Assert.Equal(times + 1, acceptor.Story.Count(e => e == "signed-in"));
    }

    [Fact]
    public async Task A_host_that_offers_Kerberos_alone_gets_it_bare()
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Vm("1"));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url, ["--offer", "Kerberos"]);
        await using var tls = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        Assert.Equal(["1"], await NamesAsync(tls));
        Assert.Contains(acceptor.Events, e => e.GetProperty("event").GetString() == "token" && e.GetProperty("scheme").GetString() == "Kerberos");
    }

    [Fact]
    public async Task A_key_file_or_a_ticket_cache_does_instead_of_a_password()
    {
        await realm.OpenAsync();
        string cache = "FILE:" + realm.PathOf("watcher.tickets");
        await Tool.RunAsync("kinit", ["-c", cache, "watcher"], realm.Environment, Realm.Password + "\n");
        await using var host = await PaperHost.OfAsync(Vm("1"), Vm("2"));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url);
        await using var byKey = new WsManSession(new WsManTarget(acceptor.Url) { User = "watcher@LAB.TEST", Keytab = realm.UserKeytab }, TimeProvider.System);
        await using var byTicket = new WsManSession(new WsManTarget(acceptor.Url) { TicketCache = cache }, TimeProvider.System);

        Assert.Equal(["1"], await NamesAsync(byKey));
        Assert.Equal(["2"], await NamesAsync(byTicket));
    }

    [Fact]
    public async Task An_expired_ticket_of_ours_is_renewed_before_the_next_handshake()
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Enumerable.Repeat(Vm("1"), 2));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url, ["--close-after", "1"]);
        await using var session = new WsManSession(acceptor.As("brief@LAB.TEST"), TimeProvider.System);
        await NamesAsync(session);

        // Its tickets live 3 s.
        await Task.Delay(TimeSpan.FromSeconds(3.5), Stop);

        Assert.Equal(["1"], await NamesAsync(session));
        // Where everything takes long there may be more of them.
        Assert.True(realm.Log.Count(l => l.Contains("AS_REQ", StringComparison.Ordinal) && l.Contains("ISSUE", StringComparison.Ordinal) && l.Contains("brief@LAB.TEST", StringComparison.Ordinal)) >= 2);
    }

    [Fact]
    public async Task An_expired_ticket_of_somebody_else_is_told_with_the_way_to_renew_it()
    {
        await realm.OpenAsync();
        string cache = "FILE:" + realm.PathOf("old.tickets");
        await Tool.RunAsync("kinit", ["-l", "1s", "-c", cache, "watcher"], realm.Environment, Realm.Password + "\n");
        await Task.Delay(TimeSpan.FromSeconds(1.5), Stop);

        var error = await RefusedAsync(url => new WsManTarget(url) { TicketCache = cache });

        Assert.Equal(CimErrorKind.AccessDenied, error.Kind);
        Assert.Contains("The Kerberos ticket of the account that runs the agent has expired", error.Message, StringComparison.Ordinal);
        Assert.Contains("kinit", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watcher@LAB.TEST", "falsch", CimErrorKind.AccessDenied, "refuses the password of the user 'watcher@LAB.TEST'")]
    [InlineData("nobody@LAB.TEST", "falsch", CimErrorKind.AccessDenied, "does not know the user 'nobody@LAB.TEST'")]
    [InlineData("locked@LAB.TEST", Realm.Password, CimErrorKind.AccessDenied, "disabled, locked or expired")]
    [InlineData("overdue@LAB.TEST", Realm.Password, CimErrorKind.AccessDenied, "has expired in the domain")]
    [InlineData("watcher@DOWN.TEST", Realm.Password, CimErrorKind.Unreachable, "No domain controller of DOWN.TEST answers")]
    [InlineData("watcher@NOWHERE.TEST", Realm.Password, CimErrorKind.Unreachable, "knows no domain controller of NOWHERE.TEST")]
    public async Task A_failed_sign_in_says_what_is_wrong(string user, string password, CimErrorKind kind, string sentence)
    {
        await realm.OpenAsync();

        var error = await RefusedAsync(url => new WsManTarget(url) { User = user, Password = password });

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Equal(kind, error.Kind);
        Assert.DoesNotContain(password, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/nowhere.lab.test", "does not know the service HTTP/nowhere.lab.test")]
    [InlineData("HTTP/elsewhere@LAB.TEST", "belongs to another account")]
    public async Task A_name_that_is_not_the_hosts_is_told_with_Spn_as_the_way_out(string spn, string sentence)
    {
        await realm.OpenAsync();

        var error = await RefusedAsync(url => new WsManTarget(url) { User = "watcher@LAB.TEST", Password = Realm.Password, Spn = spn });

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Contains("Spn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_user_and_ticket_the_sentence_names_every_way_to_have_one()
    {
        await realm.OpenAsync();

        var error = await RefusedAsync(url => new WsManTarget(url));

        Assert.Contains("holds no Kerberos ticket", error.Message, StringComparison.Ordinal);
        Assert.Contains("KRB5_CLIENT_KTNAME", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+20m")]
    [InlineData("-20m")]
    public async Task A_host_whose_clock_is_wrong_is_told_with_both_times(string clock)
    {
        await realm.OpenAsync("faketime");
        await using var host = await PaperHost.OfAsync();
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url, clock: clock);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));

        Assert.Contains($"The clock of {acceptor.Url} says", error.Message, StringComparison.Ordinal);
        Assert.Contains("w32tm /resync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_password_is_tried_once_for_many_questions_and_again_after_a_minute()
    {
        await realm.OpenAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await PaperHost.OfAsync();
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST", "verkehrt"), time);
        int before = Failures();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Assert.ThrowsAsync<CimException>(() => NamesAsync(session))));
        int after = Failures();
        time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));

        Assert.Equal((1, 2), (after - before, Failures() - before));
        Assert.Empty(acceptor.Events);

        int Failures() => realm.Log.Count(l => l.Contains("PREAUTH_FAILED", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--answer-in-clear", "it came in clear")]
    [InlineData("--spoil", "was changed on its way")]
    [InlineData("--no-final-token", "without proving that it is HTTP/localhost")]
    public async Task A_host_that_does_not_keep_to_the_sign_in_is_not_believed(string option, string sentence)
    {
        await realm.OpenAsync();
        await using var host = await PaperHost.OfAsync(Vm("1"));
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url, [option]);
        await using var session = new WsManSession(acceptor.As("watcher@LAB.TEST"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    private async Task<CimException> RefusedAsync(Func<Uri, WsManTarget> target)
    {
        await using var host = await PaperHost.OfAsync();
        await using var acceptor = await Acceptor.StartAsync(realm, host.Url);
        await using var session = new WsManSession(target(acceptor.Url), TimeProvider.System);
        var error = await Assert.ThrowsAsync<CimException>(() => NamesAsync(session));
        Assert.DoesNotContain("signed-in", acceptor.Story);
        Assert.Empty(host.Requests);
        return error;
    }
}
