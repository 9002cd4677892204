using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>
/// One connection with its own sign-in: the host knows the connection, not the request. A new connection means a new handshake,
/// and over plain HTTP no envelope leaves before there is a key to seal it with. One request at a time.
/// </summary>
internal sealed class SignedInLine : IDisposable
{
    private readonly WsManTarget _target;
    private readonly SignInDesk _desk;
    private readonly HttpClient _http;
    private SslStream? _tls;
    private int _connection;
    private int _signedIn = -1;
    private ISecurityContext? _context;
    private string _scheme = "Negotiate";

    public SignedInLine(WsManTarget target, SignInDesk desk)
    {
        (_target, _desk) = (target, desk);
        var handler = WsManHandler.Create(target, connections: 1);
        handler.PlaintextStreamFilter = (context, _) =>
        {
            _connection++;
            _tls = context.PlaintextStream as SslStream;
            return ValueTask.FromResult(context.PlaintextStream);
        };
        _http = WsManHandler.Client(handler);
    }

    private bool IsSealed => _target.Url.Scheme == Uri.UriSchemeHttp;

    public async Task<WsManBytes> PostAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            bool isFresh = _context is null || _signedIn != _connection;
            if (isFresh)
            {
                await _desk.InTurnAsync(() => SignInAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            try
            {
                using var message = Message(envelope.Span);
                using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode != HttpStatusCode.Unauthorized)
                {
                    return await OpenAsync(response, cancellationToken).ConfigureAwait(false);
                }

                // The host closed the connection that was signed in, idle or just made, and does not know the new one.
                bool isOther = _signedIn != _connection;
                Forget();
                if (attempt > 0 && isOther)
                {
                    throw new CimException(CimErrorKind.Unreachable, $"{_target} closes the connection between the sign-in and the question.");
                }

                if (isFresh && !isOther)
                {
                    throw _desk.Refused(SignInSentence.Offered(response.Headers.WwwAuthenticate));
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException && attempt == 0)
            {
                Forget();
            }
            catch
            {
                Forget();
                throw;
            }
        }
    }

    private HttpRequestMessage Message(ReadOnlySpan<byte> envelope)
    {
        byte[] body = IsSealed ? SealedEnvelope.Seal(_context!, _scheme, envelope) : envelope.ToArray();
        var message = new HttpRequestMessage(HttpMethod.Post, _target.Url) { Content = new ByteArrayContent(body) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", IsSealed ? SealedEnvelope.ContentType(_scheme) : WsManChannel.SoapType);
        return message;
    }

    private async Task<WsManBytes> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.InternalServerError or HttpStatusCode.BadRequest))
        {
            throw WsManChannel.Refused(_target, response.StatusCode);
        }

        var bytes = await WsManBytes.ReadAsync(response, _target, cancellationToken).ConfigureAwait(false);
        if (!IsSealed || bytes.Length == 0 || bytes.IsCut)
        {
            // What was cut cannot be decrypted; an empty answer says all it can by its status.
            return bytes with { Length = IsSealed ? 0 : bytes.Length };
        }

        try
        {
            if (response.Content.Headers.ContentType?.MediaType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true)
            {
                throw new InvalidDataException("it came in clear, as anybody on the way could have written it");
            }

            return bytes with { Length = SealedEnvelope.Open(_context!, bytes.Buffer.AsSpan(0, bytes.Length)) };
        }
        catch (InvalidDataException wrong)
        {
            bytes.Dispose();
            throw new CimException(CimErrorKind.Protocol, $"The encrypted answer of {_target} cannot be used: {wrong.Message}.", inner: wrong);
        }
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        Forget();

        // The host may close the connection between two legs; then the handshake starts over, once.
        if (!await TrySignInAsync(cancellationToken).ConfigureAwait(false) && !await TrySignInAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new CimException(CimErrorKind.Unreachable, $"{_target} closes the connection in the middle of the sign-in.");
        }
    }

    private async Task<bool> TrySignInAsync(CancellationToken cancellationToken)
    {
        if (!IsSealed)
        {
            // The binding to the TLS connection needs the connection first.
            using var offer = await LegAsync(null, cancellationToken).ConfigureAwait(false);
            _scheme = _desk.SchemeOf(offer);
        }

        using var binding = _tls?.TransportContext.GetChannelBinding(System.Security.Authentication.ExtendedProtection.ChannelBindingKind.Endpoint);
        var context = _desk.Begin(_scheme, binding);
        try
        {
            byte[] token = await _desk.StepAsync(context, [], cancellationToken).ConfigureAwait(false);
            int connection = -1;
            for (int leg = 0; leg < 5; leg++)
            {
                using var response = await LegAsync(token, cancellationToken).ConfigureAwait(false);
                if (connection >= 0 && connection != _connection)
                {
                    return false;
                }

                connection = _connection;
                bool isRefused = response.StatusCode == HttpStatusCode.Unauthorized;
                if (isRefused && IsSealed && leg == 0 && _desk.SchemeOf(response) is var other && other != _scheme)
                {
                    _scheme = other;
                    return false;
                }

                byte[] answer = _desk.Challenge(response, _scheme);
                if (isRefused && answer.Length == 0)
                {
                    throw _desk.Refused(SignInSentence.Offered(response.Headers.WwwAuthenticate));
                }

                if (!isRefused && response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable)
                {
                    throw WsManChannel.Refused(_target, response.StatusCode);
                }

                _desk.ThrowIfRejected(answer);
                if (!isRefused && answer.Length == 0 && !context.IsReady)
                {
                    throw _desk.Unproven();
                }

                token = answer.Length == 0 ? [] : await _desk.StepAsync(context, answer, cancellationToken).ConfigureAwait(false);
                if (!isRefused)
                {
                    (_context, _signedIn) = context.IsReady ? (context, _connection) : throw _desk.Unproven();
                    return true;
                }

                if (token.Length == 0)
                {
                    throw _desk.Refused(SignInSentence.Offered(response.Headers.WwwAuthenticate));
                }
            }

            throw _desk.Refused(["Negotiate"]);
        }
        finally
        {
            if (_context != context)
            {
                context.Dispose();
            }
        }
    }

    private async Task<HttpResponseMessage> LegAsync(byte[]? token, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _target.Url) { Content = new ByteArrayContent([]) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", WsManChannel.SoapType);
        message.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue(_scheme, Convert.ToBase64String(token));
        return await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
    }

    private void Forget()
    {
        _context?.Dispose();
        (_context, _signedIn) = (null, -1);
    }

    public void Dispose()
    {
        Forget();
        _http.Dispose();
    }
}
