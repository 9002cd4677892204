using System.CommandLine;
using HyperVDash.Agent.Serve;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace HyperVDash.Agent.Commands;

/// <summary><c>serve</c>: reads the hosts of the settings and answers over HTTP. Console, Windows service and systemd unit are the same program.</summary>
internal static class ServeCommand
{
    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var listen = new Option<string?>("--listen") { Description = "Address to listen on instead of Agent:Listen." };
        var token = new Option<string?>("--token-env") { Description = "Environment variable that holds the token clients must send." };
        var command = new Command("serve", "Reads hosts all the time and answers over HTTP.") { listen, token };
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true).AddEnvironmentVariables().Build();
            var options = settings.GetSection("Agent").Get<AgentOptions>() ?? new AgentOptions();
            var rules = RuleOptions.Read(settings);
            Source? opened = !source.IsGiven(parsed) ? null : await source.OpenAsync(parsed, time, cancellationToken);
            options = options with
            {
                Listen = parsed.GetValue(listen) is not { } address ? options.Listen
                    : Uri.TryCreate(address, UriKind.Absolute, out var url) ? url : throw new FormatException($"--listen '{address}' is no address; write e.g. http://127.0.0.1:5090."),
                TokenEnv = parsed.GetValue(token) ?? options.TokenEnv,
                Targets = opened?.Targets ?? options.Targets,
            };
            if (options.Targets.Count == 0)
            {
                throw new InvalidOperationException("Agent:Targets names no host. Add one to the settings, or try --lab demo.");
            }

            await using var agent = await AgentHost.StartAsync(options, opened?.Rules ?? rules, time, services =>
            {
                services.AddSerilog(log => log.ReadFrom.Configuration(settings));
                services.AddWindowsService().AddSystemd();
            }, cancellationToken);
            await output.WriteLineAsync($"Agent reads {options.Targets.Count} hosts and listens at {agent.Url}");
            await agent.WaitAsync(cancellationToken);
            if (opened is not null)
            {
                await opened.DisposeAsync();
            }

            return 0;
        }, errors));
        return command;
    }
}
