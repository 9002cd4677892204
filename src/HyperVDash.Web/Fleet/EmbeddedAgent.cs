using System.Security.Cryptography;
using HyperVDash.Agent.Commands;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Settings;
using HyperVDash.Agent.Targets;
using HyperVDash.Rules.Engine;
using Serilog;
using AgentSettings = HyperVDash.Agent.Serve.AgentOptions;

namespace HyperVDash.Web.Fleet;

/// <summary>
/// Finds the agents: those the settings name, else one in this process, which is talked to over HTTP like any other.
/// With no host configured it watches this computer if that is a Hyper-V host, else the demo lab.
/// </summary>
public sealed class EmbeddedAgent(WebOptions options, IConfiguration configuration, RuleBook rules, LocalHyperV local, TimeProvider time) : IAgentSource, IAsyncDisposable
{
    /// <summary>A free port of this machine; where an agent of its own would listen does not matter here.</summary>
    public static readonly Uri Anywhere = new("http://127.0.0.1:0");

    private AgentHost? _agent;
    private Source? _lab;

    public async Task<IReadOnlyList<AgentAddress>> StartAsync(CancellationToken cancellationToken)
    {
        // Mistakes were listed before anything started.
        var reader = new SettingsReader(configuration);
        rules.FromFile = reader.Read<RuleSettings>("Rules");
        if (options.Agents.Count > 0)
        {
            return [.. options.Agents.Select((a, i) => new AgentAddress(a.NameAt(i), a.Url!, a.EffectiveToken))];
        }

        var settings = reader.Read<AgentSettings>("Agent");
        if (settings.Targets.Count == 0 && !IsDemoAsked && local.HasRole)
        {
            settings = settings with { Targets = [local.Target] };
        }
        else if (settings.Targets.Count == 0)
        {
            _lab = await LabTargets.StartAsync(options.Demo, options.DemoFrozen, [], 0, time, cancellationToken);
            settings = settings with { Targets = _lab.Targets };
            rules.FromFile = rules.FromFile with { Tags = rules.FromFile.Tags.SetItems(_lab.Rules.Tags) };
        }

        string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        _agent = await AgentHost.StartAsync(
            settings with { Listen = Anywhere, Token = token }, rules.FromFile, time, services => services.AddSerilog(), cancellationToken);
        return [new AgentAddress("embedded", _agent.Url, token)];
    }

    public bool IsDemo => _lab is not null;

    private bool IsDemoAsked => configuration["Web:Demo"] is not null || configuration["Web:DemoFrozen"] is not null;

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }
}
