using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using HyperVDash.Cim.WsMan;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>A real HTTP server that answers with what a test wrote down, one answer after the other, each as an answer to the request that came.</summary>
internal sealed partial class PaperHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Queue<PaperAnswer> _answers;

    private PaperHost(WebApplication app, IEnumerable<PaperAnswer> answers) => (_app, _answers) = (app, new(answers));

    /// <summary>The envelopes that came, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Their Authorization headers.</summary>
    public List<string> Authorizations { get; } = [];

    public Uri Url { get; private set; } = null!;

    public static Task<PaperHost> OfAsync(params IEnumerable<string> envelopes) => OfAsync(envelopes.Select(e => new PaperAnswer(e)));

    public static async Task<PaperHost> OfAsync(IEnumerable<PaperAnswer> answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var host = new PaperHost(builder.Build(), answers);
        host._app.Run(host.AnswerAsync);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        string address = host._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        host.Url = new Uri(address + "/wsman");
        return host;
    }

    public WsManSession Open(TimeProvider? time = null) => new(new WsManTarget(Url) { User = "reader", Password = "geheim" }, time ?? TimeProvider.System);

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string request = await reader.ReadToEndAsync(context.RequestAborted);
        Requests.Add(request);
        Authorizations.Add(context.Request.Headers.Authorization.ToString());
        if (!_answers.TryDequeue(out var answer))
        {
            context.Response.StatusCode = 410;
            return;
        }

        if (answer.IsBroken)
        {
            context.Abort();
            return;
        }

        string id = MessageId().Match(request).Groups[1].Value;
        byte[] body = answer.Encoding.GetBytes(RelatesTo().Replace(answer.Envelope, $"<a:RelatesTo>{id}</a:RelatesTo>"));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    [GeneratedRegex("<[a-z]+:MessageID[^>]*>([^<]+)<")]
    private static partial Regex MessageId();

    [GeneratedRegex("<a:RelatesTo>[^<]*</a:RelatesTo>")]
    private static partial Regex RelatesTo();
}

/// <summary>One answer as it goes over the wire.</summary>
internal sealed record PaperAnswer(string Envelope)
{
    public int Status { get; init; } = 200;

    /// <summary>The connection is closed instead.</summary>
    public bool IsBroken { get; init; }

    public string ContentType { get; init; } = "application/soap+xml;charset=UTF-8";

    public Encoding Encoding { get; init; } = new UTF8Encoding(false);

    public Dictionary<string, string> Headers { get; init; } = [];
}
