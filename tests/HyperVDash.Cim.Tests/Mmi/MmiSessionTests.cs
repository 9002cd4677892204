using HyperVDash.Cim.Mmi;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Cim.Tests.Mmi;

public sealed class MmiSessionTests
{
    private static readonly CimQuery Systems = new("root/virtualization/v2", "Msvm_ComputerSystem");

    [Fact]
    public async Task Off_Windows_a_query_says_which_door_to_use_instead()
    {
        await using var session = new MmiSession(new MmiTarget("HV01"), new FakeTimeProvider(), isWindows: () => false);

        var error = await Assert.ThrowsAsync<CimException>(() => session.QueryAsync(Systems, TestContext.Current.CancellationToken).FirstOrDefaultAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(CimErrorKind.Unreachable, error.Kind);
        Assert.Equal(
            "HV01 cannot be opened by the door mmi or dcom: Windows Management Infrastructure opens sessions on Windows only. "
            + "Here use the door wsman (WinRM over HTTPS), for example https://HV01:5986/wsman.",
            error.Message);
    }

    [Fact]
    public async Task Off_Windows_a_method_call_says_the_same()
    {
        await using var session = new MmiSession(new MmiTarget(null) { LocalName = "HV02" }, new FakeTimeProvider(), isWindows: () => false);

        var error = await Assert.ThrowsAsync<CimException>(
            () => session.InvokeAsync(new CimCall("root/default", "StdRegProv", "GetStringValue"), TestContext.Current.CancellationToken));

        Assert.StartsWith("HV02 cannot be opened", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://HV02:5986/wsman", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_asks_nothing_of_the_platform_until_a_question_comes()
    {
        bool wasAsked = false;
        await using (new MmiSession(new MmiTarget("HV01"), new FakeTimeProvider(), isWindows: () => wasAsked = true))
        {
        }

        Assert.False(wasAsked);
    }

    [Theory]
    [InlineData(null, true, "HERE")]
    [InlineData(".", true, "HERE")]
    [InlineData("LocalHost", true, "HERE")]
    [InlineData("HV01", false, "HV01")]
    public void Target_knows_this_computer(string? computer, bool isLocal, string name)
    {
        var target = new MmiTarget(computer) { LocalName = "HERE", User = "LAB\\admin", Password = "secret" };

        Assert.Equal((isLocal, name), (target.IsLocal, target.ToString()));
    }
}
