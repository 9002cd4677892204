using System.Net;
using System.Text;
using System.Xml;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Lab.WsMan;

/// <summary>Where a lab host answers.</summary>
public sealed record LabAddress(string Host, Uri Url);

/// <summary>How a lab is served.</summary>
public sealed record LabServerOptions
{
    /// <summary>Port of the first host, the others follow; 0 takes free ones.</summary>
    public int Port { get; init; }

    public string User { get; init; } = "lab";

    public string Password { get; init; } = "lab";
}

/// <summary>Serves the hosts of a lab over WS-Management on loopback, one port a host.</summary>
public sealed class LabServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _authorization;
    private readonly Dictionary<int, HostEndpoint> _byPort = [];

    private LabServer(WebApplication app, LabServerOptions options, TimeProvider time)
    {
        _app = app;
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
        Time = time;
    }

    public LabFaults Faults { get; } = new();

    public LabRequestLog Log { get; } = new();

    public IReadOnlyList<LabAddress> Addresses { get; private set; } = [];

    private TimeProvider Time { get; }

    public static async Task<LabServer> StartAsync(
        IReadOnlyList<LabHost> hosts, LabServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        // An empty builder reads no settings, so no ASPNETCORE_URLS can move a lab off loopback.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 4 << 20;
            kestrel.AddServerHeader = false;
            for (int i = 0; i < hosts.Count; i++)
            {
                kestrel.Listen(IPAddress.Loopback, options.Port == 0 ? 0 : options.Port + i);
            }
        });
        builder.Services.AddLogging();
        var lab = new LabServer(builder.Build(), options, time);
        lab._app.Run(lab.HandleAsync);
        await lab._app.StartAsync(cancellationToken).ConfigureAwait(false);
        var urls = lab._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a)).ToList();
        for (int i = 0; i < hosts.Count; i++)
        {
            lab._byPort[urls[i].Port] = new HostEndpoint(hosts[i], lab.Faults, time);
        }

        lab.Addresses = [.. hosts.Select((h, i) => new LabAddress(h.Name, new Uri(urls[i], "wsman")))];
        return lab;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var endpoint = _byPort[context.Connection.LocalPort];
        string host = endpoint.Host.Name;
        context.Response.Headers.Server = "Microsoft-HTTPAPI/2.0";
        if (await IsRefusedAsync(context, host).ConfigureAwait(false))
        {
            return;
        }

        if (context.Request.ContentLength > endpoint.MaxEnvelope)
        {
            context.Response.StatusCode = 413;
            return;
        }

        SoapRequest request;
        try
        {
            request = await SoapRequest.ReadAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (XmlException)
        {
            context.Response.StatusCode = 400;
            return;
        }

        bool isSignedIn = IsSignedIn(context);
        if (!isSignedIn && request.Operation?.Name.NamespaceName != Names.Identity)
        {
            // The header that lets strangers in opens Identify and nothing else.
            FaultyResponse.Refuse(context);
            return;
        }

        var subject = new RequestSubject();
        var (status, body) = endpoint.Answer(request, subject, isSignedIn);
        Log.Add(new LabRequest(host, subject.Operation, subject.Namespace, subject.Class, subject.Wql, status, body.Length));
        await new FaultyResponse(Faults, Time, host, subject).SendAsync(context, status, body).ConfigureAwait(false);
    }

    private async Task<bool> IsRefusedAsync(HttpContext context, string host)
    {
        if (Faults.Find(host, null, LabFaultKind.Refuse) is not null)
        {
            context.Abort();
            return true;
        }

        if (Faults.Find(host, null, LabFaultKind.Hang) is not null)
        {
            await FaultyResponse.HangAsync(context).ConfigureAwait(false);
            return true;
        }

        if ((!IsSignedIn(context) && !IsAnonymousIdentify(context)) || Faults.Find(host, null, LabFaultKind.Unauthorized) is not null)
        {
            FaultyResponse.Refuse(context);
            return true;
        }

        bool isRight = HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Equals("/wsman", StringComparison.OrdinalIgnoreCase);
        context.Response.StatusCode = isRight ? 200 : context.Request.Path == "/wsman" ? 405 : 404;
        return !isRight;
    }

    private bool IsSignedIn(HttpContext context) => context.Request.Headers.Authorization == _authorization;

    private static bool IsAnonymousIdentify(HttpContext context) => context.Request.Headers["WSMANIDENTIFY"] == "unauthenticated";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}
