using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section roles (Win32_ServerFeature); the section is absent on client Windows.</summary>
public sealed record RoleList
{
    public ImmutableArray<Role> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Id">Win32_ServerFeature.ID: 20 is Hyper-V, 10 AD DS, 33 Failover Clustering.</param>
/// <param name="ParentId">The role a role service belongs to; 0 or null for a role.</param>
/// <param name="Name">Localised, for people only.</param>
public sealed record Role(int Id, int? ParentId, string? Name);
