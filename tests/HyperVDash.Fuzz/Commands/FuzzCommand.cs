using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HyperVDash.Fuzz.Coverage;
using HyperVDash.Fuzz.Run;
using HyperVDash.Fuzz.Targets;

namespace HyperVDash.Fuzz.Commands;

/// <summary>Runs targets in a second process whose product code is instrumented, so that not even a crash of the process loses the input.</summary>
internal static class FuzzCommand
{
    public static RootCommand Create(TextWriter output)
    {
        var target = new Option<string>("--target") { Description = $"What to give inputs to: {string.Join(", ", FuzzTargets.All.Select(t => t.Name))}, or all.", DefaultValueFactory = _ => "all" };
        var count = new Option<long>("--count") { Description = "Inputs for each target.", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same inputs.", DefaultValueFactory = _ => 1 };
        var folder = new Option<string>("--out") { Description = "Where inputs that did harm are written.", DefaultValueFactory = _ => "fuzz-finds" };
        var missed = new Option<bool>("--missed") { Description = "Lists the methods with blocks that never ran." };
        var command = new RootCommand("Gives the readers of text from strangers inputs that nobody would send, and reports what came of it.") { target, count, seed, folder, missed };
        command.SetAction((parsed, cancellationToken) =>
        {
            string[] names = parsed.GetValue(target) is "all" or null ? [.. FuzzTargets.All.Select(t => t.Name)] : [FuzzTargets.Get(parsed.GetValue(target)!).Name];
            var settings = new FuzzSettings(parsed.GetValue(count), parsed.GetValue(seed)) { Folder = Path.GetFullPath(parsed.GetValue(folder)!) };
            return InstrumentedCode.Load() is { } code
                ? RunAsync(names, settings, code, parsed.GetValue(missed), output, cancellationToken)
                : StartAsync(parsed.Tokens.Select(t => t.Value), settings, output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(string[] names, FuzzSettings settings, InstrumentedCode code, bool listsMissed, TextWriter output, CancellationToken cancellationToken)
    {
        using var inHand = new InputInHand(Path.Combine(AppContext.BaseDirectory, "input"), TimeProvider.System);
        var reports = new List<FuzzReport>();
        foreach (string name in names)
        {
            var target = FuzzTargets.Get(name);
            reports.Add(await new FuzzRun(target, settings, code, inHand).RunAsync(r => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Target}: {r.Inputs:N0}, {r.Finds.Count} finds")), cancellationToken).ConfigureAwait(false));
            (target as IDisposable)?.Dispose();
        }

        foreach (string line in FuzzReport.Table(reports))
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
        }

        foreach (var find in reports.SelectMany(r => r.Finds))
        {
            await output.WriteLineAsync($"\n{find.Target}: {find.Signature}, {find.Input.Length} bytes\n  {find.What.ReplaceLineEndings("\n  ")}").ConfigureAwait(false);
        }

        foreach (var (report, method) in listsMissed ? reports.SelectMany(r => r.Coverage!.Missed.Select(m => (r, m))) : [])
        {
            await output.WriteLineAsync($"{report.Target}: {method.Method} {method.Run} of {method.Blocks}").ConfigureAwait(false);
        }

        return reports.Any(r => r.Finds.Count > 0) ? 1 : 0;
    }

    private static async Task<int> StartAsync(IEnumerable<string> arguments, FuzzSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"hypervdash-fuzz-{Environment.ProcessId}");
        try
        {
            InstrumentedCode.Write(AppContext.BaseDirectory, folder, [.. FuzzTargets.All.SelectMany(t => t.Code).Distinct()]);
            using var child = Process.Start(Copy(folder, arguments))!;
            await child.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (child.ExitCode is 0 or 1)
            {
                return child.ExitCode;
            }

            Directory.CreateDirectory(settings.Folder!);
            string left = Path.Combine(settings.Folder!, child.ExitCode == InputInHand.Hung ? "hang.input" : "crash.input");
            await File.WriteAllBytesAsync(left, InputInHand.Left(Path.Combine(folder, "input")), cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync($"The process ended with {child.ExitCode}; what it was reading is in {left}.").ConfigureAwait(false);
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // `dotnet run` starts the program itself, `dotnet X.dll` the runtime with the program's name.
    private static ProcessStartInfo Copy(string folder, IEnumerable<string> arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? new(Environment.ProcessPath!, [Path.Combine(folder, "HyperVDash.Fuzz.dll"), .. arguments])
            : new(Path.Combine(folder, Path.GetFileName(Environment.ProcessPath!)), arguments);
}
