using System.Diagnostics;

namespace HyperVDash.EndToEnd.Tests;

/// <summary>What a started program says is kept beside the screenshots: a failed test is explained by it.</summary>
internal static class ProcessOutput
{
    private static string Folder => Path.Combine(Repository.Root, "artifacts", "logs");

    public static void KeepOutput(this Process process, string program)
    {
        Directory.CreateDirectory(Folder);
        // Others may read it while it is written.
        var file = new FileStream(FileOf(program, process), FileMode.Create, FileAccess.Write, FileShare.Read);
        var log = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it said until now.</summary>
    public static async Task<string> ReadAsync(string program, Process process, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new FileStream(FileOf(program, process), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static string FileOf(string program, Process process) => Path.Combine(Folder, $"{program}-{process.Id}.log");
}
