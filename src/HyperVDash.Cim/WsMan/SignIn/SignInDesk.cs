using System.Net;
using System.Security.Authentication.ExtendedProtection;
using HyperVDash.Cim.WsMan.SignIn.Kerberos;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>What the connections to one host share for their handshakes: the credential, the turn, and the memory of a refusal.</summary>
internal sealed class SignInDesk(WsManTarget target, SignInMemory memory, TimeProvider time) : IDisposable
{
    // Never disposed: a handshake that outlives the session gives its turn back.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly string _cache = $"hypervdash-{Guid.NewGuid():N}";
    private KerberosCredential? _tickets;
    private volatile bool _isClosed;

    private bool UsesLibrary => target.EffectiveSignIn == SignInWay.Kerberos && !OperatingSystem.IsWindows();

    /// <summary>One handshake at a time: if the first is refused, the others are not tried.</summary>
    public async Task InTurnAsync(Func<Task> handshake, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            memory.ThrowIfRefused();
            if (_isClosed)
            {
                throw Closed(null);
            }

            await handshake().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ISecurityContext Begin(string scheme, ChannelBinding? binding)
    {
        if (!UsesLibrary)
        {
            return new PlatformContext(target, binding);
        }

        try
        {
            if (_tickets is null || _tickets.RenewAt is null || time.GetUtcNow() >= _tickets.RenewAt)
            {
                _tickets?.Dispose();
                _tickets = null;
                _tickets = KerberosCredential.Acquire(target, _cache, time);
            }

            return new KerberosContext(target, _tickets, scheme, binding);
        }
        catch (KerberosException failed)
        {
            throw Told(failed);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CimException(CimErrorKind.AccessDenied, KerberosSentence.LibraryMissing, inner: missing);
        }
    }

    /// <summary>Off the caller's thread: a ticket may have to come from the domain first.</summary>
    public async Task<byte[]> StepAsync(ISecurityContext context, byte[] token, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => context.Step(token), cancellationToken).ConfigureAwait(false);
        }
        catch (KerberosException failed)
        {
            throw Told(failed);
        }
        catch (ObjectDisposedException closed)
        {
            throw Closed(closed);
        }
    }

    /// <summary>Negotiate, unless the host offers Kerberos alone.</summary>
    public string SchemeOf(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return "Negotiate";
        }

        var offered = SignInSentence.Offered(response.Headers.WwwAuthenticate);
        bool offersOnlyKerberos = offered.Contains("Kerberos", StringComparer.OrdinalIgnoreCase) && !offered.Contains("Negotiate", StringComparer.OrdinalIgnoreCase);
        return offersOnlyKerberos && UsesLibrary ? "Kerberos" : "Negotiate";
    }

    /// <summary>The host's token; empty if there is none.</summary>
    public byte[] Challenge(HttpResponseMessage response, string scheme)
    {
        string? text = response.Headers.WwwAuthenticate.FirstOrDefault(c => c.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase) && c.Parameter is not null)?.Parameter;
        byte[] token = new byte[text?.Length ?? 0];
        return Convert.TryFromBase64String(text ?? "", token, out int length)
            ? token[..length]
            : throw new CimException(CimErrorKind.Protocol, $"{target} answers the sign-in with a token that cannot be read.");
    }

    public void ThrowIfRejected(byte[] token)
    {
        if (KerberosRefusal.Find(token) is { } refusal)
        {
            throw memory.Remember(KerberosSentence.Of(refusal, target, time));
        }
    }

    public CimException Refused(IReadOnlyList<string> offered) => memory.Remember(SignInSentence.Of(target, offered));

    public CimException Unproven() => memory.Remember(SignInSentence.Unproven(target));

    /// <summary>A handshake that is under way ends by itself: the library keeps its credential until the call is over.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _tickets?.Dispose();
    }

    private CimException Closed(Exception? inner) => new(CimErrorKind.Unreachable, $"The way to {target} was closed during the sign-in.", inner: inner);

    // Only what the domain counts is kept from being tried again; after kinit, or when the domain answers, there is nothing to wait for.
    private CimException Told(KerberosException failed)
    {
        var error = KerberosSentence.Of(failed, target, time);
        return failed.Code is KerberosCode.PasswordWrong or KerberosCode.PasswordWrongWithoutProof or KerberosCode.ClientLocked or KerberosCode.PasswordExpired or KerberosCode.ClientUnknown
            ? memory.Remember(error)
            : error;
    }
}
