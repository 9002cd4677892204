using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HyperVDash.Benchmarks;

/// <summary>
/// Lets the real collector read generated hosts through it once, keeps every answer, and from then on answers from memory:
/// what is measured is the reader, not the lab.
/// </summary>
/// <param name="labs">The hosts that answer; host 7 of a path is the seventh of them, and when there are fewer, one that looks like it.</param>
/// <param name="isStrict">Once prepared, a question that was never asked is an error. Otherwise the lab answers it, and it is counted.</param>
internal sealed class PreparedServer(IReadOnlyList<Uri> labs, bool isStrict) : IDisposable
{
    public const string RecordedPath = "/recorded";

    /// <summary>All that was served between the last two visits of <see cref="ClosePath"/>.</summary>
    public const string ServedPath = "/served";
    public const string ClosePath = "/close";

    /// <summary>In its path the host that is there to warm up with.</summary>
    public const string WarmUpHost = "warm";

    // A lab of hundreds of hosts takes gigabytes: so many are made, and the others answer like them.
    private const int Different = 10;
    private const int WarmUpVms = 10;
    private const int MostShown = 500;

    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, Exchange> _prepared = new(StringComparer.Ordinal);
    private ConcurrentQueue<Exchange> _served = new();
    private ConcurrentQueue<Exchange> _closed = new();
    private bool _isPrepared;

    /// <summary>One host whose whole inventory is prepared, but for the headers of its disks.</summary>
    public static async Task RunAsync(int vms, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        await using var lab = await LabAsync(1, vms, cancellationToken);
        using var server = new PreparedServer([lab.Addresses[0].Url], isStrict: true);
        await using var app = await server.StartAsync(cancellationToken);
        var url = UrlOf(app, "0");
        await Inventory.ReadAsync(url, cancellationToken);
        server._isPrepared = true;
        await lab.DisposeAsync();
        GC.Collect();
        await ServeAsync(url, input, output, cancellationToken);
    }

    /// <summary>Any number of hosts and one to warm up with, prepared for all that an agent asks.</summary>
    public static async Task RunManyAsync(int hosts, int vms, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        await using var lab = await LabAsync(Math.Min(hosts, Different), vms, cancellationToken);
        await using var small = await LabAsync(1, WarmUpVms, cancellationToken);
        using var server = new PreparedServer([.. lab.Addresses.Select(a => a.Url), small.Addresses[0].Url], isStrict: false);
        await using var app = await server.StartAsync(cancellationToken);
        foreach (string host in Enumerable.Range(0, lab.Addresses.Count).Select(i => $"{i}").Append(WarmUpHost))
        {
            await Inventory.ReadAllAsync(UrlOf(app, host), 1, cancellationToken);
        }

        server._isPrepared = true;
        server._served.Clear();
        GC.Collect();
        await ServeAsync(UrlOf(app, "0"), input, output, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static Task<LabServer> LabAsync(int hosts, int vms, CancellationToken cancellationToken) =>
        LabServer.StartAsync(LabScenarios.Generate(new GeneratorOptions(hosts, vms, 7) { Release = "2022" }, TimeProvider.System, isFrozen: true).Hosts, new LabServerOptions(), TimeProvider.System, cancellationToken);

    private static async Task ServeAsync(Uri url, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(url.ToString());
        await output.FlushAsync(cancellationToken);
        await input.ReadToEndAsync(cancellationToken);
    }

    private static Uri UrlOf(WebApplication app, string host) =>
        new(new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()), $"{host}/wsman");

    private async Task<WebApplication> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken);
        return app;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case RecordedPath:
                await SendAllAsync(context, _prepared.Values);
                return;
            case ServedPath:
                await SendAllAsync(context, _closed);
                return;
            case ClosePath:
                _closed = Interlocked.Exchange(ref _served, new());
                return;
        }

        int length = (int)context.Request.ContentLength!.Value;
        byte[] request = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(request.AsMemory(0, length), context.RequestAborted);
            int host = HostOf(context.Request.Path.Value!);
            string key = $"{host}\n{Exchange.KeyOf(request.AsSpan(0, length))}";
            if (!_prepared.TryGetValue(key, out var exchange))
            {
                if (_isPrepared)
                {
                    await Console.Error.WriteLineAsync($"Not prepared: {Asked(key)}");
                    if (isStrict)
                    {
                        // A question that was not prepared would be measured as a fast failure.
                        context.Response.StatusCode = StatusCodes.Status501NotImplemented;
                        return;
                    }
                }

                exchange = await AskLabAsync(labs[host], context.Request, request.AsSpan(0, length).ToArray(), context.RequestAborted);
                _prepared[key] = exchange;
            }

            if (!isStrict)
            {
                _served.Enqueue(exchange);
            }

            await SendAsync(context.Response, exchange, request.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(request);
        }
    }

    /// <summary>Host, action and body: what tells one question from another.</summary>
    private static string Asked(string key)
    {
        int action = key.IndexOf("<a:Action", StringComparison.Ordinal), end = key.IndexOf("</a:Action>", StringComparison.Ordinal);
        string asked = $"{key[..key.IndexOf('\n', StringComparison.Ordinal)]} {key[action..end]} {key[Math.Max(0, key.IndexOf("<s:Body>", StringComparison.Ordinal))..]}";
        return asked.Length > MostShown ? $"{asked[..MostShown]}…" : asked;
    }

    private int HostOf(string path) =>
        path.Split('/')[1] is var name && name == WarmUpHost ? labs.Count - 1 : int.Parse(name, CultureInfo.InvariantCulture) % Math.Max(1, isStrict ? labs.Count : labs.Count - 1);

    private static async Task SendAllAsync(HttpContext context, IEnumerable<Exchange> exchanges)
    {
        foreach (var exchange in exchanges)
        {
            await exchange.WriteAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private async Task<Exchange> AskLabAsync(Uri lab, HttpRequest asked, byte[] body, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, lab) { Content = new ByteArrayContent(body) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        message.Headers.TryAddWithoutValidation("Authorization", asked.Headers.Authorization.ToString());
        using var answer = await _http.SendAsync(message, cancellationToken);
        return new Exchange(body, (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static async Task SendAsync(HttpResponse response, Exchange exchange, ReadOnlyMemory<byte> request)
    {
        var (before, replaced) = exchange.Split;
        response.StatusCode = exchange.Status;
        response.ContentType = "application/soap+xml;charset=UTF-8";
        response.ContentLength = exchange.Answer.Length;
        response.BodyWriter.Write(before.Span);
        if (replaced > 0)
        {
            response.BodyWriter.Write(Exchange.MessageIdOf(request.Span));
            response.BodyWriter.Write(exchange.Answer.AsSpan(before.Length + replaced));
        }

        await response.BodyWriter.FlushAsync();
    }
}
