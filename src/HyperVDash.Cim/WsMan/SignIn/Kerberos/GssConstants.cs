using System.Runtime.InteropServices;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>Object identifiers and sets of them in native memory, made once and kept for the life of the process.</summary>
internal static class GssConstants
{
    public static readonly IntPtr Kerberos = Identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02]);
    public static readonly IntPtr Spnego = Identifier([0x2B, 0x06, 0x01, 0x05, 0x05, 0x02]);
    public static readonly IntPtr HostService = Identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x01, 0x04]);
    public static readonly IntPtr Principal = Identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02, 0x01]);

    public static readonly IntPtr OnlyKerberos = SetOf(Kerberos);
    public static readonly IntPtr OnlySpnego = SetOf(Spnego);

    private static IntPtr Identifier(byte[] der)
    {
        IntPtr value = Marshal.AllocHGlobal(der.Length);
        Marshal.Copy(der, 0, value, der.Length);
        return Described(der.Length, value);
    }

    private static IntPtr SetOf(IntPtr identifier) => Described(1, identifier);

    // gss_OID_desc and gss_OID_set_desc are both a count, padded to a pointer's size, and a pointer.
    private static IntPtr Described(int count, IntPtr value)
    {
        IntPtr description = Marshal.AllocHGlobal(2 * IntPtr.Size);
        Marshal.WriteIntPtr(description, count);
        Marshal.WriteIntPtr(description, IntPtr.Size, value);
        return description;
    }
}
