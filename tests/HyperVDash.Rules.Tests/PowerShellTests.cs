using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

public sealed class PowerShellTests
{
    [Fact]
    public void Names_are_quoted_and_a_plain_host_stands_bare()
    {
        var host = new HostSubject(Sample.Host);

        Assert.Equal("Rename-VMSwitch -ComputerName HV01 -Name 'Prod ' -NewName 'Prod'", PowerShell.Line($"Rename-VMSwitch -ComputerName {host} -Name {"Prod "} -NewName {"Prod"}"));
    }

    [Fact]
    public void A_name_cannot_leave_its_quotes()
    {
        Assert.Equal("Stop-VM 'a''; Remove-VM *'", PowerShell.Line($"Stop-VM {"a'; Remove-VM *"}"));
        // PowerShell closes a text at a typographic quote as well.
        Assert.Equal("Stop-VM 'a’’; Remove-VM *'", PowerShell.Line($"Stop-VM {"a’; Remove-VM *"}"));
    }

    [Fact]
    public void A_host_name_that_is_not_plain_is_quoted() =>
        Assert.Equal("Get-VM -ComputerName 'hv 1;x'", PowerShell.Line($"Get-VM -ComputerName {new HostSubject(Sample.Host with { Name = "hv 1;x" })}"));

    [Fact]
    public void Numbers_booleans_and_controllers_are_written_as_the_commands_take_them() =>
        Assert.Equal("X -ControllerType IDE -Number 1 -On $true", PowerShell.Line($"X -ControllerType {ControllerKind.Ide} -Number {1} -On {true}"));

    [Fact]
    public void What_is_not_known_is_a_placeholder() => Assert.Equal("X -SwitchName <not known>", PowerShell.Line($"X -SwitchName {(string?)null}"));
}
