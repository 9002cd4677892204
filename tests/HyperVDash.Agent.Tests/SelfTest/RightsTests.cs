using System.Text.Json;
using HyperVDash.Agent.Commands;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Tests.SelfTest;

/// <summary>The table of rights, of lab hosts that let an account see less than all, over the wire.</summary>
public sealed class RightsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_namespace_that_is_denied_is_the_one_line_that_says_so_with_what_it_needs()
    {
        var (code, output) = await RunAsync("--only", "HV03", "--lab-fault", "HV03/root/Microsoft/Windows/SMB=denied");

        Assert.Equal(2, code);
        var denied = Assert.Single(Lines(output), l => l.StartsWith("DENIED", StringComparison.Ordinal));
        Assert.Matches(@"^DENIED     root/Microsoft/Windows/SMB +classes: HV03 .* denies access to MSFT_SmbConnection[^.]*\)\.$", denied);
        Assert.Equal("It needs Enable Account and Remote Enable on the namespace (wmimgmt.msc), and administrator rights.", Lines(output).SkipWhile(l => l != denied).Skip(1).First());
        string failed = Assert.Single(Lines(output), l => l.StartsWith("FAILED", StringComparison.Ordinal));
        Assert.StartsWith("FAILED  Every section is read: volumes partial", failed, StringComparison.Ordinal);
        Assert.Contains("The account needs Enable Account and Remote Enable on root/Microsoft/Windows/SMB (wmimgmt.msc), and administrator rights.", failed, StringComparison.Ordinal);
        Assert.DoesNotContain("Hyper-V Administrators", output[..output.IndexOf("What the account may ask", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Matches("allowed    root/virtualization/v2 +classes", output);
        Assert.Matches("allowed    root/default +methods", output);
        Assert.Matches("not there  root/MicrosoftNLB +classes", output);
    }

    [Fact]
    public async Task Every_line_of_the_page_is_in_the_table_and_on_a_host_that_shows_everything_none_is_denied()
    {
        var (code, output) = await RunAsync("--only", "HV03", "--format", "json");

        Assert.Equal(0, code);
        var report = JsonDocument.Parse(output).RootElement.EnumerateArray().Single();
        var rights = report.GetProperty("rights").EnumerateArray().ToList();
        Assert.Equal(NamespaceRight.All.Select(r => (r.Namespace, r.Asks, r.Needs)), rights.Select(r => (Text(r, "namespace"), Text(r, "asks"), Text(r, "needs"))));
        Assert.All(rights, r => Assert.True(Text(r, "state") is "allowed" or "absent" or "notAsked" or "unproven", r.ToString()));
        Assert.Equal("allowed", Text(rights.Single(r => Text(r, "asks") == "command lines of processes"), "state"));
        Assert.True(report.GetProperty("isWell").GetBoolean());
    }

    [Fact]
    public async Task A_print_server_that_shows_everything_is_denied_nothing_though_not_every_question_asks_for_command_lines()
    {
        var (code, output) = await RunAsync("--only", "HV07");

        Assert.DoesNotContain("DENIED", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task The_namespace_in_which_the_walk_knocks_may_be_denied_and_the_others_are_told_all_the_same()
    {
        var (code, output) = await RunAsync("--only", "HV03", "--format", "json", "--lab-fault", "HV03/root/cimv2=denied");

        Assert.Equal(2, code);
        var report = JsonDocument.Parse(output).RootElement.EnumerateArray().Single();
        Assert.Contains(report.GetProperty("steps").EnumerateArray(), s => Text(s, "step") == "wmi" && !s.GetProperty("isWell").GetBoolean() && Text(s, "meaning").Contains("Remote Enable on root/cimv2", StringComparison.Ordinal));
        Assert.Contains(report.GetProperty("steps").EnumerateArray(), s => Text(s, "step") == "hyperV" && s.GetProperty("isWell").GetBoolean());
        Assert.All(report.GetProperty("rights").EnumerateArray(), r => Assert.Equal(Text(r, "namespace") == "root/cimv2", Text(r, "state") == "denied"));
    }

    [Fact]
    public async Task Where_nothing_more_is_needed_the_way_into_the_namespace_is_what_lacks()
    {
        var (code, output) = await RunAsync("--only", "HV03", "--lab-fault", "HV03/root/StandardCimv2=denied");

        Assert.Equal(2, code);
        Assert.Single(Lines(output), l => l.StartsWith("DENIED     root/StandardCimv2", StringComparison.Ordinal));
        Assert.Contains("It needs Enable Account and Remote Enable on the namespace (wmimgmt.msc).", Lines(output));
    }

    [Fact]
    public async Task A_Hyper_V_that_shows_the_account_nothing_is_denied_though_no_error_says_so()
    {
        var (code, output) = await RunAsync("--only", "HV03", "--lab-fault", "HV03/Msvm_ComputerSystem=empty", "HV03/Msvm_VirtualSystemManagementService=empty");

        Assert.Equal(2, code);
        string denied = Assert.Single(Lines(output), l => l.StartsWith("DENIED", StringComparison.Ordinal));
        Assert.Matches("^DENIED     root/virtualization/v2 +classes: .*lists no Hyper-V objects for this account", denied);
        Assert.Contains(@"Given by: Add-LocalGroupMember -SID S-1-5-32-578 -Member DOMAIN\user", Lines(output));
    }

    [Fact]
    public async Task A_host_that_refuses_the_account_has_no_table_to_show()
    {
        var (code, output) = await RunAsync("--only", "HV03", "--lab-fault", "HV03=401");

        Assert.Equal(2, code);
        Assert.Contains("FAILED  WinRM answers and accepts the sign-in", output, StringComparison.Ordinal);
        Assert.DoesNotContain("root/", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HV03=401", "refused the user 'lab'", "Each way to sign in needs other settings and rights")]
    [InlineData("HV03=refuse", "closed the connection before it answered", "WinRM listens at port 5986 for https and at 5985 for http")]
    [InlineData("HV03=non-xml", "cannot be used", "WinRM listens at port 5986 for https and at 5985 for http")]
    public async Task The_advice_below_a_failed_sign_in_fits_how_it_failed(string fault, string sentence, string advice)
    {
        var (code, output) = await RunAsync("--only", "HV03", "--lab-fault", fault);

        Assert.Equal(2, code);
        string failed = Assert.Single(Lines(output), l => l.StartsWith("FAILED", StringComparison.Ordinal));
        Assert.Contains(sentence, failed, StringComparison.Ordinal);
        string below = Lines(output).SkipWhile(l => l != failed).Skip(1).First();
        Assert.StartsWith(advice, below, StringComparison.Ordinal);
        Assert.DoesNotContain("certificate is not trusted", below, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string[] Lines(string output) => [.. output.Split('\n').Select(l => l.Trim())];

    private static async Task<(int Code, string Output)> RunAsync(params string[] options)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        int code = await AgentCommands.RunAsync(["selftest", "--lab", "demo", "--lab-frozen", .. options], TimeProvider.System, output, errors, Stop);
        Assert.Equal("", errors.ToString());
        return (code, output.ToString());
    }
}
