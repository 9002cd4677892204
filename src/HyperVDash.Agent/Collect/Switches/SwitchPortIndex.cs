using System.Collections.Immutable;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Collect.Switches;

/// <summary>Which physical adapters and which host ports hang on each switch, gathered from several tables.</summary>
internal sealed class SwitchPortIndex
{
    private readonly Dictionary<string, SortedDictionary<string, SwitchUplink>> _uplinks = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _shared = new(StringComparer.OrdinalIgnoreCase);

    public ImmutableArray<SwitchUplink> UplinksOf(string switchId) => _uplinks.TryGetValue(switchId, out var uplinks) ? [.. uplinks.Values] : [];

    public bool IsShared(string switchId) => _shared.Contains(switchId);

    public void AddHost(string switchId) => _shared.Add(switchId);

    public void AddUplink(string switchId, string? device, Dictionary<string, SwitchUplink> adapters, NetworkMedium medium)
    {
        if (device is null)
        {
            return;
        }

        if (!_uplinks.TryGetValue(switchId, out var uplinks))
        {
            _uplinks.Add(switchId, uplinks = new(StringComparer.OrdinalIgnoreCase));
        }

        uplinks[device] = Adapter(device, adapters, medium);
    }

    /// <summary>A team's port gives way to its members, each with its own medium.</summary>
    public void ReplaceTeam(string teamDevice, IEnumerable<string> members, Dictionary<string, SwitchUplink> adapters)
    {
        var list = members.ToList();
        foreach (var uplinks in _uplinks.Values.Where(u => u.ContainsKey(teamDevice) && list.Count > 0))
        {
            uplinks.Remove(teamDevice);
            foreach (string member in list)
            {
                uplinks[member] = Adapter(member, adapters, NetworkMedium.Unknown);
            }
        }
    }

    /// <summary>The interface GUID in <c>Microsoft:{GUID}</c>; null if there is none.</summary>
    public static Guid? AdapterId(string device) =>
        Guid.TryParse(device.AsSpan(device.IndexOf(':', StringComparison.Ordinal) + 1), out var id) ? id : null;

    private static SwitchUplink Adapter(string device, Dictionary<string, SwitchUplink> adapters, NetworkMedium medium) =>
        adapters.GetValueOrDefault(device) ?? new SwitchUplink { AdapterId = AdapterId(device), Medium = medium };
}
