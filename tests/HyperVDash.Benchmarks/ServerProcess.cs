using System.Diagnostics;
using System.Globalization;

namespace HyperVDash.Benchmarks;

/// <summary>This program again, as the server; ends when it is disposed of, or when this process does.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public static Task<ServerProcess> StartAsync(int vms, CancellationToken cancellationToken) => StartAsync(["server", vms.ToString(CultureInfo.InvariantCulture)], cancellationToken);

    public static async Task<ServerProcess> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return line is null ? throw new InvalidOperationException("The server ended before it was ready.") : new ServerProcess(process, new Uri(line));
    }

    public async Task<List<Exchange>> ExchangesAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await using var recorded = await http.GetStreamAsync(new Uri(Url, PreparedServer.RecordedPath), cancellationToken);
        return await Exchange.ReadAllAsync(recorded, cancellationToken).ToListAsync(cancellationToken);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }
}
