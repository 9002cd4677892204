using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Agent.Tests.Wire;

/// <summary>What an agent asked, as text, and what it asked for.</summary>
/// <param name="Namespace">With slashes, in lower case, e.g. <c>root/cimv2</c>.</param>
/// <param name="Class">Of the resource, or of the FROM of its query.</param>
/// <param name="Operation">Enumerate, Pull, Release, Get, Identify or the name of a method.</param>
internal sealed record SoapQuestion(string Text, string Namespace, string Class, string Operation)
{
    private const string Prefix = "/wsman/1/wmi/";

    public static SoapQuestion Read(string text)
    {
        string uri = Element(text, "ResourceURI");
        string action = Element(text, "Action");
        string path = uri.Contains(Prefix, StringComparison.Ordinal) ? uri[(uri.IndexOf(Prefix, StringComparison.Ordinal) + Prefix.Length)..] : uri;
        int slash = path.LastIndexOf('/');
        string className = slash < 0 ? "" : path[(slash + 1)..];
        if (className == "*")
        {
            className = Regex.Match(text, @"\bFROM\s+(\w+)", RegexOptions.IgnoreCase).Groups[1].Value;
        }

        return new(text, slash < 0 ? "" : path[..slash].ToLowerInvariant(), className, action[(action.LastIndexOf('/') + 1)..]);
    }

    public string MessageId => Element(Text, "MessageID");

    /// <summary>Text of the first element of that name; empty if there is none.</summary>
    public string Element(string name) => Element(Text, name);

    private static string Element(string text, string name) => WebUtility.HtmlDecode(Regex.Match(text, $@"<(?:\w+:)?{name}\b[^>]*>([^<]*)</").Groups[1].Value);
}

/// <param name="IsCut">The connection is closed before the last bytes, which were promised.</param>
internal sealed record SoapAnswer(int Status, byte[] Body, bool IsCut = false)
{
    public static SoapAnswer Of(string text, int status = 200) => new(status, Encoding.UTF8.GetBytes(text));
}

/// <summary>Listens on loopback and answers as a test wants; knows nothing of WS-Management but how to find out what was asked.</summary>
internal sealed class SoapListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SoapListener(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = new("http://localhost/");

    public static async Task<SoapListener> StartAsync(Func<SoapQuestion, HttpRequest, Task<SoapAnswer>> answer, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var (status, body, isCut) = await answer(SoapQuestion.Read(await reader.ReadToEndAsync(context.RequestAborted)), context.Request);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/soap+xml;charset=UTF-8";
            context.Response.ContentLength = isCut ? body.Length + 64 : body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
            if (isCut)
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
            }
        });
        await app.StartAsync(stop);
        return new SoapListener(app) { Url = new Uri(new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()), "wsman") };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
