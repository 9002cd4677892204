using System.Collections.Concurrent;
using System.Diagnostics;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>A program of the system that a test runs, and what it printed.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Tool(Process process) => _process = process;

    /// <summary>What it printed, in order.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>The first line, e.g. a port.</summary>
    public Task<string> FirstLine => _first.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public static string? Find(string program) =>
        new[] { "/usr/bin", "/usr/sbin", "/bin", "/sbin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static Tool Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Find(program) ?? program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var tool = new Tool(new Process { StartInfo = start });
        tool._process.OutputDataReceived += (_, line) => tool.Note(line.Data);
        tool._process.ErrorDataReceived += (_, line) => tool.Note(line.Data);
        tool._process.Start();
        tool._process.BeginOutputReadLine();
        tool._process.BeginErrorReadLine();
        return tool;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>All it printed.</returns>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string input = "", bool mayFail = false)
    {
        await using var tool = Start(program, arguments, environment);
        await tool._process.StandardInput.WriteAsync(input);
        tool._process.StandardInput.Close();
        await tool._process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        string text = string.Join('\n', tool.Lines);
        return mayFail || tool._process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed ({tool._process.ExitCode}): {text}");
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            _first.TrySetResult(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
