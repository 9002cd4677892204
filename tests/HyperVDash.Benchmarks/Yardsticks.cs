using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml;

namespace HyperVDash.Benchmarks;

/// <summary>What the inventory is held against.</summary>
internal static class Yardsticks
{
    // As many at a time as the collector asks.
    private const int Parallel = 3;

    private const int Passes = 5;
    private const int BatchSize = 8 << 20;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Passes over every node of every answer, keeping nothing.</summary>
    public static int ReadAll(IEnumerable<Exchange> exchanges)
    {
        int nodes = 0;
        foreach (var exchange in exchanges)
        {
            using var reader = XmlReader.Create(new MemoryStream(exchange.Answer, writable: false), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                CheckCharacters = false,
            });
            while (reader.Read())
            {
                nodes++;
            }
        }

        return nodes;
    }

    /// <summary>Passes over every answer that a server gave in the phase that was closed last, and prints what that took.</summary>
    public static async Task WalkAsync(Uri server, TextWriter output, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await using var served = await http.GetStreamAsync(new Uri(server, PreparedServer.ServedPath), cancellationToken);
        var walk = new Walk();
        var batch = new List<Exchange>();
        await foreach (var exchange in Exchange.ReadAllAsync(served, cancellationToken))
        {
            batch.Add(exchange);
            if (batch.Sum(e => (long)e.Answer.Length) > BatchSize)
            {
                walk = Pass(batch, walk);
                batch.Clear();
            }
        }

        walk = Pass(batch, walk) with { PeakMb = Phase.PeakOfThisProcess };
        await output.WriteLineAsync(JsonSerializer.Serialize(walk with { HttpCpuMs = await FetchAsync(server, cancellationToken) }));
    }

    /// <summary>Processor time for fetching all of that once more over HTTP, asked with the same requests.</summary>
    private static async Task<double> FetchAsync(Uri server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await using var served = await http.GetStreamAsync(new Uri(server, PreparedServer.ServedPath), cancellationToken);
        double took = 0;
        bool isWarm = false;
        await foreach (var exchanges in Exchange.ReadAllAsync(served, cancellationToken).Chunk(2000).WithCancellation(cancellationToken))
        {
            for (long start = Stopwatch.GetTimestamp(); !isWarm && Stopwatch.GetElapsedTime(start) < WarmUp;)
            {
                await DrainAsync(e => e.Addressee, exchanges, cancellationToken);
            }

            isWarm = true;
            var cpu = Environment.CpuUsage.TotalTime;
            await DrainAsync(e => e.Addressee, exchanges, cancellationToken);
            took += (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
        }

        return took;
    }

    private static Walk Pass(List<Exchange> batch, Walk before)
    {
        for (long start = Stopwatch.GetTimestamp(); before.Requests == 0 && Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            ReadAll(batch);
        }

        var cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Passes; i++)
        {
            ReadAll(batch);
        }

        return before with
        {
            Requests = before.Requests + batch.Count,
            Bytes = before.Bytes + batch.Sum(e => (long)e.Answer.Length),
            CpuMs = before.CpuMs + ((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Passes),
        };
    }

    /// <summary>Fetches every answer over HTTP and throws it away.</summary>
    public static Task<long> DrainAsync(Uri url, IReadOnlyList<Exchange> exchanges, CancellationToken cancellationToken) => DrainAsync(_ => url, exchanges, cancellationToken);

    private static async Task<long> DrainAsync(Func<Exchange, Uri> url, IReadOnlyList<Exchange> exchanges, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        long length = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(exchanges, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, async (exchange, stop) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url(exchange)) { Content = new ByteArrayContent(exchange.Request) };
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-8");
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 << 10);
            for (int read; (read = await body.ReadAsync(buffer, stop)) > 0;)
            {
                Interlocked.Add(ref length, read);
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        });
        return length;
    }
}
