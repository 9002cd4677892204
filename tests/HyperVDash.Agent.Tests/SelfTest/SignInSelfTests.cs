using HyperVDash.Cim.Tests.WsMan.SignIn;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.WsMan;

namespace HyperVDash.Agent.Tests.SelfTest;

/// <summary>The agent's own program walks to a host of the demo that wants Kerberos; credentials come from its environment, as in service.</summary>
public sealed class SignInSelfTests(Realm realm)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a password from the environment", new[] { "--user", "watcher@LAB.TEST", "--password-env", "HV_PASSWORD" }, "HV_PASSWORD", Realm.Password)]
    [InlineData("a key file of the system", new string[0], "KRB5_CLIENT_KTNAME", "{keytab}")]
    [InlineData("a ticket cache of the system", new string[0], "KRB5CCNAME", "{tickets}")]
    public async Task A_host_is_read_to_its_last_section_with(string what, string[] options, string variable, string value)
    {
        await using var lab = await LabAsync();
        await using var acceptor = await AcceptorAsync(lab);
        if (value == "{tickets}")
        {
            await Tool.RunAsync("kinit", ["-c", realm.PathOf("fresh"), "watcher"], realm.Environment, Realm.Password + "\n");
        }

        string output = await WalkAsync(acceptor, options, variable, value);

        Assert.True(output.Contains("ok      Every section is read", StringComparison.Ordinal), $"{what}: {output}");
        Assert.DoesNotContain(Realm.Password, output, StringComparison.Ordinal);
        Assert.All(acceptor.Events.Where(e => e.GetProperty("event").GetString() == "envelope"), e => Assert.True(e.GetProperty("encrypted").GetBoolean()));
    }

    [Theory]
    [InlineData("refuses the password of the user 'watcher@LAB.TEST'", new[] { "--user", "watcher@LAB.TEST", "--password-env", "HV_PASSWORD" }, "HV_PASSWORD", "falsch")]
    [InlineData("No domain controller of DOWN.TEST answers", new[] { "--user", "watcher@DOWN.TEST", "--password-env", "HV_PASSWORD" }, "HV_PASSWORD", "x")]
    [InlineData("has expired", new string[0], "KRB5CCNAME", "{old}")]
    [InlineData("The clock of", new[] { "--user", "watcher@LAB.TEST", "--password-env", "HV_PASSWORD" }, "HV_PASSWORD", Realm.Password, "-20m")]
    [InlineData("User as name@REALM (Kerberos)", new[] { "--user", "reader", "--password-env", "HV_PASSWORD" }, "HV_PASSWORD", "x")]
    public async Task The_sign_in_is_the_step_that_fails_and_its_sentence_says_why(string sentence, string[] options, string variable, string value, string? clock = null)
    {
        await using var lab = await LabAsync();
        await using var acceptor = await AcceptorAsync(lab, clock);
        if (value == "{old}")
        {
            await Tool.RunAsync("kinit", ["-l", "1s", "-c", realm.PathOf("old"), "watcher"], realm.Environment, Realm.Password + "\n");
            await Task.Delay(TimeSpan.FromSeconds(1.5), Stop);
        }

        string output = await WalkAsync(acceptor, options, variable, value);

        string failed = Assert.Single(output.Split('\n'), line => line.Contains("FAILED", StringComparison.Ordinal));
        Assert.Contains("WinRM answers and accepts the sign-in: ", failed, StringComparison.Ordinal);
        Assert.Contains(sentence, failed, StringComparison.Ordinal);
    }

    private async Task<LabServer> LabAsync()
    {
        await realm.OpenAsync("faketime");
        return await LabServer.StartAsync(
            [LabScenarios.Build("demo", TimeProvider.System, isFrozen: true).Hosts.Single(h => h.Name == "HV03")], new LabServerOptions(), TimeProvider.System, Stop);
    }

    private Task<Acceptor> AcceptorAsync(LabServer lab, string? clock = null) => Acceptor.StartAsync(realm, lab.Addresses[0].Url, ["--basic", "lab:lab"], clock);

    private Task<string> WalkAsync(Acceptor acceptor, string[] options, string variable, string value)
    {
        string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
        var environment = new Dictionary<string, string>(realm.Environment)
        {
            [variable] = value.Replace("{keytab}", realm.UserKeytab, StringComparison.Ordinal)
                .Replace("{tickets}", "FILE:" + realm.PathOf("fresh"), StringComparison.Ordinal).Replace("{old}", "FILE:" + realm.PathOf("old"), StringComparison.Ordinal),
        };
        if (variable == "KRB5_CLIENT_KTNAME")
        {
            environment["KRB5CCNAME"] = "MEMORY:";
        }

        return Tool.RunAsync("dotnet",
            [
                "exec", "--runtimeconfig", Beside("HyperVDash.Agent.Tests.runtimeconfig.json"), "--depsfile", Beside("HyperVDash.Agent.Tests.deps.json"),
                Beside("HyperVDash.Agent.dll"), "selftest", "--host", acceptor.Url.AbsoluteUri, .. options,
            ], environment, mayFail: true);
    }
}
