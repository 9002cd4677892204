using System.Collections.Immutable;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.Scenarios.Rows;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.Scenarios;

/// <summary>Writes a host's rows when it is first asked, and again whenever something has happened to it or to its cluster.</summary>
internal sealed class LivingHost
{
    private readonly LabScenario _scenario;
    private readonly string _name;
    private readonly ImmutableArray<Happening> _happenings;
    private HostTables? _tables;
    private string _written = "";
    private DateTimeOffset _movedTo;

    private LivingHost(LabScenario scenario, HostDescription host)
    {
        _scenario = scenario;
        _name = host.Name;
        _happenings = [.. scenario.Happenings.Where(h => h.Host == host.Name || (host.Cluster is not null && scenario.Description.NodesOf(host.Cluster).Any(n => n.Name == h.Host)))];
        Host = new LabHost(host.Name, LabRelease.Get(host.Variant is { } variant ? $"{host.Release}-{variant}" : host.Release)) { WindowsVersion = host.WindowsVersion, Refresh = Refresh };
        if (host.Cluster is not null)
        {
            Host.AddFeature("cluster");
        }

        foreach (var (role, feature) in ((uint, string)[])[(34, "nlb"), (13, "dns")])
        {
            if (host.Roles.Contains(role))
            {
                Host.AddFeature(feature);
            }
        }

        if (!host.HasHyperV)
        {
            Host.RemoveNamespace(HostTables.V1);
            Host.RemoveNamespace(HostTables.V2);
        }
    }

    private LabHost Host { get; }

    public static LabHost Create(LabScenario scenario, HostDescription host) => new LivingHost(scenario, host).Host;

    /// <summary>Called inside the host's gate.</summary>
    private void Refresh()
    {
        var now = _scenario.Now;
        string steps = string.Join(',', _happenings.Select(h => h.At(now - _scenario.StartedAt).Number));
        if (_tables is null || steps != _written)
        {
            var lab = _scenario.At(now);
            _tables = HostTables.Write(Host, lab.Hosts.Single(h => h.Name == _name), lab);
            _written = steps;
            _movedTo = default;
        }

        var clock = _scenario.Clock;
        if (clock != _movedTo)
        {
            _tables.MoveTo(clock, now);
            _movedTo = clock;
        }
    }
}
