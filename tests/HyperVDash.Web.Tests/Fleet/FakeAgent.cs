using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Json;

namespace HyperVDash.Web.Tests.Fleet;

/// <summary>An agent of a few hosts that says what a test lets it say.</summary>
internal sealed class FakeAgent : HttpMessageHandler, IHttpClientFactory
{
    private readonly Dictionary<string, PipeWriter> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostReading> _hosts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Thrown at every call while set.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Its answer to every call while set: status, content type and body.</summary>
    public (HttpStatusCode Status, string Type, string Body)? Refusal { get; set; }

    /// <summary>Hosts of which it tells what nobody can read.</summary>
    public HashSet<string> Garbled { get; } = [];

    /// <summary>How often the stream of a host was asked for.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new(StringComparer.Ordinal);

    public void Read(string key, HostReading reading)
    {
        lock (_gate)
        {
            _hosts[key] = reading;
            if (_streams.GetValueOrDefault(key) is { } stream)
            {
                Say(key, stream, reading);
            }
        }
    }

    /// <summary>Ends the stream of a host that it reads no more.</summary>
    public void Remove(string key)
    {
        lock (_gate)
        {
            _hosts.Remove(key);
            _streams[key].Complete();
            _streams.Remove(key);
        }
    }

    /// <summary>All streams break at one moment, as when its process is killed.</summary>
    public void BreakAll()
    {
        PipeWriter[] all;
        lock (_gate)
        {
            all = [.. _streams.Values];
            _streams.Clear();
        }

        Parallel.ForEach(all, stream => stream.Complete(new IOException("The response ended prematurely.")));
    }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Fault is not null)
        {
            return Task.FromException<HttpResponseMessage>(Fault);
        }

        if (Refusal is var (status, type, body))
        {
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) });
        }

        lock (_gate)
        {
            string[] path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (path.Length == 2)
            {
                return Answer(JsonContent.Create(_hosts.Keys.Select(k => new HostSummary(k, k)), options: AgentJson.Options));
            }

            if (!_hosts.TryGetValue(path[2], out var reading))
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
            }

            // Without a limit a write ends at once, and the next may follow before anybody reads.
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            _streams[path[2]] = pipe.Writer;
            Asked.AddOrUpdate(path[2], 1, (_, count) => count + 1);
            Say(path[2], pipe.Writer, reading);
            return Answer(new StreamContent(pipe.Reader.AsStream()));
        }
    }

    private static Task<HttpResponseMessage> Answer(HttpContent content) => Task.FromResult(new HttpResponseMessage { Content = content });

    private void Say(string key, PipeWriter stream, HostReading reading) => _ = stream.WriteAsync(
        Encoding.UTF8.GetBytes($"event: reading\ndata: {(Garbled.Contains(key) ? "{" : JsonSerializer.Serialize(reading, AgentJson.Options))}\n\n"), CancellationToken.None).AsTask();
}
