using System.Net;
using System.Text;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>Basic, where a header with each request is the whole sign-in, and client certificates, where TLS has done it before.</summary>
internal sealed class HeaderWire : IWsManWire
{
    private const string MutualCertificate = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    private readonly WsManTarget _target;
    private readonly SignInMemory _memory;
    private readonly HttpClient _http;
    private readonly string _authorization;
    private bool _isAccepted;

    public HeaderWire(WsManTarget target, SignInMemory memory)
    {
        (_target, _memory) = (target, memory);
        _http = WsManHandler.Client(WsManHandler.Create(target, connections: 4));
        _authorization = target.EffectiveSignIn == SignInWay.Certificate
            ? MutualCertificate
            : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{target.User}:{target.Password}"));
    }

    public async Task<WsManBytes> PostAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        if (_target is { EffectiveSignIn: SignInWay.Basic, MaySendPassword: false })
        {
            throw new CimException(CimErrorKind.AccessDenied,
                $"{_target} is plain HTTP, so the password is not sent there. Use https://…:5986/wsman; or sign in encrypted: User as name@REALM (Kerberos), or SignIn ntlm for a local account.");
        }

        _memory.ThrowIfRefused();
        using var response = await SendAsync(envelope, cancellationToken).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.InternalServerError or HttpStatusCode.BadRequest:
                Volatile.Write(ref _isAccepted, true);
                return await WsManBytes.ReadAsync(response, _target, cancellationToken).ConfigureAwait(false);
            case HttpStatusCode.Unauthorized:
                // A password that was right before is more likely to be right again than to lock the account; but only until it is refused twice.
                var refused = SignInSentence.Of(_target, SignInSentence.Offered(response.Headers.WwwAuthenticate));
                throw Interlocked.Exchange(ref _isAccepted, false) ? refused : _memory.Remember(refused);
            default:
                throw WsManChannel.Refused(_target, response.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(envelope, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException ended) when (Volatile.Read(ref _isAccepted) && IsEnd(ended))
        {
            // A host closes connections that were idle for a while, perhaps in the moment in which the question is on its way. Questions only read, so it is asked again.
            return await SendOnceAsync(envelope, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _target.Url) { Content = new ReadOnlyMemoryContent(envelope) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", WsManChannel.SoapType);
        message.Headers.TryAddWithoutValidation("Authorization", _authorization);
        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The connection was there and broke before an answer; not: it could not be made.</summary>
    private static bool IsEnd(HttpRequestException failed) =>
        failed is { HttpRequestError: HttpRequestError.ResponseEnded } or { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException };

    public void Dispose() => _http.Dispose();
}
