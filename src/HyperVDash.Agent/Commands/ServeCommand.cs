using System.CommandLine;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Settings;
using HyperVDash.Agent.Targets;
using HyperVDash.Rules.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace HyperVDash.Agent.Commands;

/// <summary><c>serve</c>: reads the hosts of the settings and answers over HTTP. Console, Windows service and systemd unit are the same program.</summary>
internal static class ServeCommand
{
    // A settings file that says nothing of a log must not silence the program; one that does has the last word.
    private static readonly Dictionary<string, string?> Log = new()
    {
        ["Serilog:MinimumLevel:Default"] = "Information",
        ["Serilog:MinimumLevel:Override:Microsoft"] = "Warning",
        ["Serilog:MinimumLevel:Override:System.Net.Http"] = "Warning",
        ["Serilog:WriteTo:0:Name"] = "Console",
    };

    public static Command Create(TimeProvider time, TextWriter output, TextWriter errors)
    {
        var source = new SourceOptions();
        var listen = new Option<string?>("--listen") { Description = "Address to listen on instead of Agent:Listen." };
        var token = new Option<string?>("--token-env") { Description = "Environment variable that holds the token clients must send." };
        var settingsFile = new Option<string?>("--settings") { Description = "Settings file to read instead of the appsettings.json beside the program." };
        var command = new Command("serve", "Reads hosts all the time and answers over HTTP.") { listen, token, settingsFile };
        source.AddTo(command);
        command.SetAction((parsed, cancellationToken) => AgentCommands.GuardAsync(async () =>
        {
            var settings = SettingsFile.Open(parsed.GetValue(settingsFile), Log);
            var reader = new SettingsReader(settings);
            var options = reader.Read<AgentOptions>("Agent");
            var rules = reader.Read<RuleSettings>("Rules");
            await using var opened = !source.IsGiven(parsed) ? null : await source.OpenAsync(parsed, time, cancellationToken);
            options = options with
            {
                Listen = parsed.GetValue(listen) is not { } address ? options.Listen
                    : Uri.TryCreate(address, UriKind.Absolute, out var url) ? url : throw new FormatException($"--listen '{AddressText.Shown(address)}' is no address; write e.g. http://127.0.0.1:5090."),
                TokenEnv = parsed.GetValue(token) ?? options.TokenEnv,
                Targets = opened?.Targets ?? options.Targets,
            };
            if (options.Targets.Count == 0 && LocalHyperV.Here.HasRole)
            {
                options = options with { Targets = [LocalHyperV.Here.Target] };
            }

            var mistakes = reader.With([.. options.Mistakes(), .. rules.Mistakes(), .. options.Targets.Count > 0 ? [] : new[] { "Agent:Targets names no host. Add one to the settings, or try --lab demo." }]);
            if (mistakes.Count > 0)
            {
                throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
            }

            await using var agent = await AgentHost.StartAsync(options, rules.With(opened?.Rules), time, services =>
            {
                services.AddSerilog(log => log.ReadFrom.Configuration(settings).Filter.ByExcluding(e => ListenProbe.IsTaken(e.Exception)));
                services.AddWindowsService().AddSystemd();
            }, cancellationToken);
            await output.WriteLineAsync($"Agent reads {options.Targets.Count} {(options.Targets.Count == 1 ? "host" : "hosts")} and listens at {agent.Url}");
            await agent.WaitAsync(cancellationToken);
            return 0;
        }, errors));
        return command;
    }
}
