using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using HyperVDash.Cim.WsMan.SignIn;

namespace HyperVDash.Cim.WsMan;

/// <summary>Posts envelopes to one host and brings back the bytes; everything that is not a SOAP answer becomes a <see cref="CimException"/>.</summary>
internal sealed class WsManChannel : IDisposable
{
    public const string SoapType = "application/soap+xml;charset=UTF-8";

    private readonly WsManTarget _target;
    private readonly TimeProvider _time;
    private readonly IWsManWire _wire;

    public WsManChannel(WsManTarget target, TimeProvider time)
    {
        (_target, _time) = (target, time);
        var memory = new SignInMemory(time);
        _wire = target.EffectiveSignIn is SignInWay.Kerberos or SignInWay.Ntlm ? new SignedInWire(target, memory, time) : new HeaderWire(target, memory);
    }

    /// <summary>Sends one envelope. The reply is complete, or cut short and marked so.</summary>
    /// <param name="limit">What is left for it.</param>
    /// <param name="whole">The time allowed for the question that it is part of.</param>
    public async Task<WsManBytes> PostAsync(WsManRequest request, TimeSpan limit, TimeSpan whole, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            return await _wire.PostAsync(request.Body, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CimException(CimErrorKind.Timeout, $"{_target} did not answer within {whole.TotalSeconds:0.##} s.");
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CimException(CimErrorKind.Unreachable, $"{_target} did not accept a connection within {_target.ConnectTimeout.TotalSeconds:0.#} s.", inner: late);
        }
        catch (HttpRequestException failed)
        {
            throw Unreachable(failed);
        }
        catch (IOException failed)
        {
            throw new CimException(CimErrorKind.Unreachable, $"{_target} closed the connection before it answered.", inner: failed);
        }
    }

    /// <summary>A status that is neither an answer nor a question for a sign-in.</summary>
    public static CimException Refused(WsManTarget target, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Forbidden => new(CimErrorKind.AccessDenied, $"{target} refused the request (HTTP 403): a client certificate or a policy is missing."),
        HttpStatusCode.NotFound => new(CimErrorKind.Protocol, $"{target} answers, but not as WinRM (HTTP 404). Check the path; it is /wsman by default."),
        HttpStatusCode.RequestEntityTooLarge => new(CimErrorKind.Protocol, $"{target} finds the request too large (HTTP 413).", WsManFault.HttpTooLarge),
        HttpStatusCode.ServiceUnavailable => new(CimErrorKind.Unreachable, $"WinRM at {target} is stopped or busy (HTTP 503). Check the service: Get-Service WinRM.", WsManFault.HttpUnavailable),
        _ => new(CimErrorKind.Protocol, $"{target} answered HTTP {(int)status}, which WinRM does not."),
    };

    private CimException Unreachable(HttpRequestException failed) => failed switch
    {
        { InnerException: UntrustedCertificateException } => new(CimErrorKind.Unreachable,
            $"The certificate of {_target} is not trusted. {_target.WhyNotTrusted} Set CertificateAuthority to the issuer's certificate, or CertificateThumbprint to this one's, for this host.", inner: failed),
        { InnerException: AuthenticationException } => new(CimErrorKind.Unreachable,
            $"{_target} does not speak TLS, or not as this machine does. Is {_target.Url.Port} the port for plain HTTP? WinRM listens at 5986 for https and at 5985 for http.", inner: failed),
        { HttpRequestError: HttpRequestError.NameResolutionError } => new(CimErrorKind.Unreachable,
            $"The name {_target.Url.Host} does not resolve. Check the spelling and DNS.", inner: failed),
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => new(CimErrorKind.Unreachable,
            $"Nothing listens at {_target.Url.Host}:{_target.Url.Port}. On the host run: winrm quickconfig, and check the firewall.", inner: failed),
        { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } or { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } => new(CimErrorKind.Unreachable,
            $"{_target} closed the connection before it answered.", inner: failed),
        _ => new(CimErrorKind.Unreachable, $"{_target.Url.Host}:{_target.Url.Port} cannot be reached: {failed.Message}", inner: failed),
    };

    public void Dispose() => _wire.Dispose();
}
