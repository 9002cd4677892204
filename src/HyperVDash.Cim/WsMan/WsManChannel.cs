using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace HyperVDash.Cim.WsMan;

/// <summary>Posts envelopes to one host and brings back the bytes; everything that is not a SOAP answer becomes a <see cref="CimException"/>.</summary>
internal sealed class WsManChannel : IDisposable
{
    // A host's own limit is 500 KB by default; an answer of many times that is no answer to us.
    private const int MaxReply = 32 << 20;

    private readonly WsManTarget _target;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly AuthenticationHeaderValue? _basic;

    public WsManChannel(WsManTarget target, TimeProvider time)
    {
        _target = target;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            ConnectTimeout = target.ConnectTimeout,
            MaxConnectionsPerServer = 4,
            Expect100ContinueTimeout = TimeSpan.Zero,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => target.Accepts(certificate, errors == SslPolicyErrors.None),
            },
        };
        _http = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _http.DefaultRequestHeaders.ExpectContinue = false;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("HyperVDash/1.0");
        _basic = target is { User: { } user, MaySendPassword: true }
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{target.Password}")))
            : null;
    }

    /// <summary>Sends one envelope. The reply is complete, or cut short and marked so.</summary>
    public async Task<WsManBytes> PostAsync(WsManRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_target.User is not null && !_target.MaySendPassword)
        {
            throw new CimException(CimErrorKind.AccessDenied,
                $"{_target} is plain HTTP, so the password is not sent there. Use https://…:5986/wsman, or set AllowBasicOverHttp for this host if the network is yours alone.");
        }

        using var time = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, _target.Url) { Content = new ReadOnlyMemoryContent(request.Body) };
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/soap+xml;charset=UTF-8");
            message.Headers.Authorization = _basic;
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.InternalServerError or HttpStatusCode.BadRequest))
            {
                throw Refused(response);
            }

            return await ReadAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CimException(CimErrorKind.Timeout, $"{_target} did not answer within the {limit.TotalSeconds:0.##} s that were left for it.");
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

    private async Task<WsManBytes> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        long expected = response.Content.Headers.ContentLength ?? 0;
        if (expected > MaxReply)
        {
            throw TooLong();
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(16 << 10, expected + 1));
        int length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            bool isCut = false;
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read;
                try
                {
                    read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                }
                catch (Exception broken) when (broken is IOException or HttpRequestException)
                {
                    isCut = true;
                    break;
                }

                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > MaxReply)
                {
                    throw TooLong();
                }
            }

            return new WsManBytes(buffer, length, isCut, (int)response.StatusCode);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private CimException TooLong() =>
        new(CimErrorKind.Protocol, $"{_target} sent an answer of more than {MaxReply >> 20} MB, which no envelope may be; it was not read.");

    private CimException Refused(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            var offered = response.Headers.WwwAuthenticate.Select(h => h.Scheme).Distinct().ToList();
            bool offersBasic = offered.Contains("Basic", StringComparer.OrdinalIgnoreCase);
            return new CimException(CimErrorKind.AccessDenied, (offersBasic, _target.User) switch
            {
                (true, null) => $"{_target} wants a user name and password; none is set for this host.",
                (true, _) => $"{_target} refused the user '{_target.User}'. Check name and password, and that the account may use WinRM there.",
                _ => $"{_target} offers only {(offered.Count == 0 ? "an unnamed way" : string.Join(" and ", offered))} to sign in, and this build signs in with Basic alone. "
                    + "Allow Basic on its HTTPS listener: winrm set winrm/config/service/auth @{Basic=\"true\"}.",
            });
        }

        return response.StatusCode switch
        {
            HttpStatusCode.Forbidden => new(CimErrorKind.AccessDenied, $"{_target} refused the request (HTTP 403): a client certificate or a policy is missing."),
            HttpStatusCode.NotFound => new(CimErrorKind.Protocol, $"{_target} answers, but not as WinRM (HTTP 404). Check the path; it is /wsman by default."),
            HttpStatusCode.RequestEntityTooLarge => new(CimErrorKind.Protocol, $"{_target} finds the request too large (HTTP 413).", 0x80338049),
            HttpStatusCode.ServiceUnavailable => new(CimErrorKind.Unreachable, $"WinRM at {_target} is stopped or busy (HTTP 503). Check the service: Get-Service WinRM."),
            var status => new(CimErrorKind.Protocol, $"{_target} answered HTTP {(int)status}, which WinRM does not."),
        };
    }

    private CimException Unreachable(HttpRequestException failed) => failed switch
    {
        { InnerException: AuthenticationException } => new(CimErrorKind.Unreachable,
            $"The certificate of {_target} is not trusted. Install its issuer, or set CertificateThumbprint for this host.", inner: failed),
        { HttpRequestError: HttpRequestError.NameResolutionError } => new(CimErrorKind.Unreachable,
            $"The name {_target.Url.Host} does not resolve. Check the spelling and DNS.", inner: failed),
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => new(CimErrorKind.Unreachable,
            $"Nothing listens at {_target.Url.Host}:{_target.Url.Port}. On the host run: winrm quickconfig, and check the firewall.", inner: failed),
        { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } => new(CimErrorKind.Unreachable,
            $"{_target} closed the connection before it answered.", inner: failed),
        _ => new(CimErrorKind.Unreachable, $"{_target.Url.Host}:{_target.Url.Port} cannot be reached: {failed.Message}", inner: failed),
    };

    public void Dispose() => _http.Dispose();
}

/// <summary>A reply's bytes in a rented buffer.</summary>
/// <param name="IsCut">The connection broke before the announced end.</param>
internal sealed record WsManBytes(byte[] Buffer, int Length, bool IsCut, int Status) : IDisposable
{
    public MemoryStream Open() => new(Buffer, 0, Length, writable: false);

    public void Dispose() => ArrayPool<byte>.Shared.Return(Buffer);
}
