using HyperVDash.Agent.Commands;

namespace HyperVDash.Agent;

/// <summary>The host-agent's command line.</summary>
public static class Agent
{
    public static Task<int> Main(string[] args) => AgentCommands.Root(TimeProvider.System, Console.Out, Console.Error).Parse(args).InvokeAsync();
}
