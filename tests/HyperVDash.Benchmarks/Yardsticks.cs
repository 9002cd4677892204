using System.Net.Http.Headers;
using System.Xml;

namespace HyperVDash.Benchmarks;

/// <summary>What the inventory is held against.</summary>
internal static class Yardsticks
{
    // As many at a time as the collector asks.
    private const int Parallel = 3;

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

    /// <summary>Fetches every answer over HTTP and throws it away.</summary>
    public static async Task<long> DrainAsync(Uri url, IReadOnlyList<Exchange> exchanges, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        long length = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(exchanges, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, async (exchange, stop) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(exchange.Request) };
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
