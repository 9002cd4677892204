using HyperVDash.Cim.Mmi;
using Microsoft.Management.Infrastructure;

namespace HyperVDash.Cim.Tests.Mmi;

public sealed class MmiFaultTests
{
    [Theory]
    [InlineData(NativeErrorCode.InvalidNamespace, "HRESULT 0x8004100e", CimErrorKind.NoSuchNamespace, 0x8004100E)]
    [InlineData(NativeErrorCode.InvalidClass, "HRESULT 0x80041010", CimErrorKind.NoSuchClassOrProperty, 0x80041010)]
    [InlineData(NativeErrorCode.InvalidQuery, "HRESULT 0x80041017", CimErrorKind.NoSuchClassOrProperty, 0x80041017)]
    [InlineData(NativeErrorCode.NotFound, "HRESULT 0x80041002", CimErrorKind.NoSuchClassOrProperty, 0x80041002)]
    [InlineData(NativeErrorCode.AccessDenied, "HRESULT 0x80041003", CimErrorKind.AccessDenied, 0x80041003)]
    [InlineData(NativeErrorCode.AccessDenied, "HRESULT 0x80070005", CimErrorKind.AccessDenied, 0x80070005)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x8007052e", CimErrorKind.AccessDenied, 0x8007052E)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x8009030e", CimErrorKind.AccessDenied, 0x8009030E)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x80338029", CimErrorKind.Timeout, 0x80338029)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x80041032", CimErrorKind.Timeout, 0x80041032)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x800706ba", CimErrorKind.Unreachable, 0x800706BA)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x80338126", CimErrorKind.Unreachable, 0x80338126)]
    [InlineData(NativeErrorCode.Failed, "HRESULT 0x80041001", CimErrorKind.Protocol, 0x80041001)]
    [InlineData(NativeErrorCode.ServerLimitsExceeded, null, CimErrorKind.Protocol, null)]
    [InlineData(NativeErrorCode.InvalidNamespace, null, CimErrorKind.NoSuchNamespace, 0x8004100E)]
    [InlineData(NativeErrorCode.InvalidClass, "", CimErrorKind.NoSuchClassOrProperty, 0x80041010)]
    [InlineData(NativeErrorCode.NoSuchProperty, null, CimErrorKind.NoSuchClassOrProperty, null)]
    [InlineData(NativeErrorCode.AccessDenied, "wsman:AccessDenied", CimErrorKind.AccessDenied, 0x80041003)]
    public void Error_is_sorted_by_its_code(NativeErrorCode native, string? messageId, CimErrorKind kind, uint? code)
    {
        var fault = new MmiFault(native, messageId, null, "");

        Assert.Equal((kind, code), (fault.Kind, fault.Code));
    }

    [Fact]
    public void Code_of_the_error_instance_counts_where_the_message_id_holds_none()
    {
        var fault = new MmiFault(NativeErrorCode.Failed, "Fehler", 0x80041017, "");

        Assert.Equal((CimErrorKind.NoSuchClassOrProperty, 0x80041017u), (fault.Kind, fault.Code));
    }

    [Fact]
    public void Denied_on_this_computer_says_how_to_get_the_right()
    {
        var error = new MmiFault(NativeErrorCode.AccessDenied, "HRESULT 0x80041003", null, "Zugriff verweigert")
            .AsException(new MmiTarget(null) { LocalName = "HV01" }, CimTopic.Of("root/virtualization/v2", "Msvm_ComputerSystem"), new InvalidOperationException());

        Assert.Equal(
            "HV01 denies access to Msvm_ComputerSystem in root/virtualization/v2 (0x80041003). The account needs the group Hyper-V Administrators: "
            + "on the host Add-LocalGroupMember -SID S-1-5-32-578 -Member DOMAIN\\user, then sign in anew; or an administrator's full token.",
            error.Message);
        Assert.Equal(CimErrorKind.AccessDenied, error.Kind);
    }

    [Theory]
    [InlineData(null, "HV01 denies access to MSFT_SmbConnection in root/Microsoft/Windows/SMB (0x80041003). The account needs Enable Account on root/Microsoft/Windows/SMB (wmimgmt.msc), and administrator rights.")]
    [InlineData("HV01", "HV01 denies access to MSFT_SmbConnection in root/Microsoft/Windows/SMB (0x80041003). The account needs Enable Account and Remote Enable on root/Microsoft/Windows/SMB (wmimgmt.msc), and administrator rights.")]
    public void Denied_outside_Hyper_V_names_the_right_of_that_namespace(string? computer, string sentence)
    {
        var error = new MmiFault(NativeErrorCode.AccessDenied, "HRESULT 0x80041003", null, "Zugriff verweigert")
            .AsException(new MmiTarget(computer) { LocalName = "HV01" }, CimTopic.Of("root/Microsoft/Windows/SMB", "MSFT_SmbConnection"), new InvalidOperationException());

        Assert.Equal(sentence, error.Message);
    }

    [Fact]
    public void Words_of_the_system_are_quoted_in_one_line_of_limited_length()
    {
        var error = new MmiFault(NativeErrorCode.Failed, null, null, "first\r\nsecond" + new string('x', 400))
            .AsException(new MmiTarget("HV01"), CimTopic.Of("root/cimv2", "C"), new InvalidOperationException());

        Assert.StartsWith("HV01 reports a fault for C in root/cimv2: first second", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("x…", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(error.Message.Length, 300, 360);
    }
}
