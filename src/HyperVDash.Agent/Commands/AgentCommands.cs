using System.CommandLine;

namespace HyperVDash.Agent.Commands;

/// <summary>The verbs of the command line.</summary>
public static class AgentCommands
{
    /// <param name="input">Where a person answers questions; null if nobody is there.</param>
    public static RootCommand Root(TimeProvider time, TextWriter output, TextWriter errors, TextReader? input = null)
    {
        var root = new RootCommand("Reads Hyper-V hosts; never changes them.");
        root.Subcommands.Add(InventoryCommand.Create(time, output, errors));
        root.Subcommands.Add(CheckCommand.Create(time, output, errors));
        root.Subcommands.Add(CaptureCommand.Create(time, output, errors, input));
        root.Subcommands.Add(SelfTestCommand.Create(time, output, errors));
        root.Subcommands.Add(ServeCommand.Create(time, output, errors));
        return root;
    }

    /// <summary>Exit code for options or settings that are wrong; 1 and 2 speak of the hosts.</summary>
    internal const int Misused = 64;

    /// <summary>Exit code for what could not be read or written.</summary>
    internal const int Unread = 2;

    /// <summary>Exit code of <c>check</c> if it ran without a rule of the user's own, which has a mistake.</summary>
    internal const int RuleRefused = 3;

    /// <summary>Runs a command line: a mistake in it has an exit code of its own, whoever finds it.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default) =>
        RunAsync(arguments, time, output, errors, null, cancellationToken);

    /// <summary>The same where a person answers questions.</summary>
    /// <param name="input">Null if nobody is there.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TimeProvider time, TextWriter output, TextWriter errors, TextReader? input, CancellationToken cancellationToken)
    {
        var parsed = Root(time, output, errors, input).Parse(arguments);
        int code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, cancellationToken).ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? Misused : code;
    }

    /// <summary>Runs a command's work; a mistake in its options or settings is a sentence.</summary>
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
            return mistake is IOException or UnauthorizedAccessException ? Unread : Misused;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Stopped before the end.").ConfigureAwait(false);
            return 130;
        }
    }
}
