using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>The built dashboard, in a process of its own, as a user starts it.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly string _state = Directory.CreateTempSubdirectory("dashboard").FullName;
    private Process _process;

    private Dashboard(Uri url, Dictionary<string, string> settings)
    {
        (Url, _settings) = (url, settings);
        // What the developer saved in a dashboard of their own is none of a test's business.
        _settings["Web__StateFolder"] = _state;
        _process = Start(settings);
    }

    public Uri Url { get; }

    /// <summary>What was saved from the pages about rules.</summary>
    public string TuningFile => Path.Combine(_state, "demo", "rules.tuning.json");

    public HttpClient Http { get; } = new();

    public static async Task<Dashboard> StartAsync(CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        int port = FreePort();
        var all = settings.ToDictionary(s => s.Key, s => s.Value);
        all["Web__Listen"] = $"http://localhost:{port}";
        var dashboard = new Dashboard(new Uri($"http://localhost:{port}/"), all);
        await dashboard.UntilAsync(async () => (await dashboard.Http.GetAsync(new Uri(dashboard.Url, "healthz"), cancellationToken)).IsSuccessStatusCode, cancellationToken);
        return dashboard;
    }

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        _process = Start(_settings);
        await UntilAsync(async () => (await Http.GetAsync(new Uri(Url, "healthz"), cancellationToken)).IsSuccessStatusCode, cancellationToken);
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await Http.GetStringAsync(new Uri(Url, path), cancellationToken)).RootElement;

    public Task<string> HtmlAsync(string path, CancellationToken cancellationToken) => Http.GetStringAsync(new Uri(Url, path), cancellationToken);

    /// <summary>Waits until every host was read once and its state rules had their two samples.</summary>
    public Task UntilReadAsync(CancellationToken cancellationToken) =>
        UntilAsync(async () => !(await GetAsync("api/fleet", cancellationToken)).GetProperty("isReading").GetBoolean(), cancellationToken);

    /// <param name="said">What stands there instead, for the message of a wait in vain.</param>
    public async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken, Func<Task<string>>? said = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                Assert.False(_process.HasExited, "The dashboard ended.");
            }

            if (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"It did not come within 90 s. {(said is null ? "" : await said())}");
            }

            await Task.Delay(250, cancellationToken);
        }
    }

    private static Process Start(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(AppContext.BaseDirectory, "HyperVDash.Web.dll") }, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.KeepOutput("dashboard");
        return process;
    }

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        Http.Dispose();
        Directory.Delete(_state, recursive: true);
        return ValueTask.CompletedTask;
    }
}
