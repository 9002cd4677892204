using System.Runtime.InteropServices;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>
/// The calls of libgssapi_krb5 that a sign-in needs. The runtime's own class would do for the tokens, but hides why a sign-in failed,
/// falls back to NTLM where a plug-in is installed, and cannot lay out header and data apart.
/// </summary>
internal static class Gss
{
    public const uint ContinueNeeded = 1;
    public const uint CredentialsExpired = 11 << 16;
    public const uint BadBindings = 4 << 16;

    public const int Initiate = 1;
    public const uint MutualReplaySequenceConfidentialIntegral = 2 | 4 | 8 | 16 | 32;
    public const uint Mutual = 2;
    public const uint Confidential = 16;

    public const uint Data = 1;
    public const uint Header = 2;
    public const uint Padding = 9;

    private const string Library = "libgssapi_krb5.so.2";

    public static bool IsError(uint major) => (major & 0xFFFF0000) != 0;

    [DllImport(Library)]
    public static extern uint gss_import_name(out uint minor, ref GssBuffer name, IntPtr type, out IntPtr result);

    [DllImport(Library)]
    public static extern uint gss_display_name(out uint minor, IntPtr name, out GssBuffer text, IntPtr type);

    [DllImport(Library)]
    public static extern uint gss_release_name(out uint minor, ref IntPtr name);

    [DllImport(Library)]
    public static extern uint gss_acquire_cred_with_password(
        out uint minor, IntPtr name, ref GssBuffer password, uint time, IntPtr mechanisms, int usage, out GssCredential credential, IntPtr actual, IntPtr lifetime);

    [DllImport(Library)]
    public static extern uint gss_acquire_cred_from(
        out uint minor, IntPtr name, uint time, IntPtr mechanisms, int usage, IntPtr store, out GssCredential credential, IntPtr actual, out uint lifetime);

    [DllImport(Library)]
    public static extern uint gss_store_cred_into(
        out uint minor, GssCredential credential, int usage, IntPtr mechanism, uint overwrite, uint isDefault, IntPtr store, IntPtr stored, IntPtr storedUsage);

    [DllImport(Library)]
    public static extern uint gss_inquire_cred(out uint minor, GssCredential credential, out IntPtr name, out uint lifetime, IntPtr usage, IntPtr mechanisms);

    [DllImport(Library)]
    public static extern uint gss_set_neg_mechs(out uint minor, GssCredential credential, IntPtr mechanisms);

    [DllImport(Library)]
    public static extern uint gss_release_cred(out uint minor, ref IntPtr credential);

    [DllImport(Library)]
    public static extern uint gss_init_sec_context(
        out uint minor, GssCredential credential, ref IntPtr context, IntPtr target, IntPtr mechanism, uint flags, uint time, IntPtr bindings,
        ref GssBuffer input, IntPtr actual, out GssBuffer output, out uint actualFlags, IntPtr lifetime);

    [DllImport(Library)]
    public static extern uint gss_delete_sec_context(out uint minor, ref IntPtr context, IntPtr output);

    [DllImport(Library)]
    public static extern uint gss_wrap_iov_length(out uint minor, IntPtr context, int isConfidential, uint quality, IntPtr state, [In, Out] GssPart[] parts, int count);

    [DllImport(Library)]
    public static extern uint gss_wrap_iov(out uint minor, IntPtr context, int isConfidential, uint quality, out int state, [In, Out] GssPart[] parts, int count);

    [DllImport(Library)]
    public static extern uint gss_unwrap(out uint minor, IntPtr context, ref GssBuffer input, out GssBuffer output, out int isConfidential, IntPtr quality);

    [DllImport(Library)]
    public static extern uint gss_release_buffer(out uint minor, ref GssBuffer buffer);

    [DllImport(Library)]
    public static extern uint gss_display_status(out uint minor, uint status, int type, IntPtr mechanism, ref uint more, out GssBuffer text);
}

/// <summary>gss_buffer_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssBuffer
{
    public nuint Length;
    public IntPtr Value;

    /// <summary>Copies what the library allocated, and gives that back.</summary>
    public byte[] Take()
    {
        byte[] bytes = new byte[(int)Length];
        if (bytes.Length > 0)
        {
            Marshal.Copy(Value, bytes, 0, bytes.Length);
        }

        _ = Gss.gss_release_buffer(out _, ref this);
        return bytes;
    }
}

/// <summary>gss_iov_buffer_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssPart
{
    public uint Type;
    public GssBuffer Buffer;
}

/// <summary>gss_channel_bindings_struct.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GssBindings
{
    public uint InitiatorType;
    public GssBuffer Initiator;
    public uint AcceptorType;
    public GssBuffer Acceptor;
    public GssBuffer Application;
}
