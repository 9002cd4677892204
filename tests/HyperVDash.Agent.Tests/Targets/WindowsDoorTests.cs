using HyperVDash.Agent.Targets;
using HyperVDash.Cim.Mmi;

namespace HyperVDash.Agent.Tests.Targets;

public sealed class WindowsDoorTests
{
    private static readonly TargetOptions Mmi = new() { Key = "hv01", Door = "mmi" };

    [Fact]
    public async Task Door_mmi_without_computer_or_address_is_this_computer()
    {
        await using var session = TargetSessions.Open(Mmi, TimeProvider.System);

        Assert.IsType<MmiSession>(session);
        Assert.Equal(Environment.MachineName, session.Target);
        Assert.Equal(Environment.MachineName, TargetSessions.Describe(Mmi));
    }

    [Theory]
    [InlineData("https://hv01.lab.example:5986", "hv01.lab.example", true, 5986)]
    [InlineData("http://hv01:5985/wsman", "hv01", false, 5985)]
    [InlineData("https://hv01", "hv01", true, null)]
    public void Address_says_computer_port_and_encryption(string url, string computer, bool useSsl, int? port)
    {
        var target = TargetSessions.Mmi(Mmi with { Url = new Uri(url), AcceptAnyCertificate = true });

        Assert.Equal((computer, useSsl, port, true, MmiWire.WsMan), (target.Computer, target.UseSsl, target.Port, target.AcceptAnyCertificate, target.Wire));
    }

    [Fact]
    public async Task Door_dcom_goes_to_the_computer_by_rpc()
    {
        var dcom = Mmi with { Door = "dcom", Computer = "HV02", User = @"LAB\reader" };
        var target = TargetSessions.Mmi(dcom);
        await using var session = TargetSessions.Open(dcom, TimeProvider.System);

        Assert.Equal(("HV02", MmiWire.Dcom, @"LAB\reader", "HV02"), (target.Computer, target.Wire, target.User, session.Target));
    }

    [Theory]
    [InlineData("mmi", null, null, null, null, null)]
    [InlineData("mmi", "HV01", null, "u", null, null)]
    [InlineData("mmi", null, "https://hv01:5986", "u", null, null)]
    [InlineData("dcom", "HV01", null, "u", null, null)]
    [InlineData("rpc", "HV01", null, null, null, "T:Door is 'rpc'; it may be wsman, mmi, dcom or capture.")]
    [InlineData("dcom", null, null, null, null, "T:Computer is missing; the door dcom needs the name of a computer.")]
    [InlineData("mmi", null, null, "u", null, "T:User is set, but this computer is read as the account that runs the agent; leave User out, or name a Computer.")]
    [InlineData("mmi", "HV01", "https://hv01:5986", null, null, "T:Computer is 'HV01' and Url is 'https://hv01:5986/'; the door mmi takes one of them.")]
    [InlineData("mmi", null, "ftp://hv01", null, null, "T:Url is 'ftp://hv01/'; for the door mmi leave it out and name the Computer, or write an http or https address such as https://hv01:5986.")]
    [InlineData("dcom", "HV01", null, null, "AB", "T:CertificateThumbprint is for the door wsman; with dcom Windows trusts what its own certificate store trusts.")]
    public void Mistake_names_its_key_and_the_way_out(string door, string? computer, string? url, string? user, string? thumbprint, string? mistake)
    {
        var target = new TargetOptions
        {
            Key = "hv01",
            Door = door,
            Computer = computer,
            Url = url is null ? null : new Uri(url),
            User = user,
            CertificateThumbprint = thumbprint,
            IsWindows = () => true,
        };

        Assert.Equal(mistake is null ? [] : [mistake], target.Mistakes("T"));
    }

    [Theory]
    [InlineData("mmi")]
    [InlineData("dcom")]
    public void Where_Windows_is_not_its_doors_are_a_mistake_that_says_what_to_use_instead(string door)
    {
        var target = new TargetOptions { Key = "hv01", Door = door, Computer = "HV01", IsWindows = () => false };

        Assert.Equal([$"T:Door is '{door}', which opens sessions on Windows alone; here use wsman, with a Url such as https://hv01:5986/wsman."], target.Mistakes("T"));
        Assert.Empty((target with { IsWindows = () => true }).Mistakes("T"));
    }
}
