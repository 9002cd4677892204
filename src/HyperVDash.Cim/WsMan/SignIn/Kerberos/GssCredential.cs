using System.Runtime.InteropServices;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>gss_cred_id_t. A call that uses it keeps it from being released, whoever disposes it meanwhile.</summary>
internal sealed class GssCredential : SafeHandle
{
    public GssCredential() : base(IntPtr.Zero, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle() => !Gss.IsError(Gss.gss_release_cred(out _, ref handle));
}
