using HyperVDash.Agent.Commands;

namespace HyperVDash.Agent;

/// <summary>The host-agent's command line.</summary>
public static class Agent
{
    public static Task<int> Main(string[] args) => AgentCommands.RunAsync(args, TimeProvider.System, Console.Out, Console.Error, Console.IsInputRedirected ? null : Console.In, CancellationToken.None);
}
