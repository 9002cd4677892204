using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>Kerberos through the MIT library, inside SPNEGO for the scheme <c>Negotiate</c> or bare for <c>Kerberos</c>.</summary>
internal sealed class KerberosContext : ISecurityContext
{
    // SEC_CHANNEL_BINDINGS before the bytes that matter: eight numbers.
    private const int BindingHeader = 32;

    private readonly WsManTarget _target;
    private readonly KerberosCredential _credential;
    private readonly bool _isBare;
    private readonly byte[]? _binding;
    private readonly GssName _service;
    private IntPtr _context;
    private bool _isDone;

    public KerberosContext(WsManTarget target, KerberosCredential credential, string scheme, ChannelBinding? binding)
    {
        (_target, _credential, _isBare) = (target, credential, scheme == "Kerberos");
        _service = GssName.Service(target.ServicePrincipal);
        if (binding is { Size: > BindingHeader })
        {
            _binding = new byte[binding.Size - BindingHeader];
            Marshal.Copy(binding.DangerousGetHandle() + BindingHeader, _binding, 0, _binding.Length);
        }
    }

    public bool IsReady => _isDone;

    public byte[] Step(ReadOnlySpan<byte> token)
    {
        if (_context == IntPtr.Zero)
        {
            FetchTicket();
        }

        return Step(ref _context, token, _isBare);
    }

    public byte[] Seal(ReadOnlySpan<byte> plain, out int headerLength)
    {
        GssPart[] parts = [new() { Type = Gss.Header }, new() { Type = Gss.Data, Buffer = new() { Length = (nuint)plain.Length } }, new() { Type = Gss.Padding }];
        uint major = Gss.gss_wrap_iov_length(out _, _context, 1, 0, IntPtr.Zero, parts, parts.Length);
        if (Gss.IsError(major) || parts[2].Buffer.Length != 0)
        {
            throw CannotEncrypt();
        }

        headerLength = (int)parts[0].Buffer.Length;
        byte[] message = new byte[headerLength + plain.Length];
        plain.CopyTo(message.AsSpan(headerLength));
        using var pins = new PinnedBytes(message);
        parts[0].Buffer.Value = pins.Buffer(0).Value;
        parts[1].Buffer.Value = pins.Buffer(0).Value + headerLength;
        major = Gss.gss_wrap_iov(out _, _context, 1, 0, out int isConfidential, parts, parts.Length);
        return Gss.IsError(major) || isConfidential == 0 ? throw CannotEncrypt() : message;
    }

    public int? Open(Span<byte> message)
    {
        using var pins = new PinnedBytes(message.ToArray());
        var input = pins.Buffer(0);
        uint major = Gss.gss_unwrap(out _, _context, ref input, out var output, out int isConfidential, IntPtr.Zero);
        byte[] plain = Gss.IsError(major) ? [] : output.Take();

        // The low bits tell of a message that came twice or out of order.
        if (major != 0 || isConfidential == 0 || plain.Length > message.Length)
        {
            return null;
        }

        plain.CopyTo(message);
        return plain.Length;
    }

    public void Dispose()
    {
        _ = Gss.gss_delete_sec_context(out _, ref _context, IntPtr.Zero);
        _service.Dispose();
    }

    /// <summary>Through Kerberos itself and thrown away: inside SPNEGO the library hides the number of what went wrong. The ticket stays in the cache.</summary>
    private void FetchTicket()
    {
        IntPtr trial = IntPtr.Zero;
        try
        {
            Step(ref trial, [], isBare: true);
        }
        finally
        {
            _ = Gss.gss_delete_sec_context(out _, ref trial, IntPtr.Zero);
        }
    }

    private byte[] Step(ref IntPtr context, ReadOnlySpan<byte> token, bool isBare)
    {
        using var pins = new PinnedBytes(token.ToArray(), _binding ?? []);
        var input = pins.Buffer(0);
        IntPtr bindings = IntPtr.Zero;
        try
        {
            if (_binding is not null)
            {
                bindings = Marshal.AllocHGlobal(Marshal.SizeOf<GssBindings>());
                Marshal.StructureToPtr(new GssBindings { Application = pins.Buffer(1) }, bindings, fDeleteOld: false);
            }

            uint major = Gss.gss_init_sec_context(
                out uint minor, isBare ? _credential.Kerberos : _credential.Spnego, ref context, _service.Pointer, isBare ? GssConstants.Kerberos : GssConstants.Spnego,
                Gss.MutualReplaySequenceConfidentialIntegral, 0, bindings, ref input, IntPtr.Zero, out var output, out uint flags, IntPtr.Zero);
            byte[] answer = output.Take();
            if (Gss.IsError(major))
            {
                throw new KerberosException(major, minor, _credential.Principal);
            }

            _isDone = major != Gss.ContinueNeeded && (flags & (Gss.Mutual | Gss.Confidential)) == (Gss.Mutual | Gss.Confidential);
            return answer;
        }
        finally
        {
            Marshal.FreeHGlobal(bindings);
        }
    }

    private CimException CannotEncrypt() =>
        new(CimErrorKind.Protocol, $"The ticket for {_target} cannot encrypt with AES, and nothing is sent in clear. Allow AES for the host's account in the domain, or use its HTTPS listener.");
}
