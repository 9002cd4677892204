using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Authentication.ExtendedProtection;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>NTLM everywhere, in managed code outside Windows, and Kerberos by Windows itself.</summary>
internal sealed class PlatformContext : ISecurityContext
{
    private static readonly Lazy<bool> ManagedNtlm = new(UseManagedNtlm);

    private readonly NegotiateAuthentication _context;
    private readonly WsManTarget _target;
    private readonly bool _isNtlm;
    private readonly bool _seals;

    public PlatformContext(WsManTarget target, ChannelBinding? binding)
    {
        _target = target;
        _isNtlm = target.EffectiveSignIn == SignInWay.Ntlm;
        _seals = target.Url.Scheme == Uri.UriSchemeHttp;
        _ = _isNtlm && ManagedNtlm.Value;
        _context = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = _isNtlm ? "NTLM" : "Negotiate",
            TargetName = target.ServicePrincipal,
            Credential = Credential(target),
            RequiredProtectionLevel = _seals ? ProtectionLevel.EncryptAndSign : ProtectionLevel.Sign,
            RequireMutualAuthentication = !_isNtlm,
            AllowedImpersonationLevel = System.Security.Principal.TokenImpersonationLevel.Identification,
            Binding = binding,
        });
    }

    public bool IsReady => _context.IsAuthenticated && (!_seals || _context is { IsEncrypted: true, IsSigned: true }) && (_isNtlm || _context.IsMutuallyAuthenticated);

    public byte[] Step(ReadOnlySpan<byte> token)
    {
        byte[] answer = _context.GetOutgoingBlob(token, out var status) ?? [];
        if (status is not (NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded))
        {
            throw new CimException(CimErrorKind.AccessDenied, Sentence(status));
        }

        // Windows goes over to NTLM by itself when it finds no ticket; that was not what the settings say.
        return !_isNtlm && answer.AsSpan().IndexOf("NTLMSSP\0"u8) >= 0
            ? throw new CimException(CimErrorKind.AccessDenied,
                $"Windows finds no Kerberos ticket for {_target.ServicePrincipal} with {_target.Who}. Check that the name is the host's full name and that the domain can be reached, or set SignIn to ntlm for {_target}.")
            : answer;
    }

    public byte[] Seal(ReadOnlySpan<byte> plain, out int headerLength)
    {
        var writer = new ArrayBufferWriter<byte>(plain.Length + 128);
        if (_context.Wrap(plain, writer, requestEncryption: true, out bool isEncrypted) != NegotiateAuthenticationStatusCode.Completed || !isEncrypted)
        {
            throw new CimException(CimErrorKind.Protocol, $"The sign-in at {_target} gave no key to encrypt with, and nothing is sent in clear. Use its HTTPS listener.");
        }

        headerLength = writer.WrittenCount - plain.Length;
        return writer.WrittenSpan.ToArray();
    }

    public int? Open(Span<byte> message)
    {
        if (_context.UnwrapInPlace(message, out int offset, out int length, out bool wasEncrypted) != NegotiateAuthenticationStatusCode.Completed || !wasEncrypted)
        {
            return null;
        }

        message.Slice(offset, length).CopyTo(message);
        return length;
    }

    public void Dispose() => _context.Dispose();

    private string Sentence(NegotiateAuthenticationStatusCode status) => status switch
    {
        NegotiateAuthenticationStatusCode.UnknownCredentials or NegotiateAuthenticationStatusCode.InvalidCredentials or NegotiateAuthenticationStatusCode.CredentialsExpired
            => $"{_target} cannot be signed in to as {_target.Who}: the name, the password or the account is not valid ({status}).",
        NegotiateAuthenticationStatusCode.TargetUnknown
            => $"The domain does not know {_target.ServicePrincipal}. Use the host's full name in Url, or set Spn for {_target}.",
        NegotiateAuthenticationStatusCode.BadBinding
            => $"{_target} does not accept the channel binding: something between here and there opens the TLS connection.",
        _ => $"The sign-in at {_target} as {_target.Who} failed ({status}).",
    };

    private static NetworkCredential Credential(WsManTarget target)
    {
        if (target.User is not { } user)
        {
            return CredentialCache.DefaultNetworkCredentials;
        }

        string[] parts = user.Split('\\', 2);
        return parts.Length == 2 ? new(parts[1], target.Password, parts[0] == "." ? "" : parts[0])
            : user.Split('@', 2) is [var name, var domain] ? new(name, target.Password, domain)
            : new(user, target.Password);
    }

    // Without it the runtime looks for gss-ntlmssp, which few systems have. Read by the runtime at its first use of NTLM.
    private static bool UseManagedNtlm()
    {
        if (!OperatingSystem.IsWindows())
        {
            AppContext.SetSwitch("System.Net.Security.UseManagedNtlm", true);
        }

        return true;
    }
}
