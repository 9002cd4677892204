using System.Collections.Immutable;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>LBFO teams with members and interfaces.</summary>
internal static class TeamReader
{
    public static ImmutableArray<NetworkTeam>? Read(TableSet tables)
    {
        var teams = tables[Plan.Teams];
        if (!teams.IsKnown)
        {
            return null;
        }

        var members = tables[Plan.LbfoMembers].Rows.ToLookup(m => m.String("Team") ?? "", StringComparer.OrdinalIgnoreCase);
        var interfaces = tables[Plan.TeamNics];
        var interfacesOf = interfaces.Rows.ToLookup(i => i.String("Team") ?? "", StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from row in teams.Rows
               let name = row.String("Name")
               where name is not null
               orderby name.ToUpperInvariant()
               select new NetworkTeam(name)
               {
                   Members = [.. members[name].Select(m => m.String("Name")).OfType<string>()],
                   Adapters = [.. interfacesOf[name].Select(i => i.String("InterfaceDescription")).OfType<string>()],
                   Mode = row.Int32("TeamingMode"),
                   LoadBalancing = row.Int32("LoadBalancingAlgorithm"),
                   Interfaces = interfaces.IsKnown ? [.. interfacesOf[name].Where(i => i.String("Name") is not null).Select(Interface)] : null,
               },
        ];
    }

    private static TeamInterface Interface(CimRow row) => new(Text.Cut(row.String("Name"))!, row.Boolean("Default"), row.Int32("VlanID"));
}
