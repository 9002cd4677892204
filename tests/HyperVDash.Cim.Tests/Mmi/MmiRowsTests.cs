using HyperVDash.Cim.Mmi;
using NativeType = Microsoft.Management.Infrastructure.CimType;

namespace HyperVDash.Cim.Tests.Mmi;

public sealed class MmiRowsTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly MmiInstance Vm = new("Msvm_ComputerSystem",
    [
        new("CreationClassName", NativeType.String, "Msvm_ComputerSystem") { IsKey = true },
        new("Name", NativeType.String, "A1") { IsKey = true },
        new("EnabledState", NativeType.UInt16, (ushort)2),
    ]);

    public static TheoryData<NativeType, object, object> Scalars => new()
    {
        { NativeType.Boolean, true, true },
        { NativeType.UInt8, (byte)255, 255L },
        { NativeType.SInt8, (sbyte)-128, -128L },
        { NativeType.UInt16, (ushort)65535, 65535L },
        { NativeType.SInt16, (short)-32768, -32768L },
        { NativeType.UInt32, 4294967295u, 4294967295L },
        { NativeType.SInt32, -2147483648, -2147483648L },
        { NativeType.UInt64, 18446744073709551615ul, 18446744073709551615ul },
        { NativeType.SInt64, -9223372036854775808L, -9223372036854775808L },
        { NativeType.Real32, 0.5f, 0.5d },
        { NativeType.Real64, 1e300, 1e300 },
        { NativeType.Char16, 'C', "C" },
        { NativeType.DateTime, Noon, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) },
        { NativeType.DateTime, Noon.ToLocalTime(), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) },
        { NativeType.DateTime, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Local), DateTimeOffset.MinValue },
        { NativeType.DateTime, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(90) },
        { NativeType.String, "開発 ", "開発 " },
        { NativeType.String, "", "" },
    };

    public static TheoryData<NativeType, object, object[]> Arrays => new()
    {
        { NativeType.BooleanArray, new[] { true, false }, [true, false] },
        { NativeType.UInt8Array, new byte[] { 0, 255 }, [0L, 255L] },
        { NativeType.SInt8Array, new sbyte[] { -1 }, [-1L] },
        { NativeType.UInt16Array, new ushort[] { 2, 11 }, [2L, 11L] },
        { NativeType.SInt16Array, new short[] { -2, 2 }, [-2L, 2L] },
        { NativeType.UInt32Array, new[] { 1u, 4294967295u }, [1L, 4294967295L] },
        { NativeType.SInt32Array, new[] { -7 }, [-7L] },
        { NativeType.UInt64Array, new[] { 18446744073709551615ul }, [18446744073709551615ul] },
        { NativeType.SInt64Array, new[] { -9L }, [-9L] },
        { NativeType.Real32Array, new[] { 0.25f }, [0.25d] },
        { NativeType.Real64Array, new[] { 0.1 }, [0.1] },
        { NativeType.Char16Array, new[] { 'C', 'D' }, ["C", "D"] },
        { NativeType.DateTimeArray, new[] { Noon }, [new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)] },
        { NativeType.StringArray, new[] { "one", "" }, ["one", ""] },
        { NativeType.StringArray, Array.Empty<string>(), [] },
        { NativeType.StringArray, new string?[] { "one", null }, ["one", null!] },
    };

    [Theory, MemberData(nameof(Scalars), DisableDiscoveryEnumeration = true)]
    public void Scalar_becomes_what_a_row_holds(NativeType type, object value, object expected) =>
        Assert.Equal(expected, new MmiRows("").Convert(type, value));

    [Theory, MemberData(nameof(Arrays), DisableDiscoveryEnumeration = true)]
    public void Array_becomes_a_list(NativeType type, object value, object[] expected) =>
        Assert.Equal(expected, Assert.IsType<IReadOnlyList<object?>>(new MmiRows("").Convert(type, value), exactMatch: false));

    [Fact]
    public void Every_type_of_the_library_is_in_the_tables_here()
    {
        NativeType[] tested = [.. Scalars.Select(r => r.Data.Item1), .. Arrays.Select(r => r.Data.Item1),
            NativeType.Unknown, NativeType.Reference, NativeType.ReferenceArray, NativeType.Instance, NativeType.InstanceArray];

        Assert.Equal(Enum.GetValues<NativeType>().Order(), tested.Distinct().Order());
    }

    public static TheoryData<NativeType> Types => [.. Enum.GetValues<NativeType>()];

    [Theory, MemberData(nameof(Types))]
    public void Null_of_any_type_is_null_and_known_to_the_host(NativeType type)
    {
        var row = new MmiRows("").Row(new("C", [new("P", type, null)]));

        Assert.Null(row["P"]);
        Assert.True(row.Has("p"));
    }

    [Theory]
    [InlineData(NativeType.Unknown, "x")]
    [InlineData(NativeType.UInt32, "4")]
    [InlineData(NativeType.UInt16Array, "4")]
    [InlineData(NativeType.Instance, "<INSTANCE/>")]
    public void Value_that_its_type_cannot_have_is_a_protocol_error(NativeType type, object value) =>
        Assert.Equal(CimErrorKind.Protocol, Assert.Throws<CimException>(() => new MmiRows("").Convert(type, value)).Kind);

    [Fact]
    public void Embedded_instances_are_rows()
    {
        var row = new MmiRows("").Row(new("C", [new("One", NativeType.Instance, Vm), new("Many", NativeType.InstanceArray, new[] { Vm, Vm })]));

        Assert.Equal(2, row.Embedded("One")?.Int32("EnabledState"));
        Assert.Equal(["A1", "A1"], row.EmbeddedList("Many")?.Select(r => r.String("Name")));
    }

    [Fact]
    public void Reference_is_the_class_and_its_key_properties()
    {
        var row = new MmiRows("").Row(new("C", [new("Antecedent", NativeType.Reference, Vm), new("All", NativeType.ReferenceArray, new[] { Vm })]));

        Assert.Equal("Msvm_ComputerSystem.CreationClassName=\"Msvm_ComputerSystem\",Name=\"A1\"", row.Path("Antecedent")?.ToString());
        Assert.Equal(["A1"], row.Paths("All")?.Select(p => p["name"]));
    }

    [Fact]
    public void Reference_without_marked_keys_has_every_value_as_a_key()
    {
        var bare = new MmiInstance("Msvm_SettingData", [new("InstanceID", NativeType.String, "Microsoft:A"), new("Caption", NativeType.String, null)]);

        Assert.Equal("Msvm_SettingData.InstanceID=\"Microsoft:A\"", new MmiRows("").Convert(NativeType.Reference, bare)?.ToString());
    }

    [Fact]
    public void Reference_inside_a_reference_is_its_path_as_text()
    {
        var outer = new MmiInstance("Msvm_BindsTo", [new("Antecedent", NativeType.Reference, Vm) { IsKey = true }, new("Index", NativeType.UInt32, 3u) { IsKey = true }]);

        var path = Assert.IsType<CimPath>(new MmiRows("").Convert(NativeType.Reference, outer));

        Assert.Equal("Msvm_ComputerSystem.CreationClassName=\"Msvm_ComputerSystem\",Name=\"A1\"", path["Antecedent"]);
        Assert.Equal("3", path["Index"]);
    }

    [Fact]
    public void Projection_without_a_class_is_named_after_the_question()
    {
        Assert.Equal("Msvm_ComputerSystem", new MmiRows("Msvm_ComputerSystem").Row(new("", [])).ClassName);
        Assert.Equal("Msvm_Sub", new MmiRows("Msvm_ComputerSystem").Row(new("Msvm_Sub", [])).ClassName);
    }

    [Fact]
    public void Rows_of_one_class_with_properties_in_another_order_keep_them_apart()
    {
        var rows = new MmiRows("");
        var first = rows.Row(new("C", [new("A", NativeType.String, "a1"), new("B", NativeType.String, "b1")]));
        var second = rows.Row(new("C", [new("b", NativeType.String, "b2")]));

        Assert.Equal(("a1", "b1"), (first.String("A"), first.String("B")));
        Assert.Equal((false, "b2"), (second.Has("A"), second.String("B")));
    }
}
