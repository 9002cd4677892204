using System.Buffers;
using System.Collections.Concurrent;
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
/// Lets the real collector read a generated host through it once, keeps every answer, and from then on answers from memory:
/// what is measured is the reader, not the lab.
/// </summary>
internal sealed class PreparedServer(Uri lab) : IDisposable
{
    public const string RecordedPath = "/recorded";

    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, Exchange> _prepared = new(StringComparer.Ordinal);
    private bool _isPrepared;

    public static async Task RunAsync(int vms, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        var scenario = LabScenarios.Generate(new GeneratorOptions(1, vms, 7) { Release = "2022" }, TimeProvider.System, isFrozen: true);
        var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, cancellationToken);
        using var server = new PreparedServer(lab.Addresses[0].Url);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        await using var app = builder.Build();
        app.Run(server.AnswerAsync);
        await app.StartAsync(cancellationToken);
        var url = new Uri(new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()), "wsman");
        await Inventory.ReadAsync(url, cancellationToken);
        server._isPrepared = true;
        await lab.DisposeAsync();
        GC.Collect();
        await output.WriteLineAsync(url.ToString());
        await output.FlushAsync(cancellationToken);
        await input.ReadToEndAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == RecordedPath)
        {
            foreach (var exchange in _prepared.Values)
            {
                await exchange.WriteAsync(context.Response.Body, context.RequestAborted);
            }

            return;
        }

        int length = (int)context.Request.ContentLength!.Value;
        byte[] request = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(request.AsMemory(0, length), context.RequestAborted);
            string key = Exchange.KeyOf(request.AsSpan(0, length));
            if (!_prepared.TryGetValue(key, out var exchange))
            {
                if (_isPrepared)
                {
                    // A question that was not prepared would be measured as a fast failure.
                    await Console.Error.WriteLineAsync($"Not prepared: {key}");
                    context.Response.StatusCode = StatusCodes.Status501NotImplemented;
                    return;
                }

                exchange = await AskLabAsync(context.Request, request.AsSpan(0, length).ToArray(), context.RequestAborted);
                _prepared[key] = exchange;
            }

            await SendAsync(context.Response, exchange, request.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(request);
        }
    }

    private async Task<Exchange> AskLabAsync(HttpRequest asked, byte[] body, CancellationToken cancellationToken)
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
