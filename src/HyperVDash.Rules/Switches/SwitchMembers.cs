using System.Collections.Immutable;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Switches;

/// <summary>The physical adapters behind a switch: an uplink that is the adapter of a team gives way to the team's members.</summary>
/// <param name="Team">The team of Windows under the switch; null: none, or the teams are not known.</param>
/// <param name="IsComplete">Every adapter behind the switch was found.</param>
internal sealed record SwitchMembers(ImmutableArray<PhysicalAdapter> Adapters, NetworkTeam? Team, bool IsComplete)
{
    /// <summary>Reads <c>physicalNetwork</c>, which must have content.</summary>
    public static SwitchMembers Of(HostSubject host, VirtualSwitch one)
    {
        var network = host.Reading.PhysicalNetwork.Content!;
        var found = ImmutableArray.CreateBuilder<PhysicalAdapter>();
        NetworkTeam? under = null;
        bool isComplete = one.Uplinks is not null;
        foreach (var uplink in one.Uplinks ?? [])
        {
            if (TeamOf(network, uplink) is { } team)
            {
                under = team;
                var members = network.Items.Where(a => a.Name is not null && team.Members.Contains(a.Name, StringComparer.OrdinalIgnoreCase)).ToList();
                isComplete &= members.Count == team.Members.Length && members.Count > 0;
                found.AddRange(members);
            }
            else if (AdapterOf(network, uplink) is { } adapter)
            {
                found.Add(adapter);
            }
            else
            {
                isComplete = false;
            }
        }

        return new(found.ToImmutable(), under, isComplete);
    }

    private static NetworkTeam? TeamOf(PhysicalAdapterList network, SwitchUplink uplink)
    {
        // Two teams' adapters differ by a number at the end of their description, which the port repeats.
        var name = network.Items.FirstOrDefault(a => a.Id is not null && a.Id == uplink.AdapterId)?.Description ?? uplink.Description;
        return name is null ? null : (network.Teams ?? []).FirstOrDefault(t => t.Adapters.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    private static PhysicalAdapter? AdapterOf(PhysicalAdapterList network, SwitchUplink uplink) =>
        network.Items.FirstOrDefault(a => a.Id is not null && a.Id == uplink.AdapterId)
        ?? network.Items.FirstOrDefault(a => uplink.Description is not null && uplink.Description.Equals(a.Description, StringComparison.OrdinalIgnoreCase))
        ?? network.Items.FirstOrDefault(a => uplink.MacAddress is not null && uplink.MacAddress == a.MacAddress);

    /// <summary>What the driver calls the adapter, without the number that tells two of a kind apart; null: not said.</summary>
    public static string? ModelOf(PhysicalAdapter adapter)
    {
        if (adapter.Description is not { } text)
        {
            return null;
        }

        int at = text.LastIndexOf('#');
        return at > 0 && at < text.Length - 1 && text.AsSpan(at + 1).ContainsAnyExceptInRange('0', '9') is false ? text[..at].TrimEnd() : text;
    }

    /// <summary>Connection name, else the description.</summary>
    public static string NameOf(PhysicalAdapter adapter) => VisibleText.Of(adapter.Name ?? adapter.Description ?? "adapter");
}
