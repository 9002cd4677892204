using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>Adapters, teams and IP settings of a host, from the classes the release has.</summary>
internal sealed class PhysicalNetworkReader() : SectionReader<PhysicalAdapterList>("physicalNetwork", r => r.PhysicalNetwork, (r, s) => r with { PhysicalNetwork = s })
{
    public override IEnumerable<TableQuery> Queries(HostFacts host) =>
    [
        Plan.Adapters, Plan.Teams, Plan.TeamNics, Plan.LbfoMembers, Plan.JumboPackets, Plan.VmqSettings, Plan.RssSettings, Plan.IpInterfaces, Plan.IpConfigurations,

        // Releases that have the newer class need not be asked what the older ones say.
        .. host.Build >= 9200 ? [] : new[] { Plan.OldAdapters, Plan.PhysicalMedia },
    ];

    protected override SectionResult<PhysicalAdapterList> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var adapters = tables[Plan.Adapters];
        if (adapters.IsRead)
        {
            return SectionResult<PhysicalAdapterList>.Read(
                new() { Items = AdapterReader.Read(tables), Teams = TeamReader.Read(tables), IpConfigurations = IpConfigurationReader.Read(tables) },
                [
                    Outcome.Gap("teams", tables[Plan.Teams]), Outcome.Gap("team members", tables[Plan.LbfoMembers]), Outcome.Gap("team interfaces", tables[Plan.TeamNics]),
                    Outcome.Gap("jumbo packets", tables[Plan.JumboPackets]), Outcome.Gap("VMQ", tables[Plan.VmqSettings]), Outcome.Gap("RSS", tables[Plan.RssSettings]),
                    Outcome.Gap("IP settings", tables[Plan.IpConfigurations]), Outcome.Gap("IP interfaces", tables[Plan.IpInterfaces]),
                ]);
        }

        if (!adapters.IsAbsent)
        {
            return SectionResult<PhysicalAdapterList>.Failed(adapters.Error!);
        }

        var media = tables[Plan.PhysicalMedia];
        return tables[Plan.OldAdapters].Error is { } error
            ? SectionResult<PhysicalAdapterList>.Failed(error)
            : SectionResult<PhysicalAdapterList>.Read(
                new() { Items = OldAdapterReader.Read(tables), IpConfigurations = IpConfigurationReader.Read(tables) },
                [media.IsRead ? null : $"media: {media.Error!.Message}", Outcome.Gap("IP settings", tables[Plan.IpConfigurations])]);
    }
}
