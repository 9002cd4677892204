using CsCheck;

namespace HyperVDash.Cim.Tests.Rows;

/// <summary>Object paths as hosts print them.</summary>
public sealed class PathTests
{
    [Fact]
    public void A_path_of_the_older_namespace_gives_class_and_keys_with_single_backslashes()
    {
        var path = CimPath.Parse("""\\HV12OSDEMO1\root\virtualization:Msvm_ResourceAllocationSettingData.InstanceID="Microsoft:FD4D3382-A0AE-40CD-999B-937C4EEAD6FF\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\0\\0\\D" """.TrimEnd());

        Assert.Equal("Msvm_ResourceAllocationSettingData", path.Class);
        Assert.Equal(@"Microsoft:FD4D3382-A0AE-40CD-999B-937C4EEAD6FF\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\0\D", path["InstanceID"]);
    }

    [Theory]
    [InlineData("""\\HV12OSDEMO1\root\virtualization:Msvm_DiskDrive.CreationClassName="Msvm_DiskDrive",DeviceID="Microsoft:353B3BE8-310C-4cf4-839E-4E1B14616136\\1",SystemCreationClassName="Msvm_ComputerSystem",SystemName="HV12OSDEMO1" """, "Msvm_DiskDrive", "DeviceID", @"Microsoft:353B3BE8-310C-4cf4-839E-4E1B14616136\1", 4)]
    [InlineData("""\\WIN-667A0LKMU6R\root\virtualization\v2:Msvm_ComputerSystem.CreationClassName="Msvm_ComputerSystem",Name="4EA7033C-356C-4EBA-9F77-1A3399CFCD72" """, "Msvm_ComputerSystem", "Name", "4EA7033C-356C-4EBA-9F77-1A3399CFCD72", 2)]
    [InlineData("""\\WIN-667A0LKMU6R\root\virtualization\v2:Msvm_ExternalEthernetPort.CreationClassName="Msvm_ExternalEthernetPort",DeviceID="Microsoft:{4397B43B-CA80-47D9-ACEE-C9061CED70F0}",SystemCreationClassName="Msvm_ComputerSystem",SystemName="WIN-667A0LKMU6R" """, "Msvm_ExternalEthernetPort", "DeviceID", "Microsoft:{4397B43B-CA80-47D9-ACEE-C9061CED70F0}", 4)]
    [InlineData("""Msvm_ComputerSystem.Name="a,b=c:d" """, "Msvm_ComputerSystem", "Name", "a,b=c:d", 1)]
    [InlineData("""Win32_Share.Name="say \"hi\"" """, "Win32_Share", "Name", "say \"hi\"", 1)]
    [InlineData("""root/cimv2:Win32_Process.Handle=42""", "Win32_Process", "Handle", "42", 1)]
    public void Real_paths_are_read(string text, string className, string key, string value, int keys)
    {
        var path = CimPath.Parse(text.TrimEnd());

        Assert.Equal((className, value, keys), (path.Class, path[key], path.Keys.Count));
    }

    [Fact]
    public void Host_namespace_and_case_do_not_make_two_paths_of_one()
    {
        var one = CimPath.Parse("""\\HV1\ROOT\Virtualization\v2:MSVM_COMPUTERSYSTEM.name="4ea7033c-356c-4eba-9f77-1a3399cfcd72" """.TrimEnd());
        var other = CimPath.Parse("""Msvm_ComputerSystem.Name="4EA7033C-356C-4EBA-9F77-1A3399CFCD72" """.TrimEnd());

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{83F8638B-8DCA-4152-9EDA-2CA8B33039B4}")]
    [InlineData(@"C:\Hyper-V\vm1.vhd")]
    [InlineData("Msvm_ComputerSystem")]
    [InlineData("Msvm_ComputerSystem.Name=\"open")]
    [InlineData("Msvm_ComputerSystem.=\"x\"")]
    [InlineData("Msvm_ComputerSystem.Na\"me=\"x\"")]
    [InlineData("Msvm_ComputerSystem.a,Name=\"x\"")]
    [InlineData("Msvm_ComputerSystem.Na:me=\"x\"")]
    [InlineData("Msvm_ComputerSystem.Name=\"x\",=\"y\"")]
    public void What_is_no_path_is_none(string text)
    {
        Assert.False(CimPath.TryParse(text, out _));
        Assert.Throws<FormatException>(() => CimPath.Parse(text));
    }

    [Fact]
    public void A_path_is_written_as_it_is_read()
    {
        Check.Sample(Gen.String[Gen.Char[" aZ09\\\",=:ü日"], 0, 12], value =>
        {
            var path = new CimPath("X") { Keys = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("K", value).Add("L", "1") };
            return CimPath.TryParse(path.ToString(), out var read) && read["K"] == value && read["L"] == "1";
        });
    }

    [Fact]
    public void One_key_read_without_the_path_is_the_key_of_the_path()
    {
        string[] wholes = ["Msvm_A.InstanceID=\"Microsoft:1\\\\0\\\\D\"", "\\\\HV1\\root\\v2:Msvm_A.instanceid=\"a\"", "a:b:Msvm_A.InstanceID=\"x\"", "Msvm_A.Other=\"x\"", "Msvm_A.InstanceID=\"\"", "Msvm_A.Name=\"x\",InstanceID=\"y\""];
        string[] pieces = ["Msvm_A", ".", "InstanceID", "=", "\"", "\\", ":", ",", "root/v2", "x", " ", "ü"];
        var parts = One(pieces);
        var text = Gen.OneOf(One(wholes), parts.Array[0, 9].Select(string.Concat),
            Gen.Select(One(wholes), Gen.Int[0, 30], parts, (whole, at, part) => whole.Insert(Math.Min(at, whole.Length), part)));

        Check.Sample(text, t => CimPath.KeyOf(t, "InstanceID") == (CimPath.TryParse(t, out var path) ? path["InstanceID"] : null), iter: 20_000);
    }

    private static Gen<string> One(string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);
}
