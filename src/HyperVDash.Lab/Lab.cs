using HyperVDash.Lab.Commands;

namespace HyperVDash.Lab;

/// <summary>The lab's command line.</summary>
public static class Lab
{
    public static Task<int> Main(string[] args) => LabCommands.Root(TimeProvider.System, Console.Out, Console.Error).Parse(args).InvokeAsync();
}
