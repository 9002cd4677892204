using System.Collections.Immutable;

namespace HyperVDash.Model.PhysicalNetwork;

/// <summary>Content of the section physicalNetwork: the host's network adapters and teams.</summary>
public sealed record PhysicalAdapterList
{
    public ImmutableArray<PhysicalAdapter> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>LBFO teams (MSFT_NetLbfoTeam); null where the release has none or they could not be read.</summary>
    public ImmutableArray<NetworkTeam>? Teams { get; init; }

    /// <summary>IP settings of all interfaces, virtual ones too; null: not read.</summary>
    public ImmutableArray<IpConfiguration>? IpConfigurations { get; init; }
}
