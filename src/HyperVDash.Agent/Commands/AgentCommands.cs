using System.CommandLine;

namespace HyperVDash.Agent.Commands;

/// <summary>The verbs of the command line.</summary>
public static class AgentCommands
{
    public static RootCommand Root(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var root = new RootCommand("Reads Hyper-V hosts; never changes them.");
        root.Subcommands.Add(InventoryCommand.Create(time, output, errors));
        root.Subcommands.Add(CheckCommand.Create(time, output, errors));
        root.Subcommands.Add(CaptureCommand.Create(time, output, errors));
        root.Subcommands.Add(SelfTestCommand.Create(time, output, errors));
        root.Subcommands.Add(ServeCommand.Create(time, output, errors));
        return root;
    }

    /// <summary>Runs a command's work; a mistake in its options is a sentence and exit code 1.</summary>
    internal static async Task<int> GuardAsync(Func<Task<int>> run, TextWriter errors)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception mistake) when (mistake is FormatException or ArgumentException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // A settings file that is no JSON hides the line and place in the cause.
            string cause = mistake is InvalidDataException ? $" {mistake.GetBaseException().Message}" : "";
            await errors.WriteLineAsync(mistake.Message + cause).ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Stopped before the end.").ConfigureAwait(false);
            return 130;
        }
    }
}
