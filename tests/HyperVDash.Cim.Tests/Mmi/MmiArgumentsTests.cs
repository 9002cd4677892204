using HyperVDash.Cim.Mmi;

namespace HyperVDash.Cim.Tests.Mmi;

public sealed class MmiArgumentsTests
{
    public static TheoryData<CimType, object, object> Values => new()
    {
        { CimType.String, "a", "a" },
        { CimType.Boolean, true, true },
        { CimType.SInt8, -1L, (sbyte)-1 },
        { CimType.SInt16, -1L, (short)-1 },
        { CimType.SInt32, -1L, -1 },
        { CimType.SInt64, -1, -1L },
        { CimType.UInt8, 1L, (byte)1 },
        { CimType.UInt16, 1L, (ushort)1 },
        { CimType.UInt32, 2147483650L, 2147483650u },
        { CimType.UInt64, 1L, 1ul },
        { CimType.Real32, 0.5, 0.5f },
        { CimType.Real64, 0.5, 0.5 },
        { CimType.Char16, "C", 'C' },
        { CimType.DateTime, new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.FromHours(1)), new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc) },
        { CimType.DateTime, TimeSpan.FromDays(1), TimeSpan.FromDays(1) },
        { CimType.Reference, new CimPath("C"), "ref C" },
        { CimType.StringArray, new[] { "a", "b" }, new[] { "a", "b" } },
        { CimType.BooleanArray, new[] { true }, new[] { true } },
        { CimType.UInt8Array, new long[] { 1 }, new byte[] { 1 } },
        { CimType.UInt16Array, new long[] { 1 }, new ushort[] { 1 } },
        { CimType.UInt32Array, new[] { 0, 1, 4 }, new uint[] { 0, 1, 4 } },
        { CimType.UInt64Array, new long[] { 1 }, new ulong[] { 1 } },
        { CimType.SInt32Array, new long[] { -1 }, new[] { -1 } },
        { CimType.ReferenceArray, new[] { new CimPath("A"), new CimPath("B") }, new[] { "ref A", "ref B" } },
    };

    [Theory, MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Argument_gets_the_exact_type_of_its_parameter(CimType type, object value, object expected)
    {
        object? made = MmiArguments.Value(type, value, path => $"ref {path.Class}");

        Assert.Equal(expected, made);
        Assert.Equal(expected.GetType(), made?.GetType());
    }

    [Fact]
    public void Null_is_not_sent_as_something() => Assert.Null(MmiArguments.Value(CimType.UInt32, null, path => path));

    [Fact]
    public void Every_type_has_its_like_in_the_library() =>
        Assert.All(Enum.GetValues<CimType>(), type => Assert.Equal(type.ToString(), MmiArguments.TypeOf(type).ToString()));
}
